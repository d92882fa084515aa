"""The way of a question: ledger first, then whoever answers it; and what is made of the answer."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from dataflow.core import AnswerError, ImagePart, LLMServingABC, Request, Response, VideoPart, no_answer
from dataflow.core.message import Part
from dataflow.engine.counts import Counts
from dataflow.engine.digests import Digests
from dataflow.engine.in_flight import InFlight
from dataflow.engine.ledger import REFUSED_BY_OPERATOR, UNPARSED, VALID, Ledger
from dataflow.engine.ledger_row import Entry
from dataflow.engine.remote import Changed
from dataflow.serving.key import request_key

_log = logging.getLogger(__name__)

Parse = Callable[[Response], Any]

Located = dict[Part, tuple[ImagePart | VideoPart, str]]
"""Media as a sample names them -> where they are, and the digests of their contents."""


class Asker:
    """Answers the questions of one run.

    Args:
        ledger: every answer ever received.
        counts: where answers from the ledger are counted.
        questions: asks what the ledger does not know.
        digests: finds media.
        cache: the folder of the ledger, for files that operators make.
        since: answers older than this (seconds since the epoch) are not taken; 0 takes all.
    """

    def __init__(
        self,
        ledger: Ledger,
        counts: Counts,
        questions: InFlight,
        digests: Digests,
        cache: Path,
        since: float = 0.0,
    ) -> None:
        self.ledger = ledger
        self.cache = cache
        self._counts = counts
        self._questions = questions
        self._digests = digests
        self._since = since

    async def ask(
        self,
        serving: LLMServingABC,
        request: Request,
        parse: Parse | None,
        attempts: int,
        order: int,
        located: Located,
    ) -> tuple[bytes, Response]:
        """Answer a question, and check the answer where a parser is given.

        An answer that was once found to be none is replayed while `attempts` says so, and asked anew otherwise. What
        earlier runs got at later attempts counts whatever `attempts` says.

        Args:
            attempts: how many answers to this question may be asked for in all, earlier runs counted in.
            order: the place of the sample in the dataset.
            located: media of the sample that are found already; those of this question are added.

        Returns:
            The key, and the response with `data` set by the parser.

        Raises:
            AnswerError: the last allowed answer does not parse, or is none at all: a refusal, a text that the token
                limit ended before its first word. Such replies stay in the ledger too.
        """
        try:
            return await self._ask(serving, request, parse, attempts, order, located)
        except Changed as changed:
            _log.info("asked about what is there now: %s", changed)
            located.clear()
            return await self._ask(serving, request, parse, attempts, order, located)

    async def locate(self, part: ImagePart | VideoPart) -> tuple[ImagePart | VideoPart, str]:
        """A medium with its path resolved, and its content digest; see `core.Run.locate`."""
        return await self._digests.locate(part)

    async def _ask(
        self,
        serving: LLMServingABC,
        request: Request,
        parse: Parse | None,
        attempts: int,
        order: int,
        known: Located,
    ) -> tuple[bytes, Response]:
        request, digests = await self._resolve(request, known)
        key = request_key(serving, request, digests)
        for attempt in itertools.count():
            entry = self._known(key, attempt)
            if entry is not None and entry.verdict == REFUSED_BY_OPERATOR and not self._is_last(key, attempt, attempts):
                continue
            if entry is not None:
                self._questions.replayed(serving)
                response = entry.response
            else:
                response = await self._questions.ask(key, attempt, serving, request, digests, order)
            refused = no_answer(response)
            try:
                if refused is not None:
                    raise refused
                data = parse(response) if parse else None
            except AnswerError as error:
                self._judge(key, response, UNPARSED, entry)
                # A refusal that has come only now is for the operator to correct, not for this loop to ask again.
                if (refused is not None and entry is None) or self._is_last(key, attempt, attempts):
                    if error.raw is None:
                        error.raw = response.text
                    raise
            else:
                if entry is not None and entry.verdict == UNPARSED:
                    self._judge(key, response, VALID, entry)
                return key, replace(response, data=data) if parse else response
        raise AssertionError("attempts is at least 1")

    def _is_last(self, key: bytes, attempt: int, attempts: int) -> bool:
        return attempt + 1 >= attempts and self._find(key, attempt + 1) is None

    async def _resolve(self, request: Request, known: Located) -> tuple[Request, dict[Part, str]]:
        located: dict[Part, Part] = {}
        digests: dict[Part, str] = {}
        for part in request.media:
            if part not in located:
                if part not in known:
                    known[part] = await self._digests.locate(part)
                located[part], digests[known[part][0]] = known[part]
        if located:
            request = replace(request, messages=request.replace_parts(located))
        return request, digests

    def _known(self, key: bytes, attempt: int) -> Entry | None:
        entry = self._find(key, attempt)
        self._counts.from_ledger += entry is not None
        return entry

    def _find(self, key: bytes, attempt: int) -> Entry | None:
        entry = self.ledger.get(key, attempt)
        return entry if entry is not None and entry.created >= self._since else None

    def _judge(self, key: bytes, response: Response, verdict: str, entry: Entry | None) -> None:
        if (entry.verdict if entry else VALID) != verdict:
            self.ledger.judge(key, response.attempt, verdict)
        if self.ledger.failure is not None:
            raise self.ledger.failure
