"""The slow way of an image: decoded by Pillow, upright, in RGB over white, resized and encoded once."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from dataflow.core.errors import MediaError
from dataflow.media.heif import CURE as HEIC_CURE
from dataflow.media.heif import head_of, is_heif, know_heif
from dataflow.media.image_header import ImageHeader
from dataflow.media.image_limits import EncodedImage, ImageLimits, fits, refuse_bomb

# our own limit, checked from the header, decides; Pillow's warning below it would only be noise
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)

_ENCODING = {
    "jpeg": {"quality": 90, "subsampling": 0},  # full chroma: screenshots have coloured text
    "png": {"compress_level": 4},
    "webp": {"quality": 90},
}


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
    know_heif(head_of(source))
    try:
        with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source) as image:
            refuse_bomb(name, *image.size, limits)
            image.draft("RGB", (limits.max_side, limits.max_side))
            image.load()
            if isinstance(source, bytes) and header is not None and fits(header, len(source), limits, _opaque(image)):
                return EncodedImage(source, f"image/{header.format}", header.width, header.height)
            ImageOps.exif_transpose(image, in_place=True)
            return _encode(_shrink(to_rgb(image), limits.max_side), limits)
    except MediaError:
        raise
    except UnidentifiedImageError:
        raise MediaError(f"{name} is not an image: {_describe(source)}") from None
    except Image.DecompressionBombError as error:
        raise MediaError(f"{name} is too large: {error}") from None
    except Exception as error:  # Pillow's plugins raise whatever hostile bytes provoke
        raise MediaError(f"{name} cannot be decoded: {str(error) or type(error).__name__}") from None


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


def _encode(image: Image.Image, limits: ImageLimits) -> EncodedImage:
    kind = limits.formats[0]
    buffer = io.BytesIO()
    image.save(buffer, kind.upper(), **_ENCODING[kind])
    data = buffer.getvalue()
    if len(data) > limits.max_bytes:
        raise MediaError(
            f"an image of {image.width}x{image.height} takes {len(data):,} bytes as {kind}, over the limit"
        )
    return EncodedImage(data, f"image/{kind}", image.width, image.height)


def _describe(source: bytes | Path) -> str:
    head = source[:32] if isinstance(source, bytes) else b""
    if head and all(byte in b"\t\n\r" or 32 <= byte < 127 for byte in head):
        return f"it begins with the text {head.decode('ascii')!r}"
    if is_heif(head_of(source)):
        return HEIC_CURE
    return "no known format begins like it"
