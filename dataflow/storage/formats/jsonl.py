"""JSON Lines: one object per line. A line that is none costs that line only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import orjson

from dataflow.core.sample import Sample
from dataflow.core.storage import BadRow
from dataflow.storage.formats import text_file
from dataflow.storage.formats.packed import is_packed, opened
from dataflow.storage.formats.text_file import count_if_small, lines_of, refuse_utf16, too_long
from dataflow.storage.formats.wanted import EVERYTHING, Mending, Wanted
from dataflow.storage.json_text import SHOWN_CHARACTERS, BadText, dump_row, load, load_undecodable, shown

BOM = b"\xef\xbb\xbf"


def read(path: Path, wanted: Wanted = EVERYTHING) -> Iterator[Sample | BadRow]:
    """Stream the objects, one line in memory at a time. Blank lines are no rows."""
    with opened(path) as file:
        refuse_utf16(path, file)
        yield from read_lines(str(path), lines_of(file), wanted)


def read_lines(name: str, lines: Iterable[bytes], wanted: Wanted = EVERYTHING) -> Iterator[Sample | BadRow]:
    """Stream the objects of lines that come from anywhere.

    Args:
        name: what messages call the file.
        lines: its lines.
        wanted: by whom it is read.
    """
    row, most = 0, text_file.LONGEST_ROW
    mending = Mending(name, wanted)
    for number, line in enumerate(lines, 1):
        if number == 1:
            line = line.removeprefix(BOM)
        if not line.strip():
            continue
        row += 1
        if len(line) > most:
            yield BadRow(row, f"{name}:{number}: {too_long()}", shown(line[:SHOWN_CHARACTERS]))
            continue
        try:
            value = load(line)
        except BadText as error:
            if (mended := _mended(line, mending)) is not None:
                yield mended
                continue
            problem = f"{name}:{number}: column {error.column}: {error.problem}{_cure(row, line)}"
            yield BadRow(row, problem, shown(line))
            continue
        if isinstance(value, dict):
            yield value
        else:
            problem = f"{name}:{number}: a row must be an object, this is {kind(value)}{_cure(row, line)}"
            yield BadRow(row, problem, shown(line))
    mending.tell()


def _mended(line: bytes, mending: Mending) -> Sample | None:
    try:
        return mending.row(load_undecodable(line))
    except (ValueError, RecursionError):
        return None


def count(path: Path) -> int | None:
    """How many lines there are that are not blank; None for a large file that is packed."""
    if is_packed(path):
        return count_if_small(path, read)
    with open(path, "rb") as file:
        return sum(1 for line in lines_of(file) if not line.isspace())


def write(file: BinaryIO, rows: Iterable[Sample]) -> None:
    """One line for each row."""
    for row in rows:
        file.write(dump_row(row) + b"\n")


def kind(value: object) -> str:
    """What JSON calls a value that is no object."""
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        return "a string"
    if value is None or isinstance(value, bool):
        return str(orjson.dumps(value), "ascii")
    return "a number"


def _cure(row: int, line: bytes) -> str:
    if row == 1 and line.lstrip().startswith(b"["):
        return " (a JSON array, it seems: then name the file .json)"
    if row == 1 and line.strip() == b"{":
        return " (an object over several lines, it seems: put each on one line, or all in a list in a .json file)"
    return ""
