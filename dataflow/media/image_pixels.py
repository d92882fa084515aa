"""Pixels of any kind as those that models are shown: 8 bits, RGB, upright, over white."""

from __future__ import annotations

import numpy as np
from PIL import Image

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
        pixels = image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(pixels, mask=pixels.getchannel("A"))
        return paper
    return image if image.mode == "RGB" else image.convert("RGB")


def _deep_to_grey(image: Image.Image) -> Image.Image:
    """16-bit and 32-bit greys: whole numbers span 0 to 65535 as PNG has it, floats their own range."""
    values = np.asarray(image).astype(np.float32)
    values = np.nan_to_num(values, posinf=0.0, neginf=0.0)
    low, high = float(values.min()), float(values.max())
    if image.mode == "F":
        low, high = (0.0, 1.0) if low >= 0 and high <= 1 else (low, max(high, low + 1e-9))
    elif low >= 0 and high <= 65535:
        low, high = 0.0, 65535.0 if high > 255 or image.mode.startswith("I;16") else 255.0
    scaled = (values - low) * (255.0 / max(high - low, 1e-9))
    return Image.fromarray(np.clip(scaled + 0.5, 0, 255).astype(np.uint8), "L")
