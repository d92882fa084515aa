"""An image as a model gets it: its own bytes where they already fit, otherwise made to fit once."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Literal

from dataflow.core.errors import MediaError
from dataflow.media.files import open_regular
from dataflow.media.image_header import ImageHeader, begins_like_one, read_header
from dataflow.media.image_limits import EncodedImage, ImageLimits, fits
from dataflow.media.image_passes import keeps_decoders_busy

_SMALL, _BEGINNING = 1 << 20, 1 << 16
"""Bytes of files that are read at once, and of larger ones those in which most say what they are."""


def load_image(source: str | Path | bytes, limits: ImageLimits = ImageLimits()) -> EncodedImage:  # noqa: B008 - frozen
    """An image that fits the limits.

    The original bytes are kept when format, size and structure fit, which is checked without decoding. Otherwise
    Pillow decodes the first frame, turns it upright, lays transparency over white, and it is resized and encoded once,
    as the first of the formats; a drawing in few colours as PNG where that is no larger.

    Blocking, and trusting the decoder: pictures of others belong into `dataflow.media.image_job`, which runs this in a
    process of its own.

    Args:
        source: a path, a `data:` URL, or the encoded file as bytes.
        limits: what fits.

    Raises:
        MediaError: the image is missing, broken, cut off, no image, or beyond `max_image_pixels`.
    """
    name, data, header = _open(source, limits)
    if (image := _as_it_is(data, header, limits)) != "decode":
        return image
    from dataflow.media.image_decode import reencode

    in_memory = isinstance(source, bytes) or is_data_url(source) or len(data) <= limits.max_bytes
    return reencode(data if in_memory else Path(source), name, header, limits)  # type: ignore[arg-type]


def unless_decoded(
    source: str | Path | bytes, limits: ImageLimits, largest: int
) -> EncodedImage | Literal["decode"] | None:
    """An image that needs no decoding, `decode` where it does, or None where a file of more than `largest` bytes would
    have to be read to tell.

    Decodes nothing, and reads no more of a file than it needs: one that does not fit is known by its beginning.

    Raises:
        MediaError: as `load_image`.
    """
    if isinstance(source, bytes) or is_data_url(source):
        _, data, header = _open(source, limits)
        return _as_it_is(data, header, limits)
    with open_regular(source) as file:
        size = os.fstat(file.fileno()).st_size
        if size > limits.max_bytes:
            return "decode"
        if size > _SMALL:
            head = file.read(_BEGINNING) or b""
            header = read_header(head)
            if not begins_like_one(head) or (header and not fits(replace(header, whole=True), size, limits)):
                return "decode"
            if size > largest:
                return None
            file.seek(0)
        data = file.read(size) or b""
    return _as_it_is(data, read_header(data), limits)


def _as_it_is(data: bytes, header: ImageHeader | None, limits: ImageLimits) -> EncodedImage | Literal["decode"]:
    if header is None or not fits(header, len(data), limits) or keeps_decoders_busy(data, header, limits):
        return "decode"
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
