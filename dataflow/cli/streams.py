"""Standard streams that may be closed, full, without a reader, or in an encoding that lacks most characters.

None of this is worth a traceback or a lost run: what cannot be written is left out, and only output that somebody asked
for and that got lost on a full disk is told, at the end.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from dataflow.core.terminal import say


class _Outlet(io.FileIO):
    """A stream that takes everything, whether it gets where it should or not."""

    trouble: OSError | None = None

    def write(self, data) -> int | None:  # type: ignore[no-untyped-def,override]
        try:
            return super().write(data)
        except OSError as error:
            self.trouble = self.trouble or error
            return len(data)


@contextmanager
def guarded_streams() -> Iterator[None]:
    """Have stdout and stderr take everything while a command runs.

    Raises:
        SystemExit: with 1 in the place of 0, where the disk had no room for the output.
    """
    _occupy_closed()
    sys.stdout, output = _guarded(sys.stdout, 1)
    sys.stderr, _ = _guarded(sys.stderr, 2)
    try:
        yield
    except SystemExit as end:
        if end.code or not _is_lost(output):
            raise
        raise SystemExit(1) from None
    if _is_lost(output):
        raise SystemExit(1)


def _occupy_closed() -> None:
    """Open what was closed to nowhere, or the next file that we open would be taken for it."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            with suppress(OSError):
                os.open(os.devnull, os.O_RDWR)  # the lowest free number is this one
    if sys.stdin is None:
        sys.stdin = open(0, closefd=False)  # noqa: SIM115


def _guarded(stream: TextIO | None, number: int) -> tuple[TextIO, _Outlet | None]:
    """A stream in the place of a standard one. One that is no file, as in a test, stays; so does a Windows console."""
    if sys.platform == "win32":
        return stream, None  # type: ignore[return-value]
    try:
        if stream is not None and stream.fileno() != number:
            return stream, None
    except (OSError, ValueError):
        return stream, None  # type: ignore[return-value]
    outlet = _Outlet(number, "w", closefd=False)
    encoding = getattr(stream, "encoding", "utf-8")
    buffering = stream is None or number == 2 or outlet.isatty()
    written = io.TextIOWrapper(io.BufferedWriter(outlet), encoding, errors="backslashreplace", line_buffering=buffering)
    return written, outlet


def _is_lost(output: _Outlet | None) -> bool:
    """Whether output is missing that somebody waits for; nobody does where the reader has gone away or never was."""
    with suppress(OSError, ValueError):
        sys.stdout.flush()
    trouble = output.trouble if output is not None else None
    if trouble is None or trouble.errno in (errno.EPIPE, errno.EBADF):
        return False
    say(f"error: the output is not complete: standard output cannot be written: {trouble.strerror}")
    return True
