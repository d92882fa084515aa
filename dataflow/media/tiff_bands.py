"""A very large TIFF, read band by band: so many rows of tiles or strips at a time, each as a small TIFF of its own.

Pillow decodes a TIFF whole or not at all.
"""

from __future__ import annotations

import io
from math import ceil, lcm

from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from dataflow.media.image_limits import ImageLimits
from dataflow.media.image_pixels import to_rgb, upright
from dataflow.media.tiff_pieces import LENGTH, ORIENTATION, WIDTH, bits_of, pieces_of

BANDED_FROM = 100_000_000
"""Pixels from which on a TIFF is read so: fixed, so that the option for the limit changes no pixel."""

_BANDED_BITS = 32 * BANDED_FROM
"""Likewise of all samples together: of 16 bits in three colours, two thirds as many pixels."""

_BAND = 8_000_000
"""Pixels of a band, about."""


def in_bands(image: TiffImageFile, limits: ImageLimits) -> Image.Image | None:
    """The picture at a size not below the one wanted, upright; in RGB, or in one channel of more than 8 bits.

    Args:
        image: as opened.
        limits: what is wanted, and how much of it may be decoded at once.

    Returns:
        None where it is no larger than `BANDED_FROM`, or its rows do not lie apart in pieces within the limit.

    Raises:
        Exception: whatever damaged bytes provoke in Pillow.
    """
    tags = image.tag_v2
    width, height = tags[WIDTH], tags[LENGTH]
    deep = width * height * bits_of(tags) > _BANDED_BITS
    if not (width * height > BANDED_FROM or deep) or image.fp is None:
        return None
    pieces = pieces_of(tags, tags.tagtype, tags.prefix == b"MM")
    halved = 2 ** max(0, (max(width, height) // limits.max_side).bit_length() - 1)
    rows = _rows_of_a_band(pieces.rows, halved, width, limits.max_image_pixels) if pieces else 0
    if pieces is None or min(rows, height) * width > limits.max_image_pixels:
        return None
    canvas, mode = None, ""
    size = (ceil(width / halved), ceil(height / halved))
    for top in range(0, height, rows):
        now = min(rows, height - top)
        with Image.open(io.BytesIO(pieces.as_tiff(image.fp, top, now)), formats=("TIFF",)) as band:
            mode = band.mode
            pixels = _smaller_modes(band)
        canvas = canvas or Image.new(pixels.mode, size)
        first, end = top * size[1] // height, (top + now) * size[1] // height
        if end > first:
            canvas.paste(pixels.resize((size[0], end - first), Image.Resampling.BOX), (0, first))
    assert canvas is not None
    return upright(to_rgb(canvas.convert("I;16") if mode.startswith("I;16") else canvas), tags.get(ORIENTATION, 1))


def _rows_of_a_band(piece: int, halved: int, width: int, most: int) -> int:
    """How many rows to read at once: whole rows of pieces, and where possible of pixels of the smaller picture."""
    rows = lcm(piece, halved)
    if rows * width > most:
        rows = piece
    return rows * max(1, min(_BAND, most) // (rows * width))


def _smaller_modes(band: Image.Image) -> Image.Image:
    """Pixels in a mode that can be resized, the same for all bands; what has more than 8 bits is scaled in the end."""
    band.load()
    if band.mode.startswith("I;16"):
        return band.convert("I")
    return band if band.mode in ("I", "F") else to_rgb(band)
