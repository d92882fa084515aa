"""Values with a head line, separated by commas, or by semicolons, tabs or bars where the head is. Lists, dicts, nulls
and numbers survive: `cells` says how."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from dataflow.core.causes import said_by
from dataflow.core.errors import InputError, SampleError
from dataflow.core.excerpt import excerpt
from dataflow.core.sample import Sample
from dataflow.core.storage import BadRow
from dataflow.storage.formats import text_file
from dataflow.storage.formats.cells import (
    SEPARATORS,
    begins_formula,
    decode_cell,
    decode_name,
    encode_cell,
    encode_name,
)
from dataflow.storage.formats.jsonl import BOM
from dataflow.storage.formats.packed import format_name, opened
from dataflow.storage.formats.replay import replayed
from dataflow.storage.formats.text_file import count_if_small, lines_of, refuse_utf16, too_long
from dataflow.storage.formats.wanted import EVERYTHING, Mending, Wanted
from dataflow.storage.json_text import SHOWN_CHARACTERS, BadText, decode, shown

HEAD_BYTES = 1 << 16
_QUOTED = re.compile(rb'"(?:[^"]|"")*"')

# The module's own limit of 128 KiB is less than a long conversation; this one still stops a quote never closed.
csv.field_size_limit(1 << 26)


def read(path: Path, wanted: Wanted = EVERYTHING) -> Iterator[Sample | BadRow]:
    """Stream the rows; one with more or fewer cells than the head comes as a BadRow.

    Raises:
        InputError: another encoding, a quote never closed, columns of the same name.
    """
    mending = Mending(str(path), wanted)
    with opened(path) as file:
        refuse_utf16(path, file)
        lines = _Lines(path, file)
        separator = "\t" if format_name(path) == "tsv" else _separator(file.peek(HEAD_BYTES)[:HEAD_BYTES])
        table = csv.reader(lines.read(), strict=True, delimiter=separator)
        names = _head(path, lines, table)
        row = 0
        while True:
            begin = lines.begin_row()
            try:
                cells = next(table)
            except StopIteration:
                mending.tell()
                return
            except csv.Error as error:
                _refuse_open_quote(path, begin, error)
                row += 1
                yield BadRow(row, f"{path}:{begin}: {said_by(error)}", shown(lines.seen))
                continue
            if not cells:
                continue
            row += 1
            if len(cells) == len(names):
                sample: Sample | None = {n: decode_cell(cell) for n, cell in zip(names, cells, strict=True) if cell}
                if lines.undecodable:
                    sample = mending.row(sample)
                    if sample is None:
                        raise lines.undecodable
                yield sample or {}
            else:
                problem = f"{path}:{begin}: {len(cells)} cells, but the head names {len(names)} columns"
                yield BadRow(row, f"{problem} (a text with {separator!r} in it needs quotes)", shown(lines.seen))


def count(path: Path) -> int | None:
    """How many rows there are; None for a large file."""
    return count_if_small(path, read)


def write(
    file: BinaryIO, rows: Iterable[Sample], safe: bool = False, warn: Callable[[str], None] = lambda _: None
) -> None:
    """A head with every column, in the order of first appearance, then the rows. Reads the rows to the end first.

    Args:
        file: to write to.
        rows: the samples.
        safe: write texts that spreadsheets would take for formulas so that they do not.
        warn: told of such texts where they are written as they are.
    """
    formulas = _Formulas()
    columns: dict[str, None] = {}
    empty_rows = False

    def look(row: Sample) -> None:
        nonlocal empty_rows
        columns.update(dict.fromkeys(row))
        empty_rows = empty_rows or not row

    with replayed(rows, file, look) as again:
        if not columns:
            if empty_rows:
                raise SampleError("no row has any column, so there is nothing that csv can hold")
            return
        text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=False)
        table = csv.writer(text, lineterminator="\n")
        head = [encode_name(name, safe) for name in columns]
        formulas.look(0, head, head)
        table.writerow(head)
        for number, row in enumerate(map(orjson.loads, again), 1):
            cells = [encode_cell(row[name], safe) if name in row else "" for name in columns]
            texts = [cell if isinstance(row.get(name), str) else "" for name, cell in zip(columns, cells, strict=True)]
            formulas.look(number, texts, columns)
            table.writerow(cells)
        text.flush()
        text.detach()
    formulas.tell(warn)


class _Formulas:
    """Counts the cells whose text spreadsheets take for a formula, and knows the first."""

    def __init__(self) -> None:
        self._count = 0
        self._first = ""

    def look(self, row: int, texts: Iterable[str], columns: Iterable[str]) -> None:
        """Take in the texts of a row; the head is row 0."""
        for text, name in zip(texts, columns, strict=True):
            if begins_formula(text):
                self._count += 1
                self._first = self._first or f"{f'row {row}' if row else 'the head'}, column {excerpt(name)}"

    def tell(self, warn: Callable[[str], None]) -> None:
        """Say so, if there are any."""
        if self._count:
            cells = "1 cell begins" if self._count == 1 else f"{self._count:,} cells begin"
            warn(
                f"{cells} with = + - @ or a tab, which spreadsheets take for a formula (the first: {self._first}). "
                "Before you open it in one, write it with --csv-safe (in Python: csv_safe=True)"
            )


class _Lines:
    """The lines of the file as text, counted, remembering the beginning of the row that is being read."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path = path
        self._lines = lines_of(file)
        self._held = 0
        self.number = 0
        self.seen = ""
        self.undecodable: InputError | None = None
        """What is wrong with the row that is being read, where it is not UTF-8."""

    def begin_row(self) -> int:
        """Forget the row before; returns the line on which the next begins."""
        self._held = 0
        self.seen = ""
        self.undecodable = None
        return self.number + 1

    def read(self) -> Iterator[str]:
        """The lines, to the end of the file."""
        most = text_file.LONGEST_ROW
        for line in self._lines:
            self.number += 1
            self._held += len(line)
            if self._held > most:
                raise InputError(
                    f"{self._path}:{self.number}: {too_long()}. Is a quote opened before and never closed?"
                )
            if self.number == 1:
                line = line.removeprefix(BOM)
            try:
                text = line.decode()
            except UnicodeDecodeError:
                text = self._undecodable_line(line)
            if len(self.seen) < SHOWN_CHARACTERS:
                self.seen += text[:SHOWN_CHARACTERS]
            yield text

    def _undecodable_line(self, line: bytes) -> str:
        try:
            decode(line, self.number)
        except BadText as error:
            wrong = InputError(f"{self._path}:{error.line}: column {error.column}: {error.problem}")
            if self.number == 1:
                raise wrong from None
            self.undecodable = self.undecodable or wrong
        return line.decode("utf-8", "surrogateescape")


