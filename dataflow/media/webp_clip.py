"""Animated WebP as a video, read by Pillow: FFmpeg does not decode it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from dataflow.core.causes import said_by
from dataflow.core.errors import MediaError
from dataflow.media.files import open_regular
from dataflow.media.video_index import VideoIndex

_SHOWN_AT_LEAST = 1
"""Milliseconds; a duration of 0 means as fast as possible."""


def is_webp(path: Path) -> bool:
    """Whether a file is a WebP image.

    Raises:
        MediaError: the file cannot be read.
    """
    with open_regular(path) as file:
        head = file.read(12) or b""
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def scan_webp(path: Path) -> VideoIndex:
    """The index of a WebP file, in milliseconds.

    Raises:
        MediaError: the file is damaged.
    """
    ticks, end = [], 0
    for image in _frames(path):
        ticks.append(end)
        end += max(_SHOWN_AT_LEAST, int(image.info.get("duration", 0)))
    # frames are differences to the ones before; only the first stands alone
    return VideoIndex(ticks, end, Fraction(1, 1000), [0])


def webp_size(path: Path) -> tuple[int, int]:
    """Width and height in pixels.

    Raises:
        MediaError: the file is damaged.
    """
    size: tuple[int, int] = next(_frames(path)).size
    return size


def webp_frames(path: Path, index: VideoIndex, wanted: set[int]) -> Iterator[tuple[int, Any]]:
    """The wanted frames as (tick, PyAV frame)."""
    from av.video.frame import VideoFrame

    for tick, image in zip(index.ticks, _frames(path), strict=True):
        if tick in wanted:
            yield tick, VideoFrame.from_ndarray(_array(image), "rgba")


def small_webp_frames(path: Path, index: VideoIndex, width: int, height: int) -> Iterator[tuple[float, Any]]:
    """Every frame as (seconds from the first, array (height, width, 3) of uint8)."""
    import numpy as np
    from PIL import Image

    for tick, image in zip(index.ticks, _frames(path), strict=True):
        small = image.convert("RGB").resize((width, height), Image.Resampling.BOX)
        yield index.seconds(tick), np.asarray(small)


def _frames(path: Path) -> Iterator[Any]:
    from PIL import Image, ImageSequence

    try:
        with Image.open(path, formats=("WEBP",)) as image:
            for frame in ImageSequence.Iterator(image):
                frame.load()
                yield frame
    except Exception as error:  # Pillow raises whatever hostile bytes provoke
        raise MediaError(f"{path} cannot be decoded: {said_by(error)}") from None


def _array(image: Any) -> Any:
    import numpy as np

    return np.asarray(image.convert("RGBA"))
