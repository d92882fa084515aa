"""What fits: the limits within which an image is sent as it is, and the image that comes of it."""

from __future__ import annotations

from dataclasses import dataclass

from dataflow.core.errors import MediaError
from dataflow.media.image_header import ImageHeader


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """What fits.

    Args:
        max_side: the longer side, in pixels.
        max_decoded_pixels: an image that declares more is refused before it is decoded.
        max_bytes: the encoded size.
        formats: of `jpeg`, `png`, `webp`, those that are sent as they are; others are re-encoded as the first.
    """

    max_side: int = 2048
    max_decoded_pixels: int = 100_000_000
    max_bytes: int = 20 * 2**20
    formats: tuple[str, ...] = ("jpeg", "png", "webp")


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

    Raises:
        MediaError: it declares more than `max_decoded_pixels`.
    """
    if width * height > limits.max_decoded_pixels:
        raise MediaError(
            f"{name} declares {width}x{height} pixels, more than the limit of {limits.max_decoded_pixels:,}"
        )
