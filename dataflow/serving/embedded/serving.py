"""The embedded serving: the default where there is no key, no GPU and no network."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dataflow.core import Request, Response, Usage
from dataflow.core.endpoint_state import HERE
from dataflow.media.image_limits import MAX_IMAGE_PIXELS, ImageLimits, checked_pixels
from dataflow.serving.base import ServingBase
from dataflow.serving.embedded.facts import Facts, VideoFacts
from dataflow.serving.embedded.measurements import Measurements

VERSION = 1
"""Part of the ledger key. Raise it when the same input would be answered in other words."""

CHARACTERS_PER_TOKEN = 4
"""The usual estimate for English text; nothing here has a tokenizer."""


class EmbeddedVLMServing(ServingBase):
    """Answers from what it measures in the decoded pixels. No weights, no randomness: same input, same words.

    It describes pictures and videos, writes question-answer pairs and articles, fills schemas, and answers questions
    about light, colour, motion and time; of everything else it says that it does not know. A caption of its own in the
    prompt serves in place of the video. Usage is estimated from the text, at four characters a token; media cost none.
    Under `max_tokens` free text ends with the last sentence that fits; an answer under a schema is never cut.

    Args:
        max_workers: requests in flight at most; twice the number of cores unless told.
        max_image_pixels: an image of more is read at reduced scale where its format can, and fails otherwise.
    """

    def __init__(self, max_workers: int | None = None, max_image_pixels: int = MAX_IMAGE_PIXELS) -> None:
        super().__init__(max_workers or 2 * (os.cpu_count() or 1))
        self.image_limits = ImageLimits(max_image_pixels=checked_pixels(max_image_pixels))
        self._measurements: Measurements | None = None

    @property
    def identity(self) -> Mapping[str, Any]:
        return {"serving": "embedded", "model": "embedded", "version": VERSION}

    async def generate(self, request: Request) -> Response:
        response, _ = await self.attempt(await self.prepare(request), HERE)
        return response

    async def prepare(self, request: Request) -> _Measured:
        started = time.perf_counter()
        if self._measurements is None:
            self._measurements = Measurements(self.image_limits.max_image_pixels)
        return _Measured(request, [await self._measurements.of(part) for part in request.media], started)

    async def attempt(self, ready: _Measured, endpoint: str) -> tuple[Response, Mapping[str, str]]:
        from dataflow.serving.embedded.answer import answer

        request = ready.request
        text = answer(request, ready.facts)
        finish = "stop"
        limit = request.params.get("max_tokens")
        if request.schema is None and limit is not None and tokens(text) > limit:
            text, finish = _cut(text, int(limit)), "length"
        asked = sum(len(message.text) for message in request.messages)
        response = Response(
            text,
            finish_reason=finish,
            usage=Usage(-(-asked // CHARACTERS_PER_TOKEN), tokens(text)),
            model="embedded",
            latency=time.perf_counter() - ready.started,
            media=tuple(_shown(part.source, found) for part, found in zip(request.media, ready.facts, strict=True)),
        )
        return response, {}

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "_measurements": None}


@dataclass(frozen=True, slots=True)
class _Measured:
    """A request with the facts of its media, in their order, and when it was begun."""

    request: Request
    facts: list[Facts]
    started: float


def tokens(text: str) -> int:
    """How many tokens a text is taken to have."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)


def _cut(text: str, limit: int) -> str:
    """As many whole sentences as fit; at least the words of the first that do."""
    fitting = text[: limit * CHARACTERS_PER_TOKEN]
    ends = [match.end() for match in re.finditer(r"[.!?](?=\s|$)", fitting)]
    return fitting[: ends[-1]] if ends else fitting.rsplit(" ", 1)[0]


def _shown(source: str | bytes, facts: Facts) -> dict[str, Any]:
    """What was looked at. Of a video that is every frame; the times are the middles of its shots."""
    name = f"{len(source)} bytes" if isinstance(source, bytes) else source[:200]
    if isinstance(facts, VideoFacts):
        return {"video": name, "times": [round((shot.start + shot.end) / 2, 3) for shot in facts.shots]}
    return {"image": name}
