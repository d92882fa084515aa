"""A request as the plain values that go to an engine's process: turns with parts, and media with what names them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dataflow.core import ImagePart, Request, TextPart
from dataflow.core.message import Part, VideoPart
from dataflow.media.digest import bytes_digest
from dataflow.media.image_limits import ImageLimits

if TYPE_CHECKING:
    from dataflow.media.video import VideoFrames


INPUT_VERSION = 1
"""Part of the ledger key. Raise it when the same request would be put to a model in another way."""


@dataclass(frozen=True, slots=True)
class MediaInput:
    """An image or a video for an engine.

    Args:
        name: a digest of what the model is shown; the same in every request that shows it, so that what processors and
            prefix caches hold of it is found again.
        sent: for the engine: `type`, `uuid`, encoded files, and a video's times.
        told: words that stand before it, so that the model knows when frames are shown.
        shown: what the trace says of it.
    """

    name: str
    sent: Mapping[str, Any]
    told: str = ""
    shown: Mapping[str, Any] | None = None


async def load_media(part: ImagePart | VideoPart, images: ImageLimits, video_max_side: int) -> MediaInput:
    """An image or video, read, fitted and named.

    Args:
        part: where it is, and how frames are taken from it.
        images: what of an image fits.
        video_max_side: the longer side of a frame at most, in pixels.

    Raises:
        MediaError: it is missing, broken or over a limit.
    """
    from dataflow.media.image_job import fitted_image
    from dataflow.serving import media_input

    if isinstance(part, ImagePart):
        image = await fitted_image(part.source, images)
        name = bytes_digest(image.data)
        return MediaInput(name, {"type": "image", "uuid": name, "file": image.data})
    return _video(part.source, await media_input.frames(part, video_max_side))


def _video(source: str, video: VideoFrames) -> MediaInput:
    files = [bytes(frame.data) for frame in video.frames]
    times = [round(frame.time, 3) for frame in video.frames]
    # Models make a frame's time of its number and the rate; where frames come unevenly, that has to give its true time.
    last = video.total_frames - 1
    numbers = [min(round(frame.time * video.fps), last) for frame in video.frames]
    metadata = {"fps": video.fps, "total_num_frames": video.total_frames, "frames_indices": numbers}
    name = bytes_digest(b"".join([repr((metadata, times)).encode(), *files]))
    shown = {"video": source, "times": times}
    return MediaInput(
        name,
        {"type": "video", "uuid": name, "files": files, "metadata": {**metadata, "duration": video.duration}},
        told(times, video.duration),
        {**shown, "notes": list(video.notes)} if video.notes else shown,
    )


def told(times: Sequence[float], duration: float) -> str:
    """The words before a video: how long it is, and when its frames are shown, in seconds."""
    listed = ", ".join(f"{time:.2f}" for time in times)
    return f"A video of {duration:.2f} seconds, shown as {len(times)} frames, at {listed} s:\n"


def turns_of_request(request: Request, media: Mapping[Part, MediaInput]) -> list[dict[str, Any]]:
    """The messages of a request as plain values; a medium that stands in it twice is named twice and sent once."""
    # words alone are one text, as the API serving sends them
    return [
        {"role": message.role, "parts": [{"type": "text", "text": message.text}]}
        if all(isinstance(part, TextPart) for part in message.parts)
        else {"role": message.role, "parts": [plain for part in message.parts for plain in _plain(part, media)]}
        for message in request.messages
    ]


def _plain(part: Part, media: Mapping[Part, MediaInput]) -> list[dict[str, Any]]:
    if isinstance(part, TextPart):
        return [{"type": "text", "text": part.text}]
    found = media[part]
    place = {"type": found.sent["type"], "uuid": found.name}
    return [{"type": "text", "text": found.told}, place] if found.told else [place]
