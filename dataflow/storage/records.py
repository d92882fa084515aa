"""Side files of a run (failures, rejected samples, the trace): JSON lines that appear whole, or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dataflow.storage.atomic import AtomicFile
from dataflow.storage.json_text import dump, plain
from dataflow.storage.os_errors import writing


class SideFile:
    """JSON lines that replace the file of an earlier run when committed.

    Args:
        path: the file.

    Raises:
        OutputError: the folder cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._atomic = AtomicFile(path)

    def append(self, record: dict[str, Any]) -> None:
        """Add a record. What has no JSON form is written as Python shows it: a report must not fail for its subject."""
        try:
            line = dump(record)
        except TypeError:
            line = dump(plain(record))
        with writing(self.path):
            self._atomic.file.write(line + b"\n")
        self.count += 1

    def commit(self) -> None:
        """Put the file in its place; when nothing was added, there is none, and that of an earlier run goes."""
        if self.count:
            self._atomic.commit()
            return
        self._atomic.abort()
        with writing(self.path):
            self.path.unlink(missing_ok=True)

    def abort(self) -> None:
        """Leave things as they were."""
        self._atomic.abort()
