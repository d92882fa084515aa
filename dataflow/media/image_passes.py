"""JPEGs in which a few bytes make a decoder work for long, told without decoding anything."""

from __future__ import annotations

from mmap import ACCESS_READ, mmap
from pathlib import Path

from dataflow.core.errors import MediaError
from dataflow.media.image_header import ImageHeader
from dataflow.media.image_limits import ImageLimits

_ALWAYS, _MOST_SCANS = 16, 200
"""Of a JPEG, as many as any may have, and the most of one that is small; encoders write some ten."""

_MOST_PASSES = 16
"""How often all pixels of the largest picture may be gone over."""

_MOST_A_BYTE = 1024
"""Pixels of a JPEG in one scan: 64 of them take two bits at least, and blocks of colours four times as many."""

_SCAN = b"\xff\xda"


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
    if isinstance(source, bytes):
        busy = keeps_decoders_busy(source, header, limits)
    else:
        with source.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as mapped:
            busy = keeps_decoders_busy(mapped, header, limits)
    if busy:
        most = _most_scans(header, limits)
        raise MediaError(
            f"{name} has more than {most} scans of {header.width}x{header.height} pixels: made to keep decoders busy"
        )


def keeps_decoders_busy(data: bytes | mmap, header: ImageHeader, limits: ImageLimits) -> bool:
    """Whether a picture is a JPEG of more scans than are decoded; such a one is sent to nobody either.

    Args:
        data: the file.
        header: what its structure says.
        limits: how many pixels are decoded at most.
    """
    if header.format != "jpeg" or header.at_once:
        return False
    most = _most_scans(header, limits)
    return _count(data, most) > most


def _most_scans(header: ImageHeader, limits: ImageLimits) -> int:
    pixels = max(1, header.width * header.height)
    return max(_ALWAYS, min(_MOST_SCANS, _MOST_PASSES * limits.max_image_pixels // pixels))


def _count(data: bytes | mmap, most: int) -> int:
    """How many scans begin, as far as one more than may be."""
    found, at = 0, data.find(_SCAN)
    while at >= 0 and found <= most:
        found += 1
        at = data.find(_SCAN, at + 2)
    return found
