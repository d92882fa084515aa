"""Takes a sample through the operators as a run would, asking nothing: which questions there would be, and what of them
would be sent."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn

from dataflow.core import (
    DataFlowError,
    ImagePart,
    LLMServingABC,
    MediaError,
    Rejection,
    Request,
    Sample,
    SampleError,
    Step,
    TransientError,
    VideoPart,
)
from dataflow.core.causes import said_by
from dataflow.core.message import Part
from dataflow.engine.brief import brief
from dataflow.engine.columns import require_fields
from dataflow.engine.outcome import outcome_of
from dataflow.engine.servings import servings_of
from dataflow.serving.as_sent import SentMessage, as_sent
from dataflow.storage.paths import is_url
from dataflow.storage.places import MediaPlaces


@dataclass(frozen=True, slots=True)
class Planned:
    """A question that a run would ask.

    Args:
        operator: who asks it.
        serving: who would answer.
        request: the question, media where they lie.
        sent: what of it reaches the model.
        times: how many questions of this kind follow one another, this one counted.
    """

    operator: str
    serving: LLMServingABC
    request: Request
    sent: Sequence[SentMessage]
    times: float = 1.0


@dataclass(frozen=True, slots=True)
class Failure:
    """A sample that a run would set aside, as its failures file would say it."""

    id: Any
    operator: str | None
    kind: str
    message: str


@dataclass(slots=True)
class Rehearsed:
    """What came of one sample.

    Args:
        planned: the questions.
        failures: why it would fail.
        unforeseen: some questions depend on what an earlier step makes and are not known.
    """

    planned: list[Planned] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    unforeseen: bool = False


def assumed(column: str, operator: str) -> str:
    """What stands in a column whose answer is not there yet."""
    return f"[{column}, as {operator} will have written it]"


_ASSUMED = re.compile(r"\[[^\[\]]{1,200}, as \w{1,200} will have written it\]")


def assumed_in(text: str) -> int:
    """How many answers that are not there yet stand in a text."""
    return len(_ASSUMED.findall(text))


async def rehearse(
    steps: Sequence[Step], sample: Sample, places: MediaPlaces, folder: Path, *, read: bool
) -> Rehearsed:
    """Take one sample through all operators.

    Args:
        steps: the operators in order, keys bound.
        sample: the row.
        places: where media are looked for.
        folder: where operators may make files; thrown away afterwards.
        read: decode videos, to know to the byte what would be sent.

    Raises:
        DataFlowError: what would end a run rather than fail the sample.
    """
    found = Rehearsed()
    await _through(steps, sample, found, _Place(places, folder, read), answered=True)
    return found


@dataclass(frozen=True, slots=True)
class _Place:
    media: MediaPlaces
    folder: Path
    read: bool


async def _through(steps: Sequence[Step], sample: Sample, found: Rehearsed, place: _Place, *, answered: bool) -> None:
    """The way of a sample through the steps that are left.

    Args:
        answered: everything in the sample is really there; False once a column holds what is assumed.
    """
    for number, step in enumerate(steps):
        run = _Run(step, place, found)
        try:
            require_fields(step, sample)
            outcome = await outcome_of(step, sample, run)
        except _NoAnswerYet:
            await run.all_looked_at()
            answered = False
            columns = step.columns("output")
            sample = {**sample, **{column: assumed(column, step.name) for column in columns}}
            continue
        except _NotFetched:
            found.unforeseen = True
            return
        except Exception as error:
            if isinstance(error, DataFlowError) and not isinstance(error, SampleError | TransientError):
                raise
            if answered or isinstance(error, MediaError):
                found.failures.append(_failure(sample, step, error))
            else:  # a step that reads an answer, which is not there yet
                found.unforeseen |= any(servings_of(later) for later in steps[number:])
            return
        if isinstance(outcome, Rejection):
            return
        if isinstance(outcome, list):
            for child in outcome:
                await _through(steps[number + 1 :], child, found, place, answered=answered)
            return
        sample = outcome


def _failure(sample: Sample, step: Step, error: Exception) -> Failure:
    known = isinstance(error, SampleError | TransientError)
    message = said_by(error) if known else f"{step.name} raised {type(error).__name__}: {said_by(error)}"
    return Failure(sample["id"], step.name, getattr(error, "kind", "operator"), brief(message))


class _NoAnswerYet(BaseException):
    """A question was reached; there is no answer to go on with. No operator that handles errors handles this one."""


class _NotFetched(BaseException):
    """An operator needs a file that lies on the network."""


class _Run:
    """The way to ask that only looks at the questions; implements `core.Run`."""

    def __init__(self, step: Step, place: _Place, found: Rehearsed) -> None:
        self._step = step
        self._place = place
        self._found = found
        self._mine: list[Planned] = []
        self._looking = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def ask(self, serving: LLMServingABC, request: Request, parse: Any = None) -> NoReturn:
        self._looking += 1
        self._idle.clear()
        try:
            parts: dict[Part, Part] = {part: self._found_part(part) for part in request.media}
            located = replace(request, messages=request.replace_parts(parts))
            sent = await as_sent(serving, located, read=self._place.read)
            self._mine.append(Planned(self._step.name, serving, located, sent))
        finally:
            self._looking -= 1
            if not self._looking:
                self._idle.set()
        raise _NoAnswerYet

    async def all_looked_at(self) -> None:
        """Wait for questions that were put at the same time, and share out what the operator says it will ask."""
        await self._idle.wait()
        times = max(1.0, self._step.operator.questions() / max(1, len(self._mine)))
        self._found.planned += [replace(one, times=times) for one in self._mine]

    async def locate(self, part: ImagePart | VideoPart) -> tuple[ImagePart | VideoPart, str]:
        """The medium where it lies; its path stands for the digest of its content."""
        found = self._found_part(part)
        if isinstance(found.source, bytes):
            return found, ""
        if isinstance(found, VideoPart) and is_url(found.source):
            raise _NotFetched
        return found, found.source

    def _found_part(self, part: ImagePart | VideoPart) -> ImagePart | VideoPart:
        if isinstance(part.source, bytes) or is_url(part.source):
            return part
        return replace(part, source=self._place.media.find(part.source))

    def take_extra(self) -> bool:
        """Nothing is answered, so nothing is corrected."""
        return False

    def folder(self, name: str) -> Path:
        return self._place.folder / name

    def note(self, **facts: Any) -> None:
        """Nothing is noted for what is not done."""