def _separator(head: bytes) -> str:
    """What stands between the names of columns: a comma, if one does outside quotes."""
    line = next((line for line in head.removeprefix(BOM).splitlines() if line.strip()), b"")
    bare = _QUOTED.sub(b"", line)
    return next((mark for mark in ("," + SEPARATORS) if mark.encode() in bare), ",")


def _head(path: Path, lines: _Lines, table: Any) -> list[str]:
    cells: list[str] = []
    try:
        while not cells:
            cells = next(table, ["\n"])
    except csv.Error as error:
        _refuse_open_quote(path, 1, error)
        raise InputError(f"{path}:{lines.number}: the head line cannot be read: {said_by(error)}") from None
    if cells == ["\n"]:
        return []
    names = [decode_name(cell) if cell else f"column_{number}" for number, cell in enumerate(cells, 1)]
    if twice := sorted(name for name, times in Counter(names).items() if times > 1):
        raise InputError(f"{path}:{lines.number}: two columns are named {excerpt(twice[0])!r}. Rename one")
    return names


def _refuse_open_quote(path: Path, line: int, error: csv.Error) -> None:
    if "unexpected end of data" in str(error) or "field larger" in str(error):
        raise InputError(f"{path}:{line}: a quote is opened in this row and never closed. Close it there") from None
