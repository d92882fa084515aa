"""Whether a file is the image or video that it is taken for, told by its content, before it goes anywhere else.

What cannot be told from its first bytes, for formats that have none of their own, is looked into by the decoders, in a
process that may crash without harm.
"""

from __future__ import annotations

from pathlib import Path

from dataflow.core.causes import said_by
from dataflow.core.errors import MediaError
from dataflow.core.loop import run_blocking
from dataflow.media.files import open_regular
from dataflow.media.image_header import read_header
from dataflow.storage.media_kinds import IMAGES, VIDEOS, is_transport_stream
from dataflow.storage.signatures import is_text, suffix_of

HEAD_BYTES = 64
_HEADERS = (16 << 10, 1 << 20)
"""Bytes within which a header is looked for: most end early; profiles and previews may stand before one."""

_WITH_HEADERS = (".jpg", ".png", ".webp")
_FORMATS_OF_TEXT = (b"P1", b"P2", b"P3", b"YUV4MPEG2 ", b"SIMPLE  =")
_EITHER = frozenset({".gif", ".png", ".apng", ".webp", ".avif", ".avifs", ".mjpg", ".mjpeg"})
"""Names of what may move or not."""


def known_by(path: str | Path) -> str:
    """The format of a file by its first bytes, as an ending (`.jpg`); empty where they tell none.

    Raises:
        MediaError: it cannot be read, is empty, or is text, which is told here so that no decoder quotes it.
    """
    with open_regular(path) as file:
        try:
            head = file.read(HEAD_BYTES) or b""
        except OSError as error:
            raise MediaError(f"{path} cannot be read: {error.strerror or said_by(error)}") from None
    if is_text(head) and not head.startswith(_FORMATS_OF_TEXT):
        raise MediaError(f"{path} is no image or video, but {'text' if head else 'empty'}")
    return suffix_of(head) or ""


def check_medium(path: Path) -> None:
    """Make sure that a file is the medium that its name says it is. Blocking.

    Raises:
        MediaError: it is another, or none.
    """
    named = path.suffix.lower()
    if (is_video := _is_video(path)) != (named in VIDEOS) and named not in _EITHER:
        found, claimed = ("a video", "an image") if is_video else ("an image", "a video")
        raise MediaError(f"{path} is {found} by its content and {claimed} by its name. Rename it")


def check_moving(path: Path) -> None:
    """Make sure that a file may be a video, whatever its name. Blocking.

    Raises:
        MediaError: it is none.
    """
    if known_by(path) not in _EITHER and not _is_video(path):
        raise MediaError(f"{path} is an image, not a video")


def is_named_as_medium(path: str | Path) -> bool:
    """Whether the ending of a name is that of an image or a video."""
    return Path(path).suffix.lower() in IMAGES | VIDEOS


def _is_video(path: Path) -> bool:
    """Whether a file is a video; else it is an image.

    Raises:
        MediaError: it is neither.
    """
    known = known_by(path)
    if known in _WITH_HEADERS and _has_header(path):
        return False
    if known and known not in _WITH_HEADERS:
        return known in VIDEOS
    if is_transport_stream(path):
        return True
    from dataflow.media.frames import media_info

    return run_blocking(media_info(path)).kind == "video"


def _has_header(path: Path) -> bool:
    for size in _HEADERS:
        with open_regular(path) as file:
            if read_header(file.read(size) or b"") is not None:
                return True
    return False
