"""What can be saved of a damaged ledger: the answers whose checksums hold, wherever they lie in its file and its log.

SQLite gives up a table over one bad page. Here every page is looked at for itself, by https://sqlite.org/fileformat2.html:
a leaf of a table holds rows, a long row goes on in a chain of further pages, and the write-ahead log holds newer pages.
What is no page, no row or no answer is passed over; a checksum of eight bytes lets nothing else through.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from dataflow.engine.ledger_row import COLUMNS, Row, checksum

PAGE_BYTES = 4096
"""SQLite's default, which the ledger never changed."""

_LEAF = 0x0D
_LOG_HEADER, _FRAME_HEADER = 32, 24
_MOST_LOCAL = PAGE_BYTES - 35
_LEAST_LOCAL = (PAGE_BYTES - 12) * 32 // 255 - 23
_WIDTHS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}

_STORED = (
    *("key", "attempt", "text", "reasoning", "finish_reason", "input_tokens", "output_tokens", "model", "latency"),
    *("media", "verdict", "created", "cached_tokens", "checksum"),
)
"""The columns in the order in which all versions of the table have them; later ones stand at the end."""

_PLACES = tuple(_STORED.index(column) for column in COLUMNS)
_REALS = tuple(_STORED.index(column) for column in ("latency", "created"))
_PUT = f"INSERT OR REPLACE INTO answers (rowid, {', '.join(COLUMNS)}) VALUES (?{', ?' * len(COLUMNS)})"

Source = tuple[bytes, dict[int, bytes]]


def aside(path: Path) -> Path:
    """Where a damaged ledger is moved, and what can be saved of it is looked for."""
    return path.with_name(f"{path.name}.broken")


def left_of(path: Path) -> Source | None:
    """What lies of a ledger that was moved aside, for a new one at `path`: its file, and the newer pages of its log, be
    that beside it or left behind. None where there is nothing.

    Raises:
        OSError: it cannot be read.
    """
    broken = aside(path)
    if path.exists() or not broken.is_file():
        return None
    logs = (Path(f"{path}-wal"), Path(f"{broken}-wal"))
    pages = {number: page for log in logs if log.is_file() for number, page in _pages_of_log(log.read_bytes())}
    return broken.read_bytes(), pages


def save_answers(db: sqlite3.Connection, source: Source) -> int:
    """Put all whole answers into a new ledger, of several to the same question the one that was written last.

    Returns:
        How many there are now.
    """
    file, newer = source
    older = {number + 1: file[at : at + PAGE_BYTES] for number, at in enumerate(range(0, len(file), PAGE_BYTES))}
    for pages in (older, {**older, **newer}):
        for rowid, row in _answers(pages):
            found = db.execute("SELECT rowid FROM answers WHERE key=? AND attempt=?", row[:2]).fetchone()
            if found is None or found[0] <= rowid:
                db.execute(_PUT, (rowid, *row))
    (count,) = db.execute("SELECT count(*) FROM answers").fetchone()
    return int(count)


def save_charges(db: sqlite3.Connection, path: Path) -> bool:
    """Take over what was paid, where SQLite can still read all of it; says whether it can.

    Args:
        db: the new ledger.
        path: where it lies.
    """
    try:
        with closing(sqlite3.connect(f"{aside(path).absolute().as_uri()}?mode=ro", uri=True)) as broken:
            rows = broken.execute("SELECT * FROM charges").fetchall()
        db.executemany("INSERT OR REPLACE INTO charges VALUES (?,?,?,?,?,?,?,?,?,?)", rows)
    except (sqlite3.Error, UnicodeDecodeError):
        return False
    return bool(rows)


def _pages_of_log(log: bytes) -> Iterator[tuple[int, bytes]]:
    """The pages of a write-ahead log with their numbers, the newest last."""
    for at in range(_LOG_HEADER, len(log) - _FRAME_HEADER - PAGE_BYTES + 1, _FRAME_HEADER + PAGE_BYTES):
        (number,) = struct.unpack_from(">I", log, at)
        yield number, log[at + _FRAME_HEADER : at + _FRAME_HEADER + PAGE_BYTES]


def _answers(pages: dict[int, bytes]) -> Iterator[tuple[int, Row]]:
    """All whole answers in all leaves, in the columns of `COLUMNS`, with their row numbers."""
    for number, page in pages.items():
        head = 100 if number == 1 else 0
        if len(page) < PAGE_BYTES or page[head] != _LEAF:
            continue
        for cell in range(struct.unpack_from(">H", page, head + 3)[0]):
            try:
                (at,) = struct.unpack_from(">H", page, head + 8 + 2 * cell)
                length, at = _varint(page, at)
                rowid, at = _varint(page, at)
                row = _row(_payload(pages, page, at, length))
            except (IndexError, KeyError, ValueError, struct.error):
                continue
            if row is not None:
                yield rowid, row


def _payload(pages: dict[int, bytes], page: bytes, at: int, length: int) -> bytes:
    """What a cell holds, with what lies in further pages."""
    if length <= _MOST_LOCAL:
        return page[at : at + length]
    local = _LEAST_LOCAL + (length - _LEAST_LOCAL) % (PAGE_BYTES - 4)
    local = local if local <= _MOST_LOCAL else _LEAST_LOCAL
    parts, missing = [page[at : at + local]], length - local
    (following,) = struct.unpack_from(">I", page, at + local)
    for _ in range(len(pages)):  # a damaged chain may lead in a circle
        if missing <= 0:
            break
        part = pages[following]
        parts.append(part[4 : 4 + missing])
        missing -= PAGE_BYTES - 4
        (following,) = struct.unpack_from(">I", part, 0)
    return b"".join(parts)


def _row(payload: bytes) -> Row | None:
    """The answer that a record is; None where it is none, or not the one that was written."""
    end, at = _varint(payload, 0)
    kinds = []
    while at < end:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    if len(kinds) != len(_STORED):
        return None
    values: list[object] = []
    for kind in kinds:
        value, at = _value(payload, at, kind)
        values.append(value)
    for place in _REALS:  # whole numbers are stored as such, whatever the column's type
        values[place] = float(str(values[place]))
    row = tuple(values[place] for place in _PLACES)
    if checksum(row[:-1]) != row[-1]:
        return None
    # Text was read as bytes, for which the checksum is the same; the table wants text where text was.
    texts = tuple(kind % 2 == 1 and kind >= 13 for kind in kinds)
    return tuple(
        value.decode() if isinstance(value, bytes) and texts[place] else value
        for place, value in zip(_PLACES, row, strict=True)
    )


def _value(payload: bytes, at: int, kind: int) -> tuple[object, int]:
    """A value of a record by its type, and where the next one begins."""
    if kind >= 12:
        end = at + (kind - 12) // 2
        if end > len(payload):
            raise ValueError("it ends before")
        return payload[at:end], end
    if kind == 7:
        return struct.unpack_from(">d", payload, at)[0], at + 8
    if kind in (8, 9):
        return kind - 8, at
    if kind == 0:
        return None, at
    width = _WIDTHS[kind]
    return int.from_bytes(payload[at : at + width], "big", signed=True), at + width


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of up to nine bytes, seven bits in each but the last, and where the next thing begins."""
    value = 0
    for place in range(8):
        byte = data[at + place]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + place + 1
    return value << 8 | data[at + 8], at + 9
