"""An image as a model gets it: its own bytes where they already fit, otherwise made to fit once."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from dataflow.core.errors import MediaError
from dataflow.media.files import open_regular
from dataflow.media.image_header import ImageHeader, read_header
from dataflow.media.image_limits import EncodedImage, ImageLimits, fits


def load_image(source: str | Path | bytes, limits: ImageLimits = ImageLimits()) -> EncodedImage:  # noqa: B008 - frozen
    """An image that fits the limits.

    The original bytes are kept when format, size and structure fit, which is checked without decoding. Otherwise
    Pillow decodes the first frame, turns it upright, lays transparency over white, and it is resized and encoded once,
    as the first of the formats; a drawing in few colours as PNG where that is no larger.

    Args:
        source: a path, a `data:` URL, or the encoded file as bytes. Call it on a thread: it reads and may decode.
        limits: what fits.

    Raises:
        MediaError: the image is missing, broken, cut off, no image, or beyond `max_image_pixels`.
    """
    name, data, header = _open(source, limits)
    if header is not None and fits(header, len(data), limits):
        return EncodedImage(data, f"image/{header.format}", header.width, header.height)
    from dataflow.media.image_decode import reencode

    in_memory = isinstance(source, bytes) or is_data_url(source) or len(data) <= limits.max_bytes
    return reencode(data if in_memory else Path(source), name, header, limits)  # type: ignore[arg-type]


def load_as_it_is(source: str | Path | bytes, limits: ImageLimits, largest: int) -> EncodedImage | None:
    """An image that needs no decoding, or None where it does or the file is larger than `largest` bytes.

    Raises:
        MediaError: as `load_image`.
    """
    limits = replace(limits, max_bytes=min(limits.max_bytes, largest))
    _, data, header = _open(source, limits)
    if header is None or not fits(header, len(data), limits):
        return None
    return EncodedImage(data, f"image/{header.format}", header.width, header.height)


def is_data_url(source: str | Path) -> bool:
    """Whether it carries its bytes in itself."""
    return isinstance(source, str) and source[:5].lower() == "data:"


def _open(source: str | Path | bytes, limits: ImageLimits) -> tuple[str, bytes, ImageHeader | None]:
    """What messages call an image, its bytes (of a file that is too large only so many), and its header."""
    if isinstance(source, str) and is_data_url(source):
        from dataflow.media.data_url import decode_data_url

        source = decode_data_url(source, limits.max_bytes)
    if isinstance(source, bytes):
        if not source:
            raise MediaError("an image of 0 bytes")
        name, data = f"an image of {len(source)} bytes", source
    else:
        name = str(source)
        with open_regular(source) as file:
            # one byte more than may pass: what is larger is left to the decoder, which reads from the file
            data = file.read(min(os.fstat(file.fileno()).st_size, limits.max_bytes + 1)) or b""
    return name, data, read_header(data)
