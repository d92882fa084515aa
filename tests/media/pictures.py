"""Pictures with something wrong, or odd, in what is written about them."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image

JUNK = b"\xff\xff\xff\xff\x00\x00\x00\x08"
LOOP = b"II*\x00\x08\x00\x00\x00\x01\x00\x69\x87\x04\x00\x01\x00\x00\x00\x08\x00\x00\x00\x08\x00\x00\x00"
"""A directory whose inner directory and whose next one are itself."""

DAMAGED_EXIF = {
    "junk": JUNK,
    "only its byte order": b"MM",
    "a directory outside": b"MM\x00*\xff\xff\xff\xff",
    "a cut directory": b"II*\x00\x08\x00\x00\x00\x40\x00\x12\x01",
    "a loop": LOOP,
    "empty": b"",
    "large": b"II*\x00\x08\x00\x00\x00\xff\xff" + bytes(60_000),
}


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """A picture as a file."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


def exif_of(orientation: int) -> bytes:
    """An EXIF block behind its prefix."""
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags.tobytes()


def png_chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def with_exif(image: Image.Image, kind: str, exif: bytes) -> bytes:
    """A file with any bytes as its EXIF block: Pillow itself writes none that are damaged into some formats."""
    if kind == "PNG":
        plain = encoded(image, "PNG")
        return plain[:33] + png_chunk(b"eXIf", exif) + plain[33:]
    if kind == "JPEG":
        body = b"Exif\x00\x00" + exif
        return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(body) + 2) + body + encoded(image, "JPEG")[2:]
    if kind in ("AVIF", "HEIF"):  # the block is written whole, then overwritten
        place = b"II*\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00" + b"\xaa" * max(0, len(exif) - 14)
        data = encoded(image, kind, exif=place)
        return data.replace(place, exif.ljust(len(place), b"\xaa"))
    return encoded(image, kind, exif=exif)
