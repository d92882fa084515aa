"""What fits: the limits within which an image is sent as it is, and the image that comes of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from dataflow.core.errors import MediaError, UsageError
from dataflow.media.image_header import ImageHeader

KNOWN_FORMATS = ("jpeg", "png", "webp")
"""Formats in which images can be sent; what is re-encoded becomes the first of them that is taken."""

SENT_FORMATS = ("jpeg", "png")
"""Those that every endpoint reads: llama.cpp's server and LM Studio read no others."""

MAX_IMAGE_PIXELS = 100_000_000
"""Decoded, some 400 MB."""

_BYTES_A_PIXEL = 12
"""Four as Pillow holds RGB, twice while it is converted or turned, and as many for what its decoder holds."""

_ALWAYS = 256 * 2**20
"""Bytes that decoding may take whatever the limit of pixels."""

_MADE_UP = 10_000_000_000
"""Pixels that no picture has."""


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """What fits.

    Args:
        max_side: the longer side, in pixels.
        max_image_pixels: of one image at most so many are decoded. A larger one is read at reduced scale where its
            format can, and refused otherwise.
        max_bytes: the encoded size.
        formats: of `KNOWN_FORMATS`, those that are sent as they are; others are re-encoded as the first.
    """

    max_side: int = 2048
    max_image_pixels: int = MAX_IMAGE_PIXELS
    max_bytes: int = 20 * 2**20
    formats: tuple[str, ...] = SENT_FORMATS


@dataclass(frozen=True, slots=True)
class EncodedImage:
    """An image file in memory, upright.

    Args:
        data: the file.
        mime: `image/jpeg`, `image/png` or `image/webp`.
        width: pixels.
        height: pixels.
    """

    data: bytes
    mime: str
    width: int
    height: int


def fits(header: ImageHeader, size: int, limits: ImageLimits, opaque: bool = False) -> bool:
    """Whether an image can be sent as it is.

    Args:
        header: what its structure says.
        size: bytes.
        limits: what fits.
        opaque: its transparency is known to be nowhere used.
    """
    return (
        header.plain
        and header.whole
        and (opaque or not header.alpha)
        and header.format in limits.formats
        and max(header.width, header.height) <= limits.max_side
        and size <= limits.max_bytes
    )


def refuse_bomb(name: str, width: int, height: int, limits: ImageLimits) -> None:
    """Refuse an image whose declared size alone would fill the memory.

    Args:
        name: what to call it.
        width: pixels that would be decoded.
        height: likewise.
        limits: what may be.

    Raises:
        MediaError: these are more than `max_image_pixels`.
    """
    pixels = width * height
    if pixels <= limits.max_image_pixels:
        return
    told = f"{name} declares {width}x{height} pixels, more than the limit of {limits.max_image_pixels:,}"
    if pixels > _MADE_UP:
        raise MediaError(f"{told}: the file is damaged, or made to fill the memory")
    raise MediaError(f"{told}, and cannot be read at reduced scale: {_cure(pixels)}")


def refuse_bytes(name: str, held: int, limits: ImageLimits) -> None:
    """Refuse an image that holds too much for the number of its pixels: by deep samples, or one pixel to a row.

    Args:
        name: what to call it.
        held: bytes that decoding it takes.
        limits: what may be.

    Raises:
        MediaError: these are more than `decoded_bytes`.
    """
    most = decoded_bytes(limits)
    if held > most:
        told = f"{name} takes {held // 10**6:,} MB to decode, more than the limit of {most // 10**6:,} MB"
        raise MediaError(f"{told}: {_cure(ceil(held / _BYTES_A_PIXEL))}")


def decoded_bytes(limits: ImageLimits) -> int:
    """The bytes that pixels may take while one image is decoded, turned and converted."""
    return max(_ALWAYS, _BYTES_A_PIXEL * limits.max_image_pixels)


def _cure(pixels: int) -> str:
    megabytes = max(1, pixels * _BYTES_A_PIXEL // 10**6)
    return f"--max-image-pixels {pixels} reads it, in some {megabytes:,} MB of memory"


def checked_pixels(number: int) -> int:
    """A limit of pixels as a user gives it.

    Raises:
        UsageError: it is no positive whole number.
    """
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise UsageError(f"max_image_pixels must be a whole number of at least 1, not {number!r}")
    return number


def check_formats(formats: str | Iterable[str]) -> tuple[str, ...]:
    """Formats that a user names, in the order of `KNOWN_FORMATS`.

    Args:
        formats: their names, or one text with commas between them; `jpg` is `jpeg`.

    Raises:
        UsageError: one is not known, or there is none.
    """
    names = formats.split(",") if isinstance(formats, str) else [str(name) for name in formats]
    wanted = {{"jpg": "jpeg"}.get(name, name) for name in (name.strip().lower() for name in names)}
    if unknown := sorted(wanted - {*KNOWN_FORMATS}):
        raise UsageError(
            f"image_formats has no format {unknown[0]!r}: known are {', '.join(KNOWN_FORMATS)}, such as "
            "--image-formats jpeg,png,webp (any other is re-encoded as one of these)"
        )
    if not wanted:
        raise UsageError(f"image_formats names none: known are {', '.join(KNOWN_FORMATS)}")
    return tuple(name for name in KNOWN_FORMATS if name in wanted)
