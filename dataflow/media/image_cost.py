"""What decoding a picture takes, in bytes of memory, told before it is decoded.

Where a decoder takes more than is told here, its process has a limit.
"""

from __future__ import annotations

from PIL import Image

from dataflow.media.image_header import ImageHeader
from dataflow.media.tiff_pieces import bits_of

_HELD = 8
"""Bytes of a pixel: four as Pillow holds RGB, twice while it is converted or turned."""

_BESIDE = {"WEBP": 12, "AVIF": 12, "HEIF": 12}
"""Further bytes of a pixel that decoders hold: a canvas of four, the one before, and the copy they hand over."""

_ROW = 16
"""Bytes of a row's pointers, in two pictures."""


def bytes_to_decode(image: Image.Image, width: int, height: int, header: ImageHeader | None) -> int:
    """What decoding, converting and turning a picture holds at most, about.

    Args:
        image: as opened, set to the scale at which it will be decoded.
        width: pixels that will be held.
        height: likewise.
        header: what its structure says, where known.
    """
    bands = len(image.getbands())
    if image.format in ("JPEG", "MPO"):
        # of one in several scans all coefficients are held, of two bytes, whatever the scale
        coefficients = 0 if header is not None and header.at_once else 2 * bands * width * height
        return coefficients + _HELD * image.width * image.height + _ROW * image.height
    beside = _BESIDE.get(str(image.format), 0)
    if image.format == "JPEG2000":
        beside = 5 * bands  # coefficients of four bytes and samples of one
    elif image.format == "TIFF":
        beside = bits_of(image.tag_v2) // 8  # type: ignore[attr-defined]
    return (_HELD + beside) * width * height + _ROW * height
