"""A JSON array of objects. Ours hold one element per line and are streamed back; any other is parsed whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from dataflow.core.errors import InputError
from dataflow.core.sample import Sample
from dataflow.core.storage import BadRow
from dataflow.storage.formats import text_file
from dataflow.storage.formats.jsonl import BOM, kind
from dataflow.storage.formats.packed import opened
from dataflow.storage.formats.text_file import count_if_small, lines_of, refuse_utf16, whole
from dataflow.storage.formats.wanted import EVERYTHING, Mending, Wanted
from dataflow.storage.json_text import BadText, dump, dump_row, load, load_undecodable, shallow, shown


def read(path: Path, wanted: Wanted = EVERYTHING) -> Iterator[Sample | BadRow]:
    """Stream the elements; what is not an object comes as a BadRow.

    Raises:
        InputError: the file is not JSON, or no array.
    """
    read_so_far = 0
    try:
        with opened(path) as file:
            refuse_utf16(path, file)
            for row in _by_line(file):
                yield row
                read_so_far += 1
        return
    except _NotByLine:
        pass
    with opened(path) as file:
        yield from islice(_whole(path, whole(path, file), wanted), read_so_far, None)


def count(path: Path) -> int | None:
    """How many rows there are; None for a large file."""
    return count_if_small(path, read)


def write(file: BinaryIO, rows: Iterable[Sample]) -> None:
    """An array with one element per line."""
    before = b"[\n"
    for row in rows:
        file.write(before + dump_row(row))
        before = b",\n"
    file.write(b"\n]\n" if before == b",\n" else b"[\n]\n")


class _NotByLine(Exception):
    """The array is laid out in another way than ours."""


def _by_line(file: BinaryIO) -> Iterator[Sample]:
    if next(lines_of(file), b"").removeprefix(BOM).strip() != b"[":
        raise _NotByLine
    comma, most = None, text_file.LONGEST_ROW
    for line in lines_of(file):
        if len(line) > most:
            raise _NotByLine
        line = line.strip()
        if line == b"]":
            if comma or any(rest.strip() for rest in lines_of(file)):
                raise _NotByLine
            return
        if comma is False:
            raise _NotByLine
        comma = line.endswith(b",")
        try:
            value = shallow(orjson.loads(line[:-1] if comma else line), line)
        except orjson.JSONDecodeError:
            raise _NotByLine from None
        if not isinstance(value, dict):
            raise _NotByLine
        yield value
    raise _NotByLine


def _whole(path: Path, text: bytes, wanted: Wanted) -> Iterator[Sample | BadRow]:
    if not text.strip():
        raise InputError(f"{path}: the file is empty, it holds no samples. It should be a list: [ {{...}}, {{...}} ]")
    for number, value in enumerate(_mended(path, text, wanted) or _array(path, text), 1):
        if isinstance(value, dict):
            yield value
        else:
            problem = f"{path}: row {number}: a row must be an object, this is {kind(value)}"
            yield BadRow(number, problem, shown(dump(value)))


def _mended(path: Path, text: bytes, wanted: Wanted) -> list[Any] | None:
    """The elements of a file with bytes that are no UTF-8, where nobody looks at the fields that hold them."""
    if wanted.columns is None or text.isascii():
        return None
    try:
        text.decode()
        return None
    except UnicodeDecodeError:
        pass
    mending = Mending(str(path), wanted)
    try:
        rows = load_undecodable(text.removeprefix(BOM))
    except (ValueError, RecursionError):
        return None
    mended = [mending.row(row) for row in rows] if isinstance(rows, list) else [None]
    if any(row is None for row in mended):
        return None
    mending.tell()
    return mended


def _array(path: Path, text: bytes) -> list[Any]:
    try:
        value = load(text.removeprefix(BOM))
    except BadText as error:
        lines = error.line > 1 and _is_object(text.removeprefix(BOM).split(b"\n", 1)[0])
        cure = "This looks like JSON Lines: name the file .jsonl" if lines else "Correct it there"
        raise InputError(
            f"{path}: not JSON: line {error.line}, column {error.column}: {error.problem}. {cure}"
        ) from None
    if isinstance(value, dict):
        raise InputError(f"{path}: an object where a list of samples is expected. Wrap it in [ ]")
    if not isinstance(value, list):
        raise InputError(f"{path}: {kind(value)} where a list of samples is expected, such as [ {{...}}, {{...}} ]")
    return value


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False
