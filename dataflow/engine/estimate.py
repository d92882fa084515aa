"""What a run would ask, without asking: samples, frames and tokens, estimated on the first of the dataset."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path
from typing import Any, NoReturn

from dataflow.core import (
    AnswerError,
    BadRow,
    DataFlowError,
    ImagePart,
    LLMServingABC,
    Rejection,
    Request,
    Sample,
    Step,
    TextPart,
    VideoPart,
)
from dataflow.engine.runner import servings_of
from dataflow.storage.paths import is_url, resolve_media

LOOKED_AT = 200
CHARACTERS_PER_TOKEN = 4
ANSWER_TOKENS = 250
"""What an answer is taken to cost where no max_tokens bounds it lower: about that of a detailed caption."""

FRAME_SIDE = 448

REMOTE_SIDE = 1024
"""Pixels that an image behind a URL is taken to have in both directions: nothing is fetched for an estimate."""


@dataclass(slots=True)
class Estimate:
    """What a run would ask.

    Args:
        samples: in the whole input, or None where only reading it all would tell.
        looked_at: samples that the figures were made on.
        requests: questions, for the samples looked at.
        images: images shown.
        frames: frames of videos shown.
        input_tokens: tokens read, by the published rules for Qwen-style models.
        output_tokens: tokens written, at a guess.
        problems: samples whose media cannot be read.
        unforeseen: samples with questions that depend on what an earlier step makes, which are not counted.
    """

    samples: int | None = None
    looked_at: int = 0
    requests: int = 0
    images: int = 0
    frames: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    problems: int = 0
    unforeseen: int = 0

    def whole(self) -> Estimate:
        """The figures scaled from the samples looked at to the whole input."""
        if not self.looked_at or self.samples is None or self.samples <= self.looked_at:
            return self
        scale = self.samples / self.looked_at
        numbers = {
            name: round(getattr(self, name) * scale)
            for name in ("requests", "images", "frames", "input_tokens", "output_tokens", "problems", "unforeseen")
        }
        return replace(self, **numbers)


async def estimate(
    steps: Sequence[Step], rows: Iterator[Sample | BadRow], samples: int | None, bases: tuple[Path, ...]
) -> Estimate:
    """Go through the first samples of a dataset as a run would, asking nothing."""
    found = Estimate(samples)
    for row in itertools.islice(rows, LOOKED_AT):
        found.looked_at += 1
        if isinstance(row, BadRow):
            found.problems += 1
            continue
        sample = row
        for number, step in enumerate(steps):
            planned = _Planned(found, bases, step.operator.questions())
            try:
                outcome = await step.operator.process(sample, step.keys, planned)
                sample = outcome if isinstance(outcome, dict) else sample
                if isinstance(outcome, Rejection):
                    break
            except _Asked:
                # What comes after sees an answer of the usual length in the column that this step would have filled.
                sample = {**sample, **dict.fromkeys(step.columns("output"), "x" * ANSWER_TOKENS * CHARACTERS_PER_TOKEN)}
            except AnswerError:  # a step that reads an answer, or makes files, which are not there yet
                found.unforeseen += any(servings_of(later) for later in steps[number:])
                break
            except DataFlowError:
                found.problems += 1
                break
    if samples is None and found.looked_at < LOOKED_AT:
        found.samples = found.looked_at
    return found


class _Asked(Exception):
    """A question was reached; there is no answer to go on with."""


class _Planned:
    """The way to ask that only counts; implements `core.Run`."""

    def __init__(self, found: Estimate, bases: tuple[Path, ...], questions: int) -> None:
        self._found = found
        self._bases = bases
        self._questions = questions

    async def ask(self, serving: LLMServingABC, request: Request, parse: Any = None) -> NoReturn:
        once = Estimate(requests=1)
        for part in (part for message in request.messages for part in message.parts):
            if isinstance(part, TextPart):
                once.input_tokens += ceil(len(part.text) / CHARACTERS_PER_TOKEN)
            elif isinstance(part, ImagePart):
                await self._image(part, once)
            else:
                await self._video(part, once)
        longest = {**serving.params, **request.params}.get("max_tokens")
        once.output_tokens = min(ANSWER_TOKENS, longest) if longest else ANSWER_TOKENS
        for name in ("requests", "images", "frames", "input_tokens", "output_tokens"):
            setattr(self._found, name, getattr(self._found, name) + self._questions * getattr(once, name))
        raise _Asked

    async def locate(self, part: ImagePart | VideoPart) -> tuple[ImagePart | VideoPart, str]:
        """The medium where it lies; one behind a URL is not fetched."""
        if isinstance(part.source, bytes) or is_url(part.source):
            return part, ""
        return replace(part, source=resolve_media(part.source, self._bases)), ""

    def take_extra(self) -> bool:
        """Nothing is answered, so nothing is corrected."""
        return False

    def folder(self, name: str) -> Path:
        """No operator makes files for an estimate."""
        raise AnswerError(f"the folder {name} is not there in an estimate")

    def note(self, **facts: Any) -> None:
        """Nothing is noted for what is not done."""

    async def _image(self, part: ImagePart, once: Estimate) -> None:
        import asyncio

        from dataflow.media.image import is_data_url, load_image
        from dataflow.media.tokens import image_tokens

        if isinstance(part.source, str) and is_url(part.source) and not is_data_url(part.source):
            once.images += 1
            once.input_tokens += image_tokens(REMOTE_SIDE, REMOTE_SIDE)
            return
        source = part.source if isinstance(part.source, bytes) else resolve_media(part.source, self._bases)
        image = await asyncio.to_thread(load_image, source)
        once.images += 1
        once.input_tokens += image_tokens(image.width, image.height)

    async def _video(self, part: VideoPart, once: Estimate) -> None:
        from dataflow.media.frame_encode import fit_size
        from dataflow.media.frames import media_info
        from dataflow.media.plan import Fps, Keyframes, Shots, Uniform, parse_plan
        from dataflow.media.tokens import video_tokens

        info = await media_info(resolve_media(part.source, self._bases))
        plan = parse_plan(part.sampling)
        most = info.frames or 1
        match plan:
            case Uniform(count):
                frames = min(count, most)
            case Fps(rate, limit):
                frames = min(limit, ceil((info.duration or 0) * rate) or 1, most)
            case Keyframes(limit) | Shots(_, limit):
                frames = min(limit, most)
        width, height = fit_size(info.width, info.height, FRAME_SIDE)
        once.frames += frames
        once.input_tokens += video_tokens(width, height, frames)
