"""The way of a question: ledger first, then the serving; the same question twice at once is asked once."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from dataflow.core import (
    AnswerError,
    DataFlowError,
    ImagePart,
    LLMServingABC,
    Request,
    Response,
    StopRun,
    VideoPart,
    no_answer,
)
from dataflow.core.message import Part
from dataflow.engine.budget import Budget
from dataflow.engine.counts import Counts
from dataflow.engine.digests import Digests
from dataflow.engine.key import request_key
from dataflow.engine.ledger import REFUSED_BY_OPERATOR, UNPARSED, VALID, Entry, Ledger
from dataflow.engine.remote import Changed, Remote

Parse = Callable[[Response], Any]

Located = dict[Part, tuple[ImagePart | VideoPart, str]]
"""Media as a sample names them -> where they are, and the digests of their contents."""


class Asker:
    """Answers the questions of one run.

    Args:
        ledger: every answer ever received.
        counts: where answers from the ledger are counted.
        budget: counts what is asked, and says when to stop.
        bases: the folders against which relative media paths are tried.
        remote: fetches media behind URLs.
        cache: the folder of the ledger, for files that operators make.
        since: answers older than this (seconds since the epoch) are not taken; 0 takes all.
    """

    def __init__(
        self,
        ledger: Ledger,
        counts: Counts,
        budget: Budget,
        bases: tuple[Path, ...],
        remote: Remote,
        cache: Path,
        since: float = 0.0,
    ) -> None:
        self.ledger = ledger
        self.cache = cache
        self.stopping: DataFlowError | None = None
        self._counts = counts
        self._budget = budget
        self._since = since
        self._digests = Digests(ledger, bases, remote)
        self._remote = remote
        self._in_flight: dict[tuple[bytes, int], asyncio.Future[Response]] = {}

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
        except Changed:
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
            response = entry.response if entry else await self._fetch(key, attempt, serving, request, digests, order)
            refused = no_answer(response)
            try:
                if refused is not None:
                    raise refused
                data = parse(response) if parse else None
            except AnswerError as error:
                self._store(key, response, UNPARSED, entry)
                # A refusal that has come only now is for the operator to correct, not for this loop to ask again.
                if (refused is not None and entry is None) or self._is_last(key, attempt, attempts):
                    if error.raw is None:
                        error.raw = response.text
                    raise
            else:
                if entry is None or entry.verdict == UNPARSED:
                    self._store(key, response, VALID, entry)
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

    async def _fetch(
        self,
        key: bytes,
        attempt: int,
        serving: LLMServingABC,
        request: Request,
        digests: Mapping[Part, str],
        order: int,
    ) -> Response:
        if (going := self._in_flight.get((key, attempt))) is not None:
            self._counts.from_ledger += 1
            return replace(await asyncio.shield(going), fresh=False)
        if self.stopping is not None:
            raise self.stopping
        self._budget.begin()
        response: Response | None = None
        future: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        self._in_flight[key, attempt] = future
        try:
            asked = replace(await self._remote.fill(request, digests), key=key + attempt.to_bytes(4, "big"))
            response = await serving.answer(asked, order=order)
            if attempt:
                response = replace(response, attempt=attempt)
        except BaseException as error:
            if isinstance(error, StopRun) and self.stopping is None:
                self.stopping = error
            future.set_exception(error)
            future.exception()  # looked at, or asyncio would complain where nobody else waits
            raise
        else:
            future.set_result(response)
        finally:
            del self._in_flight[key, attempt]
            self._budget.end(serving, response)
        return response

    def _store(self, key: bytes, response: Response, verdict: str, entry: Entry | None) -> None:
        if response.fresh:
            self.ledger.put(key, response, verdict)
        elif entry is not None and entry.verdict != verdict:
            self.ledger.judge(key, response.attempt, verdict)
        if self.ledger.failure is not None:
            raise self.ledger.failure
