"""The files that a run leaves beside its data: failures, rejected samples and the trace, each whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from dataflow.core import BadRow, Sample, SampleError
from dataflow.runs.names import side_path, spool_path
from dataflow.storage.ids import with_ids
from dataflow.storage.json_text import plain
from dataflow.storage.lock import output_lock
from dataflow.storage.os_errors import input_error, output_error
from dataflow.storage.records import SideFile
from dataflow.storage.spool import Spool


class RunFiles:
    """The output of one run, open while it goes on.

    Finished rows go to a spool in the order in which they finish; the data file is written from it, in input order, by
    `commit`, after the side files: a data file that exists is complete.

    Args:
        output: the data file.
        write: writes rows to the data file, whole or not at all.
        sides: names of side files that the operators declare.
        warn: told when rows had the same id.

    Raises:
        OutputError: the folder cannot be written, or another run is at work on the same output.
    """

    def __init__(
        self,
        output: Path,
        write: Callable[[Iterable[Sample]], Path],
        sides: Iterable[str] = (),
        warn: Callable[[str], None] = lambda warning: None,
    ) -> None:
        self.output = output
        self.new_ids = False
        """Whether operators gave rows other ids than those of the input, so that some may be there twice."""
        self._write = write
        self._warn = warn
        self._lock = output_lock(output)
        self._lock.__enter__()
        self._spool = Spool(spool_path(output))
        names = ("trace", "rejected", "failures", *sides)
        self._sides = {name: Spool(spool_path(side_path(output, name))) for name in names}
        self._used: set[Spool] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A run that was stopped keeps what it had for whoever wants to look; the next run begins it anew.
        for spool in (self._spool, *self._sides.values()):
            spool.close(remove=kind is None or spool not in self._used)
        self._lock.__exit__(kind, error, trace)

    def finish(self, index: int, rows: list[Sample]) -> None:
        """Take the rows that became of one sample.

        Raises:
            SampleError: one has no JSON form; nothing was taken.
        """
        self._put(self._spool, index, rows)

    def fail(self, index: int, records: list[dict[str, Any]]) -> None:
        """Take samples that were set aside."""
        self._put(self._sides["failures"], index, [plain(record) for record in records])

    def reject(self, index: int, records: list[dict[str, Any]]) -> None:
        """Take samples that were left out on purpose."""
        self._put(self._sides["rejected"], index, [plain(record) for record in records])

    def trace(self, index: int, lines: list[dict[str, Any]]) -> None:
        """Take what was asked and noted for one sample."""
        self.beside("trace", index, lines)

    def beside(self, name: str, index: int, lines: list[dict[str, Any]]) -> None:
        """Take what goes to a side file for one sample."""
        try:
            self._put(self._sides[name], index, lines)
        except SampleError:  # a note of an operator that has no JSON form
            self._put(self._sides[name], index, [plain(line) for line in lines])

    def _put(self, spool: Spool, index: int, rows: list[dict[str, Any]]) -> None:
        if rows:
            spool.put(index, rows)
            self._used.add(spool)

    def flush(self) -> None:
        """Let readers of the spools see what has come so far."""
        for spool in (self._spool, self._sides["failures"]):
            spool.flush()

    def commit(self) -> None:
        """Write everything, the data file last.

        Raises:
            OutputError: the disk is full, or the folder cannot be written; files of earlier runs stay as they were.
        """
        for name, spool in self._sides.items():
            side = SideFile(side_path(self.output, name))
            try:
                for record in spool.ordered():
                    side.append(record)
            except BaseException:
                side.abort()
                raise
            side.commit()
        rows = self._spool.ordered()
        self._write(_with_own_ids(rows, self._warn) if self.new_ids else rows)


def _with_own_ids(rows: Iterable[Sample], warn: Callable[[str], None]) -> Iterator[Sample]:
    """The rows, none with the id of another; a second one gets a suffix, as in an input."""
    return (row for row in with_ids(rows, warn, "output") if not isinstance(row, BadRow))


def previous_attempts(output: Path) -> dict[bytes, int]:
    """How many attempts each sample has had that the last complete run set aside, by its id as JSON.

    Raises:
        DataFlowError: the file that tells cannot be read, so it could not be replaced either.
    """
    attempts: dict[bytes, int] = {}
    path = side_path(output, "failures")
    try:
        with path.open("rb") as lines:
            for line in lines:
                record = orjson.loads(line)
                attempts[orjson.dumps(record.get("id"))] = int(record.get("attempts", 1))
    except FileNotFoundError:
        pass
    except IsADirectoryError as error:
        raise output_error(error, path) from None
    except OSError as error:
        raise input_error(error, path) from None
    except (ValueError, AttributeError, TypeError):
        pass  # edited by hand: without it the failures are replayed rather than asked anew
    return attempts
