"""A picture's file opened by Pillow, with hostile and damaged ones in mind, and what it says of itself."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError

from dataflow.core.causes import said_by
from dataflow.core.errors import MediaError
from dataflow.media.exif import Shot, exif_orientation, exif_shot
from dataflow.media.heif import CURE as HEIC_CURE
from dataflow.media.heif import head_of, is_heif
from dataflow.media.image_bare import bare, has_pixels_apart, is_wordy
from dataflow.media.image_formats import formats_of
from dataflow.media.image_header import ImageHeader, read_header
from dataflow.storage.signatures import is_text, text_in_words

# our own limit, checked from the header, decides; Pillow's warning below it would only be noise
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)

LARGEST_HELD = 256 * 2**20
"""Bytes of a damaged file that are held twice in memory to read it without what is damaged."""

_MAKE, _MODEL, _ORIENTATION, _CHANGED = 0x010F, 0x0110, 0x0112, 0x0132
_OPENED_LARGE = ("JPEG", "PNG", "TIFF", "JPEG2000", "BMP", "PPM", "HEIF", "AVIF", "GIF", "PSD")
"""Formats, as Pillow calls them, in which opening a file decodes nothing: one of any size may be looked at."""


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What a picture's file says of itself.

    Args:
        format: as Pillow calls it, in small letters.
        mode: Pillow's, of the pixels.
        width: pixels, upright.
        height: pixels, upright.
        frames: how many pictures are in the file.
        orientation: how the stored picture is turned for display, as EXIF numbers it, 1 to 8.
        shot: how it was taken.
    """

    format: str
    mode: str
    width: int
    height: int
    frames: int
    orientation: int
    shot: Shot


@contextmanager
def open_image(source: bytes | Path) -> Iterator[Image.Image]:
    """A picture, opened and not decoded.

    Raises:
        Exception: whatever hostile bytes provoke in Pillow; see `why_unreadable`.
    """
    formats = formats_of(head_of(source))
    with io.BytesIO(source) if isinstance(source, bytes) else open(source, "rb") as file:
        wordless = bare_of(source) if is_wordy(file) else None
        try:
            image = _open(io.BytesIO(wordless) if wordless else file, formats)
        except Image.DecompressionBombError:
            raise
        except Exception:  # opening reads what is written about a picture too; what is damaged of that is no loss
            pixels = bare_of(source)
            if pixels is None:
                raise
            image = Image.open(io.BytesIO(pixels), formats=formats)
        with image:
            yield image


def look_at(source: bytes | Path) -> ImageFacts:
    """What a picture's file says of itself.

    Args:
        source: the file's bytes, or its path.

    Raises:
        Exception: as `open_image`.
    """
    with open_image(source) as image:
        header = read_header(_held(source)) if has_pixels_apart(head_of(source)) else None
        orientation = stored_orientation(image, header)
        tiff = image.format == "TIFF"
        # Pillow tells of a TIFF the upright size, and turns it when it loads
        turned = image.tag_v2.get(_ORIENTATION) if tiff else orientation  # type: ignore[attr-defined]
        width, height = image.size if tiff or orientation < 5 else image.size[::-1]
        frames = getattr(image, "n_frames", 1)
        return ImageFacts(str(image.format).lower(), image.mode, width, height, frames, turned or 1, _shot(image))


def stored_orientation(image: Image.Image, header: ImageHeader | None) -> int:
    """How an opened picture is still to be turned, once Pillow has decoded it, as EXIF numbers it.

    The one place where that is decided: what is told of a picture and what is sent of it are the same size.

    Args:
        image: as opened.
        header: what the file's structure says, where known; a PNG's block may lie behind its pixels.
    """
    if image.format == "TIFF":
        return 1
    if header is not None:
        return header.orientation
    # of HEIC and AVIF the turn in their own boxes counts, which pillow-heif has made and Pillow has written here
    return exif_orientation(image.info.get("exif") or b"")


def bare_of(source: bytes | Path) -> bytes | None:
    """A file without what is written about its picture; None where nothing can be left out, or it is too large for it.

    Args:
        source: the file's bytes, or its path.
    """
    if isinstance(source, bytes):
        return bare(source)
    if not has_pixels_apart(head_of(source)) or source.stat().st_size > LARGEST_HELD:
        return None
    return bare(source.read_bytes())


def allow_pixels(number: int) -> None:
    """Let Pillow open pictures of so many pixels, where that is more than it does by itself.

    The limit is the process's, so only an option of the user's that goes beyond it touches it.
    """
    if Image.MAX_IMAGE_PIXELS is not None and number > 2 * Image.MAX_IMAGE_PIXELS:
        Image.MAX_IMAGE_PIXELS = number


def why_unreadable(source: bytes | Path, name: str, error: Exception) -> MediaError:
    """What to tell of a picture that Pillow cannot read.

    Args:
        source: the file's bytes, or its path.
        name: what to call it.
        error: what Pillow raised.
    """
    if isinstance(error, MediaError):
        return error
    if isinstance(error, UnidentifiedImageError):
        return MediaError(f"{name} is not an image: {_describe(source)}")
    if isinstance(error, Image.DecompressionBombError):
        return MediaError(f"{name} is too large ({said_by(error)}): a higher --max-image-pixels reads it")
    return MediaError(f"{name} cannot be decoded: {said_by(error)}")


def _open(file: BinaryIO, formats: tuple[str, ...]) -> Image.Image:
    try:
        return Image.open(file, formats=formats)
    except Image.DecompressionBombError:
        file.seek(0)
        head = file.read(16)
        for opener, accepts in (Image.OPEN[name] for name in _OPENED_LARGE if name in Image.OPEN):
            if accepts is not None and accepts(head) is True:
                file.seek(0)
                opened: Image.Image = opener(file, "")
                return opened
        raise


def _held(source: bytes | Path) -> bytes:
    if isinstance(source, bytes):
        return source
    with open(source, "rb") as file:
        return file.read(LARGEST_HELD)


def _shot(image: Image.Image) -> Shot:
    if image.format != "TIFF":
        return exif_shot(image.info.get("exif") or b"")
    tags = image.tag_v2  # type: ignore[attr-defined]
    return Shot(*(str(tags.get(tag, "")) for tag in (_MAKE, _MODEL, _CHANGED)))


def _describe(source: bytes | Path) -> str:
    head = head_of(source)
    if head and is_text(head):
        return text_in_words(head)
    if is_heif(head_of(source)):
        return HEIC_CURE
    if has_pixels_apart(head):
        return "it begins like one, and its structure is damaged"
    return "no known format begins like it"
