"""What `-v` and `--log-file` show of the standard logging: the loggers `dataflow.*`, for as long as a command runs."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from dataflow.core.secrets import without_credentials
from dataflow.core.terminal import one_line, say

LEVELS = (logging.WARNING, logging.INFO, logging.DEBUG)
"""By the number of `-v`s. A log file holds one level more than none of them would."""


class _OneLine(logging.Formatter):
    """A line a record, with nothing in it that others could have written to look like two, and no credentials."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def format(self, record: logging.LogRecord) -> str:
        return one_line(without_credentials(super().format(record)))


class _ToPeople(logging.Handler):
    """Says records on stderr, above a bar where there is one."""

    def emit(self, record: logging.LogRecord) -> None:
        say(self.format(record))


class _ToFile(logging.FileHandler):
    """Adds records to a file; a disk that fills up costs the log and not the run."""

    def handleError(self, record: logging.LogRecord) -> None:
        pass


@contextmanager
def logs(verbosity: int, file: Path | None) -> Iterator[None]:
    """Show what is waited for, retried, refused and given up.

    Args:
        verbosity: how many `-v`s.
        file: where the log goes, too; added to what is there.

    Raises:
        OutputError: the file cannot be written.
    """
    ours = logging.getLogger("dataflow")
    handlers = list(_handlers(verbosity, file))
    before = ours.level
    for handler in handlers:
        ours.addHandler(handler)
    ours.setLevel(min((handler.level for handler in handlers), default=before))
    try:
        yield
    finally:
        ours.setLevel(before)
        for handler in handlers:
            ours.removeHandler(handler)
            with suppress(OSError):
                handler.close()


def _handlers(verbosity: int, file: Path | None) -> Iterator[logging.Handler]:
    if verbosity:
        spoken = _ToPeople(LEVELS[min(verbosity, 2)])
        spoken.setFormatter(_OneLine("%(name)s: %(message)s"))
        yield spoken
    if file is not None:
        from dataflow.storage.os_errors import writing

        with writing(file):
            written = _ToFile(file, encoding="utf-8", errors="backslashreplace")
        written.setLevel(LEVELS[2 if verbosity > 1 else 1])
        written.setFormatter(_OneLine("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        yield written
