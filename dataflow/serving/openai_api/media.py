"""Images and videos of a request as content parts of its body, with what they take and what the trace says of them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from dataflow.core import ImagePart, VideoPart
from dataflow.media.byte_cache import ByteCache
from dataflow.media.files import check_regular
from dataflow.media.image import is_data_url
from dataflow.media.image_limits import ImageLimits
from dataflow.media.tokens.families import rule_of
from dataflow.serving.openai_api.body import Content, frames_content, image_content, video_content


@dataclass(frozen=True, slots=True)
class Media:
    """An image or video as content parts, the tokens it takes, what the trace says of it, and about how many bytes."""

    content: Content
    tokens: int
    shown: dict[str, Any] | None = None
    size: int = 0


_READY_IMAGES: ByteCache[Media] = ByteCache(64 * 2**20, lambda media: media.size + 1)
"""Images that further questions are asked about: 64 MB hold 1300 frames of 448 pixels, of a window of 40 ads."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How media are sent.

    Args:
        images: what of an image fits.
        video_max_side: the same for the frames of videos.
        video_as: `frames` or `video_url`.
        model: by whose rule their tokens are estimated.
        counted: whether those of images are to be.
        detail: how closely images are looked at; None leaves it to the endpoint.
    """

    images: ImageLimits
    video_max_side: int
    video_as: str
    model: str
    counted: bool
    detail: str | None = None


async def content_of(part: ImagePart | VideoPart, again: bool, sizes: Sizes) -> Media:
    """A medium as content parts.

    Args:
        again: further questions about it follow soon.

    Raises:
        MediaError: it is missing, broken or over a limit.
    """
    from dataflow.serving import media_input

    if isinstance(part, ImagePart):
        if not again or not isinstance(part.source, str) or is_data_url(part.source):
            return await _image(part, sizes)
        status = check_regular(part.source)
        key = (part.source, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, sizes)
        return await _READY_IMAGES.get(key, lambda: _image(part, sizes))
    if sizes.video_as == "video_url":
        mime, data = await asyncio.to_thread(media_input.whole_video, part.source)
        return Media(video_content(mime, data), 0, {"video": part.source})
    video = await media_input.frames(part, sizes.video_max_side)
    times = [frame.time for frame in video.frames]
    content = frames_content(times, [bytes(frame.data) for frame in video.frames], video.duration, sizes.detail)
    tokens = sum(rule_of(sizes.model, detail=sizes.detail).image(frame.width, frame.height) for frame in video.frames)
    shown: dict[str, Any] = {"video": part.source, "times": [round(time, 3) for time in times]}
    return Media(content, tokens, {**shown, "notes": list(video.notes)} if video.notes else shown)


async def _image(part: ImagePart, sizes: Sizes) -> Media:
    from dataflow.media.image_job import fitted_image

    image = await fitted_image(part.source, sizes.images)
    tokens = rule_of(sizes.model, detail=sizes.detail).image(image.width, image.height) if sizes.counted else 0
    return Media(image_content(image.mime, image.data, sizes.detail), tokens, size=len(image.data) * 4 // 3)
