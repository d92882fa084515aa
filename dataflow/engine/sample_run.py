"""What an operator is handed while it works on one sample: a way to ask, and a place for notes."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dataflow.core import ImagePart, LLMServingABC, Request, Response, VideoPart
from dataflow.engine.asker import Asker, Located, Parse
from dataflow.engine.ledger import REFUSED_BY_OPERATOR

_log = logging.getLogger(__name__)

MOST_EXTRA = 2
"""Questions beyond the planned ones, corrections and top-ups, that a sample gets over all operators."""


@dataclass(slots=True)
class Extras:
    """How many further questions a sample may still be given; shared by the operators it goes through."""

    left: int = MOST_EXTRA


class SampleRun:
    """One operator's work on one sample; implements `core.Run`.

    Args:
        asker: answers the run's questions.
        operator: the operator's name, for the trace.
        order: the place of the sample in the dataset.
        attempts: how many answers to one question may be asked for, earlier runs counted in.
        extras: what the sample may still be asked beyond its planned questions.
    """

    def __init__(self, asker: Asker, operator: str, order: int, attempts: int, extras: Extras) -> None:
        self.trace: list[dict[str, Any]] = []
        self.notes: dict[str, Any] = {}
        self._asker = asker
        self._operator = operator
        self._order = order
        self._attempts = attempts
        self._extras = extras
        self._asked: list[tuple[bytes, int]] = []
        self._located: Located = {}

    async def ask(self, serving: LLMServingABC, request: Request, parse: Parse | None = None) -> Response:
        key, response = await self._asker.ask(serving, request, parse, self._attempts, self._order, self._located)
        self._asked.append((key, response.attempt))
        self.trace.append(_line(self._operator, request, response))
        return response

    async def locate(self, part: ImagePart | VideoPart) -> tuple[ImagePart | VideoPart, str]:
        if part not in self._located:
            self._located[part] = await self._asker.locate(part)
        return self._located[part]

    def take_extra(self) -> bool:
        if self._extras.left == 0:
            return False
        self._extras.left -= 1
        _log.info("row %d of the input is asked once more by %s", self._order + 1, self._operator)
        return True

    def folder(self, name: str) -> Path:
        return self._asker.cache / name

    def note(self, **facts: Any) -> None:
        self.notes.update(facts)

    def refuse_answers(self) -> None:
        """Mark the last answer as no answer: the operator failed on it after it had parsed."""
        if self._asked:
            self._asker.ledger.judge(*self._asked[-1], REFUSED_BY_OPERATOR)


def _line(operator: str, request: Request, response: Response) -> dict[str, Any]:
    line: dict[str, Any] = {
        "operator": operator,
        "prompt": request.prompt,
        "model": response.model,
        "input_tokens": response.usage.input_tokens,
        "output_tokens": response.usage.output_tokens,
        "latency": round(response.latency, 4),
        "source": "fresh" if response.fresh else "ledger",
        "attempt": response.attempt,
    }
    if response.truncated:
        line["truncated"] = True
    if response.reasoning:
        line["reasoning"] = response.reasoning
    if response.media:
        line["media"] = list(response.media)
    return line
