"""One run at a time on one output. The system drops the lock of a process that ends, however it ends."""

from __future__ import annotations

import fcntl
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dataflow.core.errors import OutputError
from dataflow.storage.os_errors import make_folder, writing
from dataflow.storage.own_files import open_own

_log = logging.getLogger(__name__)

_LOOKS = 5
_LOOK_SECONDS = 0.02
"""Whoever asks `is_locked` holds the lock for an instant, which must not turn a run away."""


@contextmanager
def output_lock(path: Path) -> Iterator[None]:
    """Hold the right to write an output while the block runs. The folder is made when missing.

    Args:
        path: the output; the lock is a hidden file beside it, removed at the end.

    Raises:
        OutputError: another run holds it (says which process), the folder cannot be written, or the lock is a link.
    """
    make_folder(path.parent)
    lock = path.with_name(f".{path.name}.lock")
    with writing(lock if lock.exists() else path):
        descriptor = _acquire(path, lock)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
        os.close(descriptor)


def is_locked(path: Path) -> bool:
    """Whether a run is at work on an output, in this process or another; False where that cannot be told."""
    try:
        descriptor = open_own(path.with_name(f".{path.name}.lock"), os.O_RDONLY | os.O_NONBLOCK)
    except (OSError, OutputError):
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return False


def _acquire(path: Path, lock: Path) -> int:
    looks = 0
    while True:
        descriptor = open_own(lock, os.O_RDWR | os.O_CREAT)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever held it may have removed the file between our open and our lock: then we hold a lock on nothing.
            held = os.fstat(descriptor)
            if held.st_nlink > 1:  # a file that has another name, too: whoever gave it this one
                lock.unlink()
            elif os.path.samestat(held, lock.lstat()):
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, str(os.getpid()).encode(), 0)
                return descriptor
        except FileNotFoundError:
            pass
        except BlockingIOError:
            if looks < _LOOKS:
                _log.debug("%s is locked, looked at again in %g s", path, _LOOK_SECONDS)
                looks += 1
                os.close(descriptor)
                time.sleep(_LOOK_SECONDS)
                continue
            holder = os.pread(descriptor, 20, 0).decode("ascii", "replace") or "unknown"
            os.close(descriptor)
            raise OutputError(
                f"{path}: another run (pid {holder}) is writing it. Wait for its end, or choose another output"
            ) from None
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
