"""Pixels of any kind as those that models are shown: 8 bits, RGB, upright, over white."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_STRIP = 4_000_000
"""Pixels of a strip."""

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """A picture turned for display.

    Args:
        image: as stored.
        orientation: as EXIF numbers it (CIPA DC-008, tag 0x0112).
    """
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def to_rgb(image: Image.Image) -> Image.Image:
    """Any Pillow mode as 8-bit RGB; transparency over white, more than 8 bits scaled down, not clipped."""
    if image.mode.startswith("I") or image.mode == "F":
        return _deep_to_grey(image).convert("RGB")
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        paper = Image.new("RGB", image.size, "white")
        for top, strip in _strips(image):
            pixels = strip.convert("RGBA")
            paper.paste(pixels, (0, top), pixels.getchannel("A"))
        return paper
    return image if image.mode == "RGB" else image.convert("RGB")


def _strips(image: Image.Image) -> Iterator[tuple[int, Image.Image]]:
    """The picture in strips, each with its first row, so that what is made on the way is small."""
    rows = max(1, _STRIP // image.width)
    if rows >= image.height:
        yield 0, image
        return
    for top in range(0, image.height, rows):
        yield top, image.crop((0, top, image.width, min(top + rows, image.height)))


def _deep_to_grey(image: Image.Image) -> Image.Image:
    """16-bit and 32-bit greys: whole numbers span 0 to 65535 as PNG has it, floats their own range."""
    spans = [(float(values.min()), float(values.max())) for values in (_floats(strip) for _, strip in _strips(image))]
    low, high = min(low for low, _ in spans), max(high for _, high in spans)
    if image.mode == "F":
        low, high = (0.0, 1.0) if low >= 0 and high <= 1 else (low, max(high, low + 1e-9))
    elif low >= 0 and high <= 65535:
        low, high = 0.0, 65535.0 if high > 255 or image.mode.startswith("I;16") else 255.0
    grey = Image.new("L", image.size)
    for top, strip in _strips(image):
        scaled = (_floats(strip) - low) * (255.0 / max(high - low, 1e-9))
        grey.paste(Image.fromarray(np.clip(scaled + 0.5, 0, 255).astype(np.uint8), "L"), (0, top))
    return grey


def _floats(strip: Image.Image) -> NDArray[np.float32]:
    return np.nan_to_num(np.asarray(strip).astype(np.float32), posinf=0.0, neginf=0.0)
