"""What an image's bytes say about themselves, read from their structure alone: no pixel is decoded.

This is what lets an image that already fits go to the model untouched, in microseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct, unpack_from
from struct import error as StructError

from dataflow.media.exif import exif_orientation

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"
_BIG_U16 = Struct(">H")
_BIG_U32 = Struct(">I")
_LITTLE_U32 = Struct("<I")
_MOST_PARTS = 20_000
"""Segments or chunks that are looked at; writers cut a picture into pieces of 8 KB or more."""


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """The header of an image.

    Args:
        format: `jpeg`, `png` or `webp`.
        width: pixels, as stored.
        height: pixels, as stored.
        plain: every reader shows the same picture, transparency aside: upright, still, alone, 8 bits, grey or RGB.
        whole: the structure is complete up to the end marker.
        alpha: there may be transparency, which readers lay over different grounds.
        orientation: how it is to be turned for display, as EXIF numbers it, 1 to 8; 1 is upright.
        at_once: a JPEG whose blocks come in one pass, so that it can be read small without being held whole.
    """

    format: str
    width: int
    height: int
    plain: bool
    whole: bool
    alpha: bool = False
    orientation: int = 1
    at_once: bool = False


def begins_like_one(head: bytes) -> bool:
    """Whether a file that begins with these bytes may be a JPEG, PNG or WebP."""
    return head[:3] == b"\xff\xd8\xff" or head[:8] == _PNG or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")


def read_header(data: bytes) -> ImageHeader | None:
    """The header, or None where the bytes are no JPEG, PNG or WebP or their header is broken."""
    try:
        if data[:3] == b"\xff\xd8\xff":
            return _jpeg(data)
        if data[:8] == _PNG:
            return _png(data)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data)
    except (StructError, IndexError):
        pass
    return None


def _jpeg(data: bytes) -> ImageHeader | None:
    """Walk the marker segments up to the first scan (ITU-T T.81, annex B)."""
    at = 2
    exif: bytes | None = None
    alone, frame = True, None
    for _ in range(_MOST_PARTS):
        if data[at] != 0xFF:
            break
        marker = data[at + 1]
        if marker == 0xFF:  # fill bytes before a marker
            at += 1
            continue
        if marker == 0xDA:
            break
        length = _BIG_U16.unpack_from(data, at + 2)[0]
        if marker == 0xE1 and exif is None and data[at + 4 : at + 10] == b"Exif\x00\x00":
            exif = data[at + 10 : at + 2 + length]
        elif marker == 0xE2 and data[at + 4 : at + 8] == b"MPF\x00":  # more pictures follow (CIPA DC-007)
            alone = False
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            precision, height, width, components = unpack_from(">BHHB", data, at + 4)
            frame = (marker, precision, width, height, components)
        at += 2 + length
    if frame is None or data[at : at + 2] != b"\xff\xda":
        return None
    marker, precision, width, height, components = frame
    orientation = exif_orientation(exif or b"")
    # 4 components are CMYK; markers beyond C2 are lossless or arithmetic, which few readers know
    usual = marker <= 0xC2 and precision == 8 and components in (1, 3) and width > 0 and height > 0
    plain = usual and alone and orientation == 1
    at_once = marker <= 0xC1 and data[at + 4] == components
    whole = data[-2:] == b"\xff\xd9"
    return ImageHeader("jpeg", width, height, plain, whole, orientation=orientation, at_once=at_once)


def _png(data: bytes) -> ImageHeader | None:
    """Walk the chunks to the end (W3C PNG, section 5)."""
    if data[12:16] != b"IHDR":
        return None
    width, height, depth, colour = unpack_from(">IIBB", data, 16)
    alpha, plain, orientation, end = colour in (4, 6), depth <= 8, 1, len(data)
    at, pixels = 8, False
    for _ in range(_MOST_PARTS):
        if at + 12 > end:
            break
        kind = data[at + 4 : at + 8]
        length = _BIG_U32.unpack_from(data, at)[0]
        if kind == b"IDAT":
            pixels = True
        elif kind == b"tRNS":
            alpha = True
        elif kind == b"acTL":
            plain = False
        elif kind == b"eXIf":
            orientation = exif_orientation(data[at + 8 : at + 8 + length])
        at += 12 + length
    whole = pixels and at == end and data[-len(_PNG_END) :] == _PNG_END
    return ImageHeader("png", width, height, plain and orientation == 1, whole, alpha, orientation)


def _webp(data: bytes) -> ImageHeader | None:
    """Read the RIFF chunks (RFC 9649)."""
    whole = _LITTLE_U32.unpack_from(data, 4)[0] + 8 <= len(data)
    kind = data[12:16]
    if kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = unpack_from("<HH", data, 26)
        return ImageHeader("webp", width & 0x3FFF, height & 0x3FFF, True, whole)
    if kind == b"VP8L" and data[20] == 0x2F:
        bits = _LITTLE_U32.unpack_from(data, 21)[0]
        return ImageHeader("webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, True, whole, bool(bits >> 28 & 1))
    if kind == b"VP8X":
        flags = data[20]
        width = int.from_bytes(data[24:27], "little") + 1
        height = int.from_bytes(data[27:30], "little") + 1
        orientation = exif_orientation(_webp_exif(data)) if flags & 0x08 else 1
        plain = not flags & 0x02 and orientation == 1
        return ImageHeader("webp", width, height, plain, whole, bool(flags & 0x10), orientation)
    return None


def _webp_exif(data: bytes) -> bytes:
    at = 12
    while at + 8 <= len(data):
        length = _LITTLE_U32.unpack_from(data, at + 4)[0]
        if data[at : at + 4] == b"EXIF":
            return data[at + 8 : at + 8 + length]
        at += 8 + length + (length & 1)
    return b""
