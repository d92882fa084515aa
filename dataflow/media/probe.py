"""What is in an image or video file, without sampling it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from dataflow.core.errors import MediaError
from dataflow.media.files import open_regular
from dataflow.storage.media_kinds import IMAGES

if TYPE_CHECKING:
    from dataflow.media.image_file import ImageFacts


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """The facts of a file.

    Args:
        kind: `image` or `video`; an animated GIF, PNG or WebP is a video.
        container: the file format, as FFmpeg or Pillow calls it.
        codec: how pixels are compressed; for an image its colour mode.
        width: pixels as displayed: upright, pixels square.
        height: pixels as displayed.
        duration: seconds; 0 for an image.
        fps: frames per second on average; 0 for an image.
        frames: how many.
        audio: whether there is sound.
        rotation: degrees clockwise by which the stored picture is turned for display.
        keyframes: how many frames decode on their own.
        notes: what is odd about the file.
    """

    kind: Literal["image", "video"]
    container: str
    codec: str
    width: int
    height: int
    duration: float = 0.0
    fps: float = 0.0
    frames: int = 1
    audio: bool = False
    rotation: int = 0
    keyframes: int = 1
    notes: tuple[str, ...] = ()


_LOOKED_AT = 100
"""Parts of a joined video that are looked into for another size of the picture."""

_ANIMATED = ("gif", "png", "webp")
_TURNED = {3: 180, 4: 180, 5: 90, 6: 90, 7: 270, 8: 270}
"""EXIF orientation -> degrees clockwise."""


def probe(path: Path) -> MediaInfo:
    """Look into a file. Blocking; `dataflow.media.frames.media_info` does it in a process of its own.

    Raises:
        MediaError: the file is missing, broken, or neither an image nor a video.
    """
    from dataflow.media.image_file import ImageFacts, look_at, why_unreadable

    path = Path(path)
    open_regular(path).close()
    found: ImageFacts | Exception
    try:
        found = look_at(path)
    except Exception as error:  # Pillow's plugins raise whatever hostile bytes provoke
        found = error
    if isinstance(found, ImageFacts) and not _moves(found):
        return _image_info(found)
    try:
        if isinstance(found, ImageFacts) and found.format == "webp":
            return _probe_webp(path, found)
        video = _probe_video(path)
    except MediaError:
        if isinstance(found, ImageFacts):
            return _image_info(found, f"its {found.frames} pictures cannot be read as a video")
        if path.suffix.lower() in IMAGES:
            raise why_unreadable(path, str(path), found) from None
        raise
    if isinstance(found, Exception) and video.frames == 1 and path.suffix.lower() in IMAGES:
        raise why_unreadable(path, str(path), found)  # FFmpeg knows it as one frame; as a picture it cannot be sent
    return video


def _moves(facts: ImageFacts) -> bool:
    return facts.format in _ANIMATED and facts.frames > 1


def _image_info(facts: ImageFacts, *odd: str) -> MediaInfo:
    several = [f"{facts.frames} pictures, of which the first is used"] if facts.frames > 1 and not odd else []
    return MediaInfo(
        "image",
        facts.format,
        facts.mode,
        facts.width,
        facts.height,
        frames=facts.frames,
        rotation=_TURNED.get(facts.orientation, 0),
        notes=(*odd, *several),
    )


def _probe_webp(path: Path, facts: ImageFacts) -> MediaInfo:
    from dataflow.media.webp_clip import scan_webp

    index = scan_webp(path)
    return MediaInfo("video", "webp", "webp", facts.width, facts.height, index.duration, index.fps, len(index.ticks))


def _probe_video(path: Path) -> MediaInfo:
    from dataflow.media.frame_encode import display_size, told_sizes
    from dataflow.media.orientation import orientation
    from dataflow.media.video_decode import frames_at
    from dataflow.media.video_file import open_video
    from dataflow.media.video_index import decode_all
    from dataflow.media.video_scan import scan

    index = scan(path)
    with open_video(path) as (container, stream):
        first = next(decode_all(container, stream), None)
        if first is None:
            raise MediaError(f"{path}: not one frame of it can be decoded")
        upright, shown = orientation(first), set(index.ticks)
        sizes = {display_size(first, index.pixel_aspect, upright): None}
        if len(index.starts) > 1:
            begins = [index.decode_order[start] for start in index.starts[1:_LOOKED_AT]]
            frames = (frame for _, frame in frames_at(path, index, begins))
            sizes |= {display_size(frame, index.pixel_aspect, upright): None for frame in frames}
        return MediaInfo(
            "video",
            container.format.name,
            stream.codec_context.codec.canonical_name,
            *next(iter(sizes)),
            duration=index.duration,
            fps=index.fps,
            frames=len(index.ticks),
            audio=bool(container.streams.audio),
            rotation=90 * upright.quarter_turns,
            keyframes=sum(key in shown for key in index.keys),
            notes=(*index.notes, *told_sizes(sizes)),
        )
