"""Where a video file says that it ends, so that one that was cut off, or goes on behind its end, is known as such."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from dataflow.media.files import open_regular

CUT_OFF = "the file is cut off: its format promises more than there is"
"""What a user is told of such a file."""

_MOST_BOXES = 10_000
_EBML, _SEGMENT = 0x1A45DFA3, 0x18538067
_MP4_BOXES = (b"ftyp", b"moov", b"mdat", b"free", b"wide", b"skip", b"styp", b"sidx", b"moof")


def is_cut_off(path: Path) -> bool:
    """Whether a file ends before its format says it does; False where the format does not say.

    Raises:
        MediaError: the file cannot be read.
    """
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        head = file.read(12) or b""
        if head[4:8] in _MP4_BOXES:
            end = max((end for _, end in mp4_boxes(file)), default=0)
        elif head[:4] == _EBML.to_bytes(4, "big"):
            end = _matroska_end(file)
        elif head[:4] == b"RIFF":
            end = _riff_end(file, size)
        elif head[:3] == b"GIF":
            file.seek(size - 1)
            return file.read(1) not in (b"\x3b", b"\x00")
        else:
            return False
    return end > size


def holds_another(path: Path) -> bool:
    """Whether an MP4 is followed by another in the same file: `cat a.mp4 b.mp4`.

    Raises:
        MediaError: the file cannot be read.
    """
    with open_regular(path) as file:
        head = file.read(12) or b""
        return head[4:8] == b"ftyp" and [kind for kind, _ in mp4_boxes(file)].count(b"ftyp") > 1


def mp4_boxes(file: BinaryIO) -> list[tuple[bytes, int]]:
    """The top-level boxes of an ISO base media file as (kind, end); the last may end beyond the file (ISO 14496-12)."""
    boxes: list[tuple[bytes, int]] = []
    at, size = 0, file.seek(0, os.SEEK_END)
    while at + 8 <= size and len(boxes) < _MOST_BOXES:
        file.seek(at)
        head = file.read(16) or b""
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        if length == 0:  # to the end of the file
            length = size - at
        if length < 8:
            break
        at += length
        boxes.append((head[4:8], at))
    return boxes


def _matroska_end(file: BinaryIO) -> int:
    """The end of the segment (RFC 9559); 0 for a live stream, which does not know it."""
    at = 0
    for _ in range(2):
        file.seek(at)
        head = file.read(12) or b""
        if len(head) < 12:
            return 0
        kind = int.from_bytes(head[:4], "big")
        length, width = _variable_size(head[4:])
        at += 4 + width + length
        if kind == _SEGMENT:
            return at if length != (1 << 7 * width) - 1 else 0
        if kind != _EBML:
            return 0
    return 0


def _variable_size(data: bytes) -> tuple[int, int]:
    """A length of EBML and how many bytes it takes (RFC 8794, section 4)."""
    width = 9 - data[0].bit_length()
    if width > 8:
        return 0, 1
    return int.from_bytes(data[:width], "big") & ((1 << 7 * width) - 1), width


def _riff_end(file: BinaryIO, size: int) -> int:
    """The end of the last RIFF chunk; a large AVI has several."""
    at = 0
    for _ in range(_MOST_BOXES):
        file.seek(at)
        head = file.read(8) or b""
        if head[:4] != b"RIFF":
            break
        at += 8 + int.from_bytes(head[4:8], "little")
        if at >= size:
            break
    return at
