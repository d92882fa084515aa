"""What decoding a picture takes, in bytes of memory and in passes over its pixels, told before it is decoded.

Where a decoder takes more than is told here, its process has a limit.
"""

from __future__ import annotations

from mmap import ACCESS_READ, mmap
from pathlib import Path

from PIL import Image

from dataflow.core.errors import MediaError
from dataflow.media.image_header import ImageHeader
from dataflow.media.image_limits import ImageLimits
from dataflow.media.tiff_pieces import bits_of

_HELD = 8
"""Bytes of a pixel: four as Pillow holds RGB, twice while it is converted or turned."""

_BESIDE = {"WEBP": 12, "AVIF": 12, "HEIF": 12}
"""Further bytes of a pixel that decoders hold: a canvas of four, the one before, and the copy they hand over."""

_ROW = 16
"""Bytes of a row's pointers, in two pictures."""

_ALWAYS, _MOST_SCANS = 16, 200
"""Of a JPEG, as many as any may have, and the most of one that is small; encoders write some ten."""

_MOST_PASSES = 16
"""How often all pixels of the largest picture may be gone over."""

_MOST_A_BYTE = 1024
"""Pixels of a JPEG in one scan: 64 of them take two bits at least, and blocks of colours four times as many."""

_SCAN = b"\xff\xda"


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


def refuse_passes(name: str, source: bytes | Path, header: ImageHeader | None, limits: ImageLimits) -> None:
    """Refuse a JPEG in which a few bytes make a decoder work for long.

    That is one that goes over its pixels again and again, or claims more of them than its bytes can hold.

    Args:
        name: what to call it.
        source: the file's bytes, or its path.
        header: what its structure says, where known.
        limits: how many pixels are decoded at most.

    Raises:
        MediaError: it has too many scans, or too few bytes, for its size.
    """
    if header is None or header.format != "jpeg":
        return
    pixels = max(1, header.width * header.height)
    if header.at_once:
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        if pixels > _MOST_A_BYTE * size:
            raise MediaError(f"{name} declares {header.width}x{header.height} pixels in {size:,} bytes: it is cut off")
        return
    most = max(_ALWAYS, min(_MOST_SCANS, _MOST_PASSES * limits.max_image_pixels // pixels))
    if isinstance(source, bytes):
        scans = _count(source, most)
    else:
        with source.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as mapped:
            scans = _count(mapped, most)
    if scans > most:
        raise MediaError(
            f"{name} has more than {most} scans of {header.width}x{header.height} pixels: made to keep decoders busy"
        )


def _count(data: bytes | mmap, most: int) -> int:
    """How many scans begin, as far as one more than may be."""
    found, at = 0, data.find(_SCAN)
    while at >= 0 and found <= most:
        found += 1
        at = data.find(_SCAN, at + 2)
    return found
