"""Rows of a file by their number, without holding them: where each begins is known, and it is read when shown.

JSON Lines and our own JSON arrays are read where they lie, and may grow while they are read. What has no lines (csv,
parquet, JSON laid out otherwise) is copied once, as it streams, to a nameless temporary file that has.
"""

from __future__ import annotations

import itertools
import os
import tempfile
import weakref
from array import array
from collections.abc import Iterator
from pathlib import Path

from dataflow.core.sample import Sample
from dataflow.core.storage import BadRow
from dataflow.runs.names import SPOOL
from dataflow.storage.formats import read_rows
from dataflow.storage.formats.jsonl import BOM, kind
from dataflow.storage.json_text import BadText, dump, dump_row, load, shown
from dataflow.storage.os_errors import reading

BLOCK_BYTES = 1 << 20
ROWS_COPIED_AT_ONCE = 1000


class Lines:
    """The rows of one file. `extend` finds them; it may be called on one thread while others read.

    Args:
        path: JSON Lines (a spool is that too), JSON, csv or parquet.

    Raises:
        InputError: it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._starts = array("Q")
        self._lengths = array("Q")
        self._read_to = 0
        self._source: Iterator[Sample | BadRow] | None = None
        with reading(path):
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            self._array = path.suffix.lower() == ".json" and _is_ours(os.pread(descriptor, BLOCK_BYTES, 0))
            if self._array or path.suffix.lower() in (".jsonl", SPOOL):
                self._keep(descriptor)
                return
            os.close(descriptor)
        self._source = read_rows(path)
        with tempfile.TemporaryFile() as file:
            self._keep(os.dup(file.fileno()))

    def __len__(self) -> int:
        return len(self._lengths)

    def extend(self, ended: bool = True) -> bool:
        """Find more rows, for some milliseconds; a line without its end is left for later.

        Args:
            ended: nobody writes to the file any more, so that a last line without a line end counts too.

        Returns:
            Whether there is more to be found at once.

        Raises:
            InputError: the file cannot be read.
        """
        if self._source is not None:
            return self._copy()
        with reading(self.path):
            block = os.pread(self._descriptor, BLOCK_BYTES, self._read_to)
            while block and b"\n" not in block and (more := self._after(len(block))):
                block += more
        end = block.rfind(b"\n") + 1
        if not end:
            if block and ended:
                self._note(self._read_to, block)
                self._read_to += len(block)
            return False
        start = self._read_to
        for line in block[: end - 1].split(b"\n"):
            self._note(start, line)
            start += len(line) + 1
        self._read_to = start
        return True

    def line(self, number: int) -> bytes:
        """The JSON text of a row, from 0.

        Raises:
            IndexError: there is no such row.
            InputError: the file cannot be read.
        """
        length, start = self._lengths[number], self._starts[number]
        with reading(self.path):
            text = os.pread(self._descriptor, length, start)
        return text.removesuffix(b",") if self._array else text

    def row(self, number: int) -> Sample | BadRow:
        """A row, from 0; what is none comes as a BadRow. Raises as `line`."""
        return parse_row(self.line(number), number)

    def blocks(self, first: int, last: int) -> Iterator[tuple[int, bytes]]:
        """The JSON texts of rows from `first` up to, not including, `last`, with their numbers, read in large pieces.

        Raises:
            InputError: the file cannot be read.
        """
        while first < last:
            start, until = self._starts[first], first + 1
            while until < last and self._starts[until] + self._lengths[until] - start <= BLOCK_BYTES:
                until += 1
            with reading(self.path):
                block = os.pread(self._descriptor, self._starts[until - 1] + self._lengths[until - 1] - start, start)
            for number in range(first, until):
                at = self._starts[number] - start
                text = block[at : at + self._lengths[number]]
                yield number, text.removesuffix(b",") if self._array else text
            first = until

    def _keep(self, descriptor: int) -> None:
        """Close it when nobody reads any more: a search may be at work when the file is replaced by another."""
        self._descriptor = descriptor
        weakref.finalize(self, os.close, descriptor)

    def _after(self, known: int) -> bytes:
        return os.pread(self._descriptor, max(BLOCK_BYTES, known), self._read_to + known)  # a long line: by doubling

    def _note(self, start: int, line: bytes) -> None:
        text = line.strip()
        if start == 0:
            text = text.removeprefix(BOM)
        if not text or (self._array and text in (b"[", b"]")):
            return
        self._starts.append(start + line.index(text))
        self._lengths.append(len(text))  # last: what has a length can be read

    def _copy(self) -> bool:
        assert self._source is not None
        rows = list(itertools.islice(self._source, ROWS_COPIED_AT_ONCE))
        lines = [dump(row.text) if isinstance(row, BadRow) else dump_row(row) for row in rows]
        text = b"".join(line + b"\n" for line in lines)
        view = memoryview(text)
        while view:
            view = view[os.pwrite(self._descriptor, view, self._read_to + len(text) - len(view)) :]
        for line in lines:
            self._note(self._read_to, line)
            self._read_to += len(line) + 1
        return bool(rows)


def parse_row(line: bytes, number: int) -> Sample | BadRow:
    """The row that a line holds.

    Args:
        line: JSON.
        number: of the row, from 0.
    """
    try:
        value = load(line)
    except BadText as error:
        return BadRow(number + 1, f"not JSON: column {error.column}: {error.problem}", shown(line))
    if isinstance(value, dict):
        return value
    return BadRow(number + 1, f"a row must be an object, this is {kind(value)}", shown(line))


def _is_ours(head: bytes) -> bool:
    """Whether a JSON array has one element on each line."""
    first, _, rest = head.removeprefix(BOM).partition(b"\n")
    second = rest.partition(b"\n")[0].strip()
    if first.strip() != b"[":
        return False
    return second == b"]" or not isinstance(parse_row(second.removesuffix(b","), 0), BadRow)
