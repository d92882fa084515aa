"""What of a request reaches a model: its words, and of images and videos the size at which they are sent. For showing
and for estimates; nothing is asked here, and nothing is fetched."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from dataflow.core import ImagePart, LLMServingABC, Request, TextPart, VideoPart
from dataflow.core.message import Part
from dataflow.media.image_limits import ImageLimits
from dataflow.storage.paths import is_url

if TYPE_CHECKING:
    from dataflow.media.plan import Plan
    from dataflow.media.probe import MediaInfo

VIDEO_MAX_SIDE = 448
"""Pixels of the longer side of a frame, where a serving does not say its own."""


@dataclass(frozen=True, slots=True)
class SentText:
    """Words."""

    text: str


@dataclass(frozen=True, slots=True)
class SentImage:
    """An image.

    Args:
        name: its path, address, or what it is made of.
        width: pixels as sent; 0 for one on the network, which is not fetched.
        height: likewise.
        size: bytes as sent.
    """

    name: str
    width: int = 0
    height: int = 0
    size: int = 0


@dataclass(frozen=True, slots=True)
class SentVideo:
    """A video.

    Args:
        name: its path or address.
        frames: how many of it the model sees; 0 for one on the network.
        width: pixels of a frame as sent.
        height: likewise.
        times: when the frames are shown, in seconds; empty where they were counted and not read.
        size: bytes of all frames, or of the file where that is sent; 0 where they were not read.
        told: words that go with it.
        whole: sent as one video and not as images.
    """

    name: str
    frames: int = 0
    width: int = 0
    height: int = 0
    times: tuple[float, ...] = ()
    size: int = 0
    told: str = ""
    whole: bool = False


Sent = SentText | SentImage | SentVideo


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A turn as the model gets it."""

    role: str
    parts: tuple[Sent, ...]


async def as_sent(serving: LLMServingABC, request: Request, *, read: bool) -> list[SentMessage]:
    """What a serving would send.

    Args:
        serving: who would be asked.
        request: the question, media where they lie.
        read: decode videos for their true frames and bytes; otherwise their frames are only counted.

    Raises:
        MediaError: an image or video is missing, broken or over a limit.
    """
    known: dict[Part, Sent] = {}
    messages = []
    for message in request.messages:
        for part in message.parts:
            if part not in known:
                known[part] = await _sent(serving, part, read)
        messages.append(SentMessage(message.role, tuple(known[part] for part in message.parts)))
    return messages


async def _sent(serving: LLMServingABC, part: Part, read: bool) -> Sent:
    if isinstance(part, TextPart):
        return SentText(part.text)
    if isinstance(part, ImagePart):
        return await _image(part, getattr(serving, "image_limits", None) or ImageLimits())
    if is_url(part.source):
        return SentVideo(part.source)
    return await _video(serving, part, read)


async def _image(part: ImagePart, limits: ImageLimits) -> SentImage:
    from dataflow.media.image import is_data_url
    from dataflow.media.image_job import fitted_image

    if isinstance(part.source, bytes):
        name = f"an image of {len(part.source):,} bytes"
    else:
        inline = is_data_url(part.source)
        name = "an image in a data: URL" if inline else part.source
        if is_url(part.source) and not inline:
            return SentImage(name)
    found = await fitted_image(part.source, limits)
    return SentImage(name, found.width, found.height, len(found.data))


async def _video(serving: LLMServingABC, part: VideoPart, read: bool) -> SentVideo:
    from dataflow.media.frame_encode import fit_size
    from dataflow.media.frames import media_info
    from dataflow.media.plan import parse_plan
    from dataflow.serving.media_input import frames, whole_video

    max_side = getattr(serving, "video_max_side", VIDEO_MAX_SIDE)
    kind = str(serving.identity.get("serving", ""))
    as_file = getattr(serving, "video_as", "frames") == "video_url"
    if read and not as_file:
        video = await frames(part, max_side)
        times = [frame.time for frame in video.frames]
        first, size = video.frames[0], sum(len(frame.data) for frame in video.frames)
        count, width, height, duration = len(times), first.width, first.height, video.duration
    else:
        plan = parse_plan(part.sampling)
        info = await media_info(part.source)
        count, duration = await _frame_count(part.source, plan, info), info.duration
        width, height = fit_size(info.width, info.height, max_side)
        times, size = [(number + 0.5) * duration / count for number in range(count)], 0
        if as_file:
            # the endpoint chooses its frames; as many as our plan takes are the best guess
            data = (await asyncio.to_thread(whole_video, part.source))[1] if read else b""
            return SentVideo(part.source, count, width, height, size=len(data), whole=True)
    told = told_with(kind, times, duration)
    shown = tuple(round(time, 3) for time in times) if read else ()
    return SentVideo(part.source, count, width, height, shown, size, told, kind in IN_PROCESS)


IN_PROCESS = ("vllm", "transformers")
"""Servings that hand a video to the model as one."""


def told_with(kind: str, times: Sequence[float], duration: float) -> str:
    """The words that a serving of this kind puts around the frames of a video."""
    if kind in IN_PROCESS:
        from dataflow.serving.local.model_input import told

        return told(times, duration)
    from dataflow.serving.openai_api.body import frames_content

    parts = frames_content(times, [b""] * len(times), duration)
    return "\n".join(part["text"] for part in parts if part["type"] == "text")


async def _frame_count(source: str, plan: Plan, info: MediaInfo) -> int:
    """How many frames a plan takes."""
    from dataflow.media.frames import frame_numbers
    from dataflow.media.plan import Fps, Uniform

    most = info.frames or 1
    if isinstance(plan, Uniform) and not plan.keyframe:
        return min(plan.count, most)
    if isinstance(plan, Fps):
        return min(plan.max_frames, ceil(info.duration * plan.rate) or 1, most)
    return len(await frame_numbers(source, plan)) or 1
