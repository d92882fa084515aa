"""What the servings of local models share: requests are made ready here and answered in the engine's process."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from dataflow.core import Bill, DataFlowError, Request, Response, Usage
from dataflow.media.image_limits import KNOWN_FORMATS, ImageLimits, checked_pixels
from dataflow.parsing.reasoning import split_reasoning
from dataflow.serving.base import ServingBase
from dataflow.serving.key import request_key, schema_of
from dataflow.serving.local.keeper import EngineKeeper
from dataflow.serving.local.model_input import INPUT_VERSION, MediaInput, load_media, turns_of_request
from dataflow.serving.local.weights import model_identity

COUNTS = ("read", "written", "cached", "media")
"""What an engine counted over a request, in tokens: read, written, read from the prefix cache, and where media lie."""

_asking: ContextVar[tuple[int, Bill | None]] = ContextVar("asking", default=(0, None))
"""The place of the sample whose request is under way, and who pays for it."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A request as the engine takes it, and what the trace says of its media."""

    request: Request
    job: Mapping[str, Any]
    shown: tuple[Mapping[str, Any], ...]


class LocalServing(ServingBase):
    """A model on this machine.

    Args:
        model: a model folder, or a name on the hub.
        cache_dir: where hub downloads are kept.
        local_dir: a folder to download the model into.
        params: generation parameters under their standard names; None leaves one out.
        max_workers: requests in flight at most.
        max_side: the longer side of images, in pixels; larger ones are scaled down.
        video_max_side: the same for the frames of videos.
        max_image_pixels: an image of more is read at reduced scale where its format can, and fails otherwise.
    """

    engine: str
    """The class that runs the model, `module:Class`."""

    environment: Mapping[str, str] = {}
    """Variables of the engine's process, where the user has not set them."""

    def __init__(
        self,
        model: str,
        cache_dir: str | None,
        local_dir: str | None,
        params: Mapping[str, Any],
        max_workers: int,
        max_side: int,
        video_max_side: int,
        max_image_pixels: int,
    ) -> None:
        super().__init__(max_workers)
        self.hf_model_name_or_path = model
        self.hf_cache_dir = cache_dir
        self.hf_local_dir = local_dir
        self.max_side = max_side
        self.video_max_side = video_max_side
        self.image_limits = ImageLimits(max_side, checked_pixels(max_image_pixels), formats=KNOWN_FORMATS)
        self._params = {name: value for name, value in params.items() if value is not None}
        self._known_as: Mapping[str, str] | None = None
        self._keeper: EngineKeeper | None = None

    @abstractmethod
    def settings(self) -> Mapping[str, Any]:
        """What the engine is started with, beside the model."""

    @abstractmethod
    def check(self) -> None:
        """See whether the engine can be there at all.

        Raises:
            PrerequisiteError: it is not installed; the message is the cure.
        """

    @property
    def params(self) -> Mapping[str, Any]:
        return self._params

    @property
    def identity(self) -> Mapping[str, Any]:
        if self._known_as is None:
            self._known_as = model_identity(self.hf_model_name_or_path)
        return {
            **self._known_as,
            "input": INPUT_VERSION,
            "max_side": self.max_side,
            "video_max_side": self.video_max_side,
        }

    @property
    def engine_pid(self) -> int | None:
        """The process that the model runs in, where it is running."""
        return self._keeper.pid if self._keeper is not None else None

    async def generate(self, request: Request) -> Response:
        response, _ = await self.attempt(await self.prepare(request), "here")
        return response

    async def answer(self, request: Request, *, order: int = 0, bill: Bill | None = None) -> Response:
        _asking.set((order, bill))
        return await super().answer(request, order=order, bill=bill)

    async def prepare(self, request: Request) -> Ready:
        if self._keeper is None:
            self.check()
        media: dict[Any, MediaInput] = {}
        for part in request.media:
            if part not in media:
                media[part] = await load_media(part, self.image_limits, self.video_max_side)
        params = {name: value for name, value in {**self._params, **request.params}.items() if value is not None}
        own = request.params.get("seed")
        params.pop("seed", None)
        job = {
            "turns": turns_of_request(request, media),
            "media": {found.name: found.sent for found in media.values()},
            "params": params,
            "seed": own if own is not None else self._seed(request, media),
            "schema": schema_of(request),
            "order": _asking.get()[0],
        }
        return Ready(request, job, tuple(found.shown for found in media.values() if found.shown))

    def _seed(self, request: Request, media: Mapping[Any, MediaInput]) -> int:
        """The seed for sampling an answer: the same whenever the same question is asked, another for another attempt.

        The serving's own seed is among its parameters, and so in the key.
        """
        key = request.key or request_key(self, request, {part: found.name for part, found in media.items()})
        return int.from_bytes(blake2b(key, digest_size=8).digest(), "big") >> 1

    async def attempt(self, ready: Ready, endpoint: str) -> tuple[Response, Mapping[str, str]]:
        reply = await self._kept().ask(ready.job, _asking.get()[1])
        told: dict[str, str] = {name: str(reply[name]) for name in COUNTS if name in reply}
        return self._response(reply, ready), told

    def _response(self, reply: Mapping[str, Any], ready: Ready) -> Response:
        text, thought = split_reasoning(reply["text"])
        return Response(
            text=text,
            reasoning=thought,
            finish_reason=reply["finish"],
            usage=Usage(reply["read"], reply["written"], min(reply["read"], reply.get("cached", 0))),
            model=str(self.identity["model"]),
            latency=reply["seconds"],
            media=ready.shown,
        )

    def _kept(self) -> EngineKeeper:
        if self._keeper is None:
            model = {
                "model": self.hf_model_name_or_path,
                "cache_dir": self.hf_cache_dir,
                "local_dir": self.hf_local_dir,
            }
            self._keeper = EngineKeeper.shared(self.engine, self.environment, {**model, **self.settings()})
        return self._keeper

    def give_up(self, reason: DataFlowError, bill: Bill | None = None) -> None:
        super().give_up(reason, bill)
        if self._keeper is not None:
            self._keeper.give_up(reason, bill)

    async def metrics(self) -> dict[str, Any]:
        """What the engine has counted since it was started, by its own names."""
        return await self._kept().metrics()

    async def close(self) -> None:
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            await keeper.close()

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "_keeper": None}
