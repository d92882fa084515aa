"""A picture without what is written about it: for files whose pixels are whole and whose EXIF, profile or text is not.

Pillow reads all of that when it opens a file, and gives the file up over any of it.
"""

from __future__ import annotations

from collections.abc import Callable
from struct import error as StructError
from struct import pack, unpack_from
from typing import BinaryIO

from dataflow.media.heif import is_avif, is_heif

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_NEEDED = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_JPEG_DROPPED = frozenset({*range(0xE1, 0xEE), 0xEF, 0xFE})
"""APP0 (JFIF) and APP14 (Adobe) say how colours are stored; the other application segments and comments do not."""

_MOST_EXIF = 16
"""Segments of EXIF or XMP, of 64 KB each."""

_SEGMENTS_SEEN = 1000
_WEBP_DROPPED = frozenset({b"EXIF", b"XMP ", b"ICCP"})
_WEBP_FLAGS = 0x20 | 0x08 | 0x04
"""Of a profile, EXIF and XMP (RFC 9649, section 2.7)."""


def has_pixels_apart(head: bytes) -> bool:
    """Whether a file that begins with these 12 bytes is in a format of which `bare` can leave something out."""
    return _reader(head) is not None


def bare(data: bytes) -> bytes | None:
    """The file with its pixels alone; None where its format is not known here or nothing could be left out.

    Args:
        data: a whole JPEG, PNG, WebP, AVIF or HEIC file.
    """
    reader = _reader(data[:12])
    try:
        left = reader(data) if reader else data
    except (StructError, IndexError):
        return None
    return left if left != data else None


def is_wordy(file: BinaryIO) -> bool:
    """Whether a file is a JPEG with more EXIF than any camera writes: Pillow joins its segments, each time anew.

    Args:
        file: open at its beginning, where it is left.
    """
    at, found = 2, 0
    if file.read(3) == b"\xff\xd8\xff":
        for _ in range(_SEGMENTS_SEEN):
            file.seek(at)
            head = file.read(4)
            if len(head) < 4 or head[0] != 0xFF or head[1] == 0xDA:
                break
            found += head[1] == 0xE1
            at += 1 if head[1] == 0xFF else 2 + max(2, unpack_from(">H", head, 2)[0])
    file.seek(0)
    return found > _MOST_EXIF


def _reader(head: bytes) -> Callable[[bytes], bytes] | None:
    if head[:3] == b"\xff\xd8\xff":
        return _jpeg
    if head[:8] == _PNG:
        return _png
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _webp
    return _heif if is_heif(head) or is_avif(head) else None


def _jpeg(data: bytes) -> bytes:
    kept, at = [data[:2]], 2
    while data[at] == 0xFF and data[at + 1] != 0xDA:
        if data[at + 1] == 0xFF:  # fill bytes before a marker
            at += 1
            continue
        end = at + 2 + unpack_from(">H", data, at + 2)[0]
        if data[at + 1] not in _JPEG_DROPPED:
            kept.append(data[at:end])
        at = end
    return b"".join([*kept, data[at:]])


def _png(data: bytes) -> bytes:
    kept, at = [_PNG], 8
    while at + 12 <= len(data):
        end = at + 12 + unpack_from(">I", data, at)[0]
        if data[at + 4 : at + 8] in _PNG_NEEDED:
            kept.append(data[at:end])
        at = end
    return b"".join(kept)


def _webp(data: bytes) -> bytes:
    kept, at = [], 12
    while at + 8 <= len(data):
        length = unpack_from("<I", data, at + 4)[0]
        end = at + 8 + length + (length & 1)
        if data[at : at + 4] == b"VP8X":
            kept.append(data[at : at + 8] + bytes([data[at + 8] & ~_WEBP_FLAGS]) + data[at + 9 : end])
        elif data[at : at + 4] not in _WEBP_DROPPED:
            kept.append(data[at:end])
        at = end
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + pack("<I", len(body)) + body


def _heif(data: bytes) -> bytes:
    """Items have their names in the first boxes; under another name, none is looked for (ISO/IEC 23008-12, annex A)."""
    at = unpack_from(">I", data)[0]
    end = at + unpack_from(">I", data, at)[0]
    if data[at + 4 : at + 8] != b"meta":
        return data
    return data[:at] + data[at:end].replace(b"Exif", b"none") + data[end:]
