"""The slow way of an image: decoded by Pillow, upright, in RGB over white, resized and encoded once."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from dataflow.core.errors import MediaError
from dataflow.media.image_cost import bytes_to_decode
from dataflow.media.image_file import allow_pixels, bare_of, open_image, stored_orientation, why_unreadable
from dataflow.media.image_header import ImageHeader
from dataflow.media.image_limits import EncodedImage, ImageLimits, fits, refuse_bomb, refuse_bytes
from dataflow.media.image_passes import refuse_passes
from dataflow.media.image_pixels import to_rgb, upright
from dataflow.media.image_reduced import reduce_on_load
from dataflow.media.tiff_bands import in_bands

_ENCODING = {
    "jpeg": {"quality": 90, "subsampling": 0},  # full chroma: screenshots have coloured text
    "png": {"compress_level": 4},
    "webp": {"quality": 90},
}

_LOSSY = frozenset({"JPEG", "MPO", "JPEG2000", "AVIF", "HEIF"})
"""Formats, as Pillow calls them, whose few colours are those of a grey photograph and not of a drawing."""

_FEW_COLOURS = 256


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
        except (MediaError, MemoryError):
            raise
        except Exception:  # what follows the pixels is read while they are decoded: without it, they may be whole
            pixels = bare_of(source)
            if pixels is None:
                raise
            return _reencode(pixels, name, header, limits)
    except MemoryError:  # whoever bounds the memory tells of it
        raise
    except Exception as error:  # Pillow's plugins raise whatever hostile bytes provoke
        raise why_unreadable(source, name, error) from None


def _reencode(source: bytes | Path, name: str, header: ImageHeader | None, limits: ImageLimits) -> EncodedImage:
    allow_pixels(limits.max_image_pixels)
    refuse_passes(name, source, header, limits)
    with open_image(source) as image:
        pixels = in_bands(image, limits) if isinstance(image, TiffImageFile) else None
        if pixels is None:
            held = reduce_on_load(image, header, limits.max_side)
            refuse_bomb(name, *held, limits)
            refuse_bytes(name, bytes_to_decode(image, *held, header), limits)
            image.load()
            if isinstance(source, bytes) and header is not None and fits(header, len(source), limits, _opaque(image)):
                return EncodedImage(source, f"image/{header.format}", header.width, header.height)
            pixels = upright(to_rgb(image), stored_orientation(image, header))
        return _encode(_shrink(pixels, limits.max_side), limits, image.format not in _LOSSY)


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
    image.info.clear()  # Pillow would write a comment and a profile into the new file, of whatever size
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
