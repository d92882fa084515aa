"""Large pictures decoded at reduced scale, where their format holds them at several: JPEG and JPEG 2000.

A JPEG's blocks give an eighth, a quarter or a half of the size at once; JPEG 2000 is stored in halves of halves.
"""

from __future__ import annotations

from math import ceil
from struct import unpack_from

from PIL import Image
from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile

from dataflow.media.image_header import ImageHeader

_CODESTREAM = b"\xff\x4f\xff\x51"
_CODING_STYLE, _FIRST_TILE = 0xFF52, 0xFF90
_HEAD = 1 << 20
"""Bytes at the beginning of a file in which the codestream begins, behind profiles and texts."""


def reduce_on_load(image: Image.Image, header: ImageHeader | None, max_side: int) -> tuple[int, int]:
    """Have a picture decoded at the smallest scale of its format that is not below the size wanted.

    Args:
        image: as opened.
        header: what its structure says, where known.
        max_side: pixels of the longer side that will be kept.

    Returns:
        Width and height of what will be held in memory. A progressive JPEG is held whole, whatever comes out.
    """
    size = image.size
    if image.format in ("JPEG", "MPO"):
        image.draft("RGB", tuple(max(1, ceil(side * max_side / max(size))) for side in size))  # type: ignore[arg-type]
        return image.size if header is not None and header.at_once else size
    if isinstance(image, Jpeg2KImageFile):
        halvings = min(_levels(image), max(0, (max(size) // max_side).bit_length() - 1))
        image.reduce = halvings
        return ceil(size[0] / 2**halvings), ceil(size[1] / 2**halvings)
    return size


def _levels(image: Jpeg2KImageFile) -> int:
    """How often the picture can be halved (ITU-T T.800, annex A.6.1); 0 where that is not found."""
    file = image.fp
    if file is None:
        return 0
    file.seek(0)
    head = file.read(_HEAD)
    at = head.find(_CODESTREAM) + 2
    while 2 <= at <= len(head) - 10:
        marker, length = unpack_from(">HH", head, at)
        if marker == _CODING_STYLE:
            return min(head[at + 9], 32)
        if marker >= _FIRST_TILE and marker < 0xFF94:
            return 0
        at += 2 + length
    return 0
