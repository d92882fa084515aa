"""The slow way of an image: decoded by Pillow, upright, in RGB over white, resized and encoded once."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

from dataflow.core.errors import MediaError
from dataflow.media.image_file import bare_of, open_image, stored_orientation, why_unreadable
from dataflow.media.image_header import ImageHeader
from dataflow.media.image_limits import EncodedImage, ImageLimits, fits, refuse_bomb

_ENCODING = {
    "jpeg": {"quality": 90, "subsampling": 0},  # full chroma: screenshots have coloured text
    "png": {"compress_level": 4},
    "webp": {"quality": 90},
}

_LOSSY = frozenset({"JPEG", "MPO", "JPEG2000", "AVIF", "HEIF"})
"""Formats, as Pillow calls them, whose few colours are those of a grey photograph and not of a drawing."""

_FEW_COLOURS = 256

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF orientation -> what makes the stored picture upright (CIPA DC-008, tag 0x0112)."""


def reencode(source: bytes | Path, name: str, header: ImageHeader | None, limits: ImageLimits) -> EncodedImage:
    """Decode an image and encode it so that it fits.

    Args:
        source: the file's bytes, or its path where it is too large to be held.
        name: what to call it in messages.
        header: what its structure says, where known; an image whose transparency turns out to be unused is kept.
        limits: what must fit.

    Raises:
        MediaError: it is no image, broken, cut off, or too large.
    """
    try:
        try:
            return _reencode(source, name, header, limits)
        except MediaError:
            raise
        except Exception:  # what follows the pixels is read while they are decoded: without it, they may be whole
            pixels = bare_of(source)
            if pixels is None:
                raise
            return _reencode(pixels, name, header, limits)
    except Exception as error:  # Pillow's plugins raise whatever hostile bytes provoke
        raise why_unreadable(source, name, error) from None


def _reencode(source: bytes | Path, name: str, header: ImageHeader | None, limits: ImageLimits) -> EncodedImage:
    with open_image(source) as image:
        refuse_bomb(name, *image.size, limits)
        image.draft("RGB", (limits.max_side, limits.max_side))
        image.load()
        if isinstance(source, bytes) and header is not None and fits(header, len(source), limits, _opaque(image)):
            return EncodedImage(source, f"image/{header.format}", header.width, header.height)
        pixels = to_rgb(image)
        turn = _TURNS.get(stored_orientation(image, header))
        if turn is not None:
            pixels = pixels.transpose(turn)
        return _encode(_shrink(pixels, limits.max_side), limits, image.format not in _LOSSY)


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


def _opaque(image: Image.Image) -> bool:
    if "transparency" in image.info or image.mode not in ("RGBA", "LA"):
        return False
    low, _ = image.getchannel("A").getextrema()
    return low == 255


def _shrink(image: Image.Image, max_side: int) -> Image.Image:
    scale = max_side / max(image.size)
    if scale >= 1:
        return image
    width, height = (max(1, round(side * scale)) for side in image.size)
    return image.resize((width, height), Image.Resampling.BICUBIC, reducing_gap=3.0)


def _encode(image: Image.Image, limits: ImageLimits, drawn: bool) -> EncodedImage:
    """As the first of the formats; a drawing in few colours as PNG where that is no larger, for then it stays exact."""
    found = _as_file(image, limits.formats[0])
    if drawn and "png" in limits.formats[1:] and image.getcolors(_FEW_COLOURS) is not None:
        found = min(_as_file(image, "png"), found, key=lambda made: len(made.data))
    if len(found.data) > limits.max_bytes:
        raise MediaError(
            f"an image of {image.width}x{image.height} takes {len(found.data):,} bytes as {found.mime[6:]}, "
            "over the limit"
        )
    return found


def _as_file(image: Image.Image, kind: str) -> EncodedImage:
    buffer = io.BytesIO()
    image.save(buffer, kind.upper(), **_ENCODING[kind])
    return EncodedImage(buffer.getvalue(), f"image/{kind}", image.width, image.height)
