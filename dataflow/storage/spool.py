"""Finished rows on disk, in the order in which they finish, given back in input order.

The rows stand in one file as JSON lines, so that anybody can read along while a run goes on. A second file, hidden
beside it, has a slot of 16 bytes per input row saying where its lines are; it is sparse, so memory holds neither.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import orjson

from dataflow.core.errors import OutputError
from dataflow.core.sample import Sample
from dataflow.storage.json_text import dump_row
from dataflow.storage.os_errors import make_folder, output_error, writing
from dataflow.storage.own_files import create

SLOT = struct.Struct("<QQ")  # 1 + offset in bytes (0: nothing was put), length in bytes
SLOTS_AT_ONCE = 4096
BUFFER_BYTES = 1 << 18


class Spool:
    """Rows by the index of their input row.

    Args:
        path: the file of the rows; begun anew when it exists.

    Raises:
        OutputError: it cannot be written. So may every method, when the disk is full.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._index_path = path.with_name(f".{path.name}.index")
        make_folder(path.parent)
        with writing(path):
            self._data = create(path)
        try:
            with writing(self._index_path):
                self._index = create(self._index_path)
        except OutputError:
            os.close(self._data)
            raise
        self._lines: list[bytes] = []
        self._unwritten = 0
        self._slots: dict[int, bytes] = {}
        self._end = 0
        self._closed = False

    def put(self, index: int, rows: list[Sample]) -> None:
        """Take what became of one input row; a second time for the same index replaces the first.

        Args:
            index: the number of the input row, from 0.
            rows: none, one or many.

        Raises:
            SampleError: a row has no JSON form; nothing was taken.
        """
        text = b"".join([dump_row(row) + b"\n" for row in rows])
        self._slots[index] = SLOT.pack(1 + self._end, len(text))
        self._lines.append(text)
        self._end += len(text)
        self._unwritten += len(text)
        if self._unwritten >= BUFFER_BYTES or len(self._slots) >= SLOTS_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Write what is buffered, so that readers of the file see it."""
        with writing(self.path):
            _write_all(self._data, b"".join(self._lines), self._end - self._unwritten)
            self._lines.clear()
            self._unwritten = 0
            for index, slots in _runs(self._slots):
                _write_all(self._index, slots, index * SLOT.size)
            self._slots.clear()

    def ordered(self) -> Iterator[Sample]:
        """Stream the rows in input order."""
        self.flush()
        position = 0
        while block := self._read(self._index, SLOT.size * SLOTS_AT_ONCE, position):
            position += len(block)
            for offset, length in SLOT.iter_unpack(block):
                if length:
                    for line in self._read(self._data, length, offset - 1).splitlines():
                        yield orjson.loads(line)

    def close(self, remove: bool = True) -> None:
        """Close the files.

        Args:
            remove: delete them; else the rows stay, whole, for whoever wants to look.
        """
        if self._closed:
            return
        self._closed = True
        if not remove:
            # A full disk is why a run ends early; it has been said already, and the other files want closing too.
            with suppress(OutputError):
                self.flush()
        os.close(self._data)
        os.close(self._index)
        self._index_path.unlink(missing_ok=True)
        if remove:
            self.path.unlink(missing_ok=True)

    def _read(self, descriptor: int, length: int, offset: int) -> bytes:
        try:
            return os.pread(descriptor, length, offset)
        except OSError as error:
            raise output_error(error, self.path) from error


def _runs(slots: dict[int, bytes]) -> Iterator[tuple[int, bytes]]:
    """Slots that lie side by side, together: a call to the system costs more than all else here."""
    first = 0
    run: list[bytes] = []
    for index in sorted(slots):
        if run and index != first + len(run):
            yield first, b"".join(run)
            run = []
        if not run:
            first = index
        run.append(slots[index])
    if run:
        yield first, b"".join(run)


def _write_all(descriptor: int, data: bytes, offset: int) -> None:
    view = memoryview(data)
    while view:
        written = os.pwrite(descriptor, view, offset)
        view = view[written:]
        offset += written
