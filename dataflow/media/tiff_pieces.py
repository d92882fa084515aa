"""Some rows of a TIFF's tiles or strips as a small TIFF of their own: a very large one need not be read whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from struct import pack
from typing import IO, Any

WIDTH, LENGTH, ORIENTATION = 256, 257, 274
_BITS, _COMPRESSION, _SAMPLES, _PLANAR, _ROWS_PER_STRIP, _TILE_WIDTH, _TILE_LENGTH = 258, 259, 277, 284, 278, 322, 323
_STRIPS, _TILES = (273, 279), (324, 325)
"""Where pieces lie, and how many bytes each takes."""

_COPIED = (_BITS, _COMPRESSION, 262, 266, _SAMPLES, _PLANAR, 292, 293, 317, 320, 332, 338, 339, 347, 530)
"""Tags that say how pixels are written (TIFF 6.0; 347 holds the tables of JPEG, technical note 2)."""

_CODES = {1: "B", 3: "H", 4: "I", 7: "B"}
_LONG = 4
_RAW, _OLD_JPEG = 1, 6
_MOST_BYTES = 512 * 2**20
_RAW_ROWS = 64
_LONGEST_SIDE = 1 << 24


@dataclass(frozen=True, slots=True)
class TiffPieces:
    """How the pixels of a TIFF lie in its file.

    Args:
        tags: of its directory.
        kinds: the types of the tags.
        big_endian: the byte order.
        rows: pixel rows of a row of pieces.
        each: pieces in a row of them.
        planes: how often they come, each time with one channel.
        offsets: where each begins.
        counts: its bytes.
    """

    tags: Mapping[int, Any]
    kinds: Mapping[int, int]
    big_endian: bool
    rows: int
    each: int
    planes: int
    offsets: Sequence[int]
    counts: Sequence[int]

    def as_tiff(self, file: IO[bytes], top: int, rows: int) -> bytes:
        """Some rows as a TIFF.

        Args:
            file: the large one.
            top: the first pixel row, one at which pieces begin.
            rows: how many pixel rows.

        Raises:
            ValueError: they take too many bytes, or lie behind the end of the file.
        """
        down = ceil(self.tags[LENGTH] / self.rows)
        first, end = top // self.rows, min(down, ceil((top + rows) / self.rows))
        wanted = [
            plane * down * self.each + number
            for plane in range(self.planes)
            for number in range(first * self.each, end * self.each)
        ]
        if sum(self.counts[number] for number in wanted) > _MOST_BYTES:
            raise ValueError("its pieces take more bytes than their pixels can")
        parts = []
        for number in wanted:
            file.seek(self.offsets[number])
            parts.append(file.read(self.counts[number]))
            if self.counts[number] and not parts[-1]:
                raise ValueError("it is cut off")
        return self._written(parts, rows)

    def _written(self, parts: Sequence[bytes], rows: int) -> bytes:
        order = ">" if self.big_endian else "<"
        entries = {tag: (self.kinds[tag], _listed(self.tags[tag])) for tag in _COPIED if tag in self.tags}
        entries[WIDTH] = (_LONG, [self.tags[WIDTH]])
        entries[LENGTH] = (_LONG, [rows])
        places, sizes = _TILES if _TILE_WIDTH in self.tags else _STRIPS
        if places == _TILES[0]:
            entries |= {tag: (_LONG, [self.tags[tag]]) for tag in (_TILE_WIDTH, _TILE_LENGTH)}
        else:
            entries[_ROWS_PER_STRIP] = (_LONG, [self.rows])
        offsets, at = [], 8
        for part in parts:
            offsets.append(at)
            at += len(part)
        entries[places], entries[sizes] = (_LONG, offsets), (_LONG, [len(part) for part in parts])
        at += at % 2
        directory, further = [], b""
        behind = at + 2 + 12 * len(entries) + 4
        for tag, (kind, values) in sorted(entries.items()):
            value = pack(f"{order}{len(values)}{_CODES[kind]}", *values)
            if len(value) > 4:
                place, further = behind + len(further), further + value + bytes(len(value) % 2)
                value = pack(order + "I", place)
            directory.append(pack(order + "HHI", tag, kind, len(values)) + value.ljust(4, b"\x00"))
        head = (b"MM\x00*" if self.big_endian else b"II*\x00") + pack(order + "I", at)
        body = b"".join(parts)
        count = pack(order + "H", len(entries))
        return b"".join([head, body, bytes(len(body) % 2), count, *directory, bytes(4), further])


def pieces_of(tags: Mapping[int, Any], kinds: Mapping[int, int], big_endian: bool) -> TiffPieces | None:
    """How the pixels of a TIFF lie in its file; None where they cannot be read piece by piece.

    Args:
        tags: of its directory.
        kinds: the types of the tags.
        big_endian: the byte order.
    """
    width, length = tags[WIDTH], tags[LENGTH]
    tiled = _TILE_WIDTH in tags
    places, sizes = _TILES if tiled else _STRIPS
    known = all(kinds[tag] in _CODES for tag in _COPIED if tag in tags)
    if max(width, length) > _LONGEST_SIDE:
        return None
    if not known or places not in tags or sizes not in tags or tags.get(_COMPRESSION) == _OLD_JPEG:
        return None
    offsets, counts = _listed(tags[places]), _listed(tags[sizes])
    planes = tags.get(_SAMPLES, 1) if tags.get(_PLANAR, 1) == 2 else 1
    rows = tags[_TILE_LENGTH] if tiled else min(tags.get(_ROWS_PER_STRIP, length), length)
    each = ceil(width / tags[_TILE_WIDTH]) if tiled else 1
    if not tiled and len(offsets) == 1 and tags.get(_COMPRESSION, 1) == _RAW:
        # one strip of plain rows is as many as one likes
        row = ceil(width * bits_of(tags) / 8)
        rows = _RAW_ROWS
        tops = range(0, length, rows)
        offsets = [offsets[0] + top * row for top in tops]
        counts = [min(rows, length - top) * row for top in tops]
    if rows < 1 or len(offsets) != len(counts) or len(offsets) != ceil(length / rows) * each * planes:
        return None
    return TiffPieces(tags, kinds, big_endian, rows, each, planes, offsets, counts)


def bits_of(tags: Mapping[int, Any]) -> int:
    """How many bits a pixel takes, all its samples together."""
    return sum(_listed(tags.get(_BITS, 1)))


def _listed(value: Any) -> list[int]:
    return list(value) if isinstance(value, tuple | list | bytes) else [value]
