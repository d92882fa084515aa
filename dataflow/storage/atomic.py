"""Files that appear whole or not at all: written under a hidden name in the same folder, synced, then renamed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from dataflow.core.errors import OutputError
from dataflow.storage.os_errors import make_folder, writing

BUFFER_BYTES = 1 << 18


class AtomicFile:
    """A file being written, which takes its place only on `commit`. Until then what stood there stays.

    The hidden name is always the same, so that what a killed process left is replaced, not gathered.

    Args:
        path: where the file is to appear; the folder is made when missing.

    Raises:
        OutputError: the folder cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._hidden = path.with_name(f".{path.name}.tmp")
        make_folder(path.parent)
        with writing(path):
            if path.is_dir():
                raise IsADirectoryError(21, "Is a directory")
            self._hidden.unlink(missing_ok=True)
            self.file: BinaryIO = open(self._hidden, "xb", buffering=BUFFER_BYTES)  # noqa: SIM115

    def commit(self) -> None:
        """Put the file in its place, durably.

        Raises:
            OutputError: no room, or somebody else wrote the same file meanwhile. Nothing is changed then.
        """
        try:
            with writing(self.path):
                self.file.flush()
                os.fsync(self.file.fileno())
                if not self._is_ours():
                    raise OutputError(f"{self.path}: another run wrote it at the same time. Give each its own output")
                self.file.close()
                self._hidden.replace(self.path)
        except BaseException:
            self.abort()
            raise
        _sync_folder(self.path.parent)

    def abort(self) -> None:
        """Remove what was written."""
        ours = not self.file.closed and self._is_ours()
        try:
            self.file.close()
        except OSError:
            pass  # the buffer could not be flushed: that is why we are here
        if ours:
            self._hidden.unlink(missing_ok=True)

    def _is_ours(self) -> bool:
        try:
            return os.path.samestat(self._hidden.lstat(), os.fstat(self.file.fileno()))
        except FileNotFoundError:
            return False


@contextmanager
def atomic_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file for writing that appears when the block ends, and not at all when it raises.

    Raises:
        OutputError: it cannot be written; what stood there stays as it was.
    """
    atomic = AtomicFile(path)
    try:
        with writing(path):
            yield atomic.file
    except BaseException:
        atomic.abort()
        raise
    atomic.commit()


def _sync_folder(folder: Path) -> None:
    # Without this the rename itself can be lost with the power. Some network file systems refuse it.
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        pass
    finally:
        os.close(descriptor)
