"""The thread that writes the ledger. The event loop hands over what has arrived and never waits for the disk, nor for
another process that holds the file's write lock."""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue

from dataflow.core import OutputError, Usage
from dataflow.engine.ledger_file import error_of
from dataflow.engine.ledger_row import COLUMNS, Entry, Row, row_of

_log = logging.getLogger(__name__)

SYNC_SECONDS = 1.0

_PUT_ANSWER = f"INSERT OR REPLACE INTO answers ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
_PUT_DIGEST = "INSERT OR REPLACE INTO digests VALUES (?,?,?,?)"
_ADD_CHARGE = (
    "INSERT INTO charges VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET updated=excluded.updated,"
    " replies=replies+excluded.replies, input_tokens=input_tokens+excluded.input_tokens,"
    " cached_tokens=cached_tokens+excluded.cached_tokens, output_tokens=output_tokens+excluded.output_tokens,"
    " dollars=dollars+excluded.dollars"
)


@dataclass(frozen=True, slots=True)
class Charge:
    """What some replies of one model cost; dollars are None where its price is not known."""

    replies: int
    usage: Usage
    dollars: float | None

    def __add__(self, other: Charge) -> Charge:
        dollars = None if self.dollars is None or other.dollars is None else self.dollars + other.dollars
        return Charge(self.replies + other.replies, self.usage + other.usage, dollars)


@dataclass(slots=True)
class Batch:
    """What is written together. Of two entries for the same key the later one counts; charges add up.

    Args:
        answers: by key and attempt, with their row in the table.
        digests: (size, stamp, digest) by path.
        charges: by output and model.
    """

    answers: dict[tuple[bytes, int], tuple[Entry, Row]] = field(default_factory=dict)
    digests: dict[str, tuple[int, int, str]] = field(default_factory=dict)
    charges: dict[tuple[str, str], Charge] = field(default_factory=dict)

    def answer(self, key: bytes, attempt: int, entry: Entry) -> None:
        """Put an answer in.

        Raises:
            TypeError: what was shown to the model has no JSON form.
        """
        self.answers[key, attempt] = entry, row_of(key, attempt, entry)

    def charge(self, to: tuple[str, str], charge: Charge) -> None:
        """Add to what stands under an output and a model."""
        known = self.charges.get(to)
        self.charges[to] = charge if known is None else known + charge

    def add(self, later: Batch) -> None:
        """Take in what came after this."""
        self.answers.update(later.answers)
        self.digests.update(later.digests)
        for to, charge in later.charges.items():
            self.charge(to, charge)


class Writer:
    """Commits batches in the order in which they come: what came during one commit is the next one.

    What could not be written is kept, and tried again with what comes after it; `failure` says why.

    Args:
        path: the file.
        db: a connection that is used here alone.
        run: the name of the run to which charges are added.
    """

    def __init__(self, path: Path, db: sqlite3.Connection, run: str) -> None:
        self.failure: OutputError | None = None
        self.written: deque[Batch] = deque()
        """Batches that are in the file, for whoever keeps them in memory until then to forget."""
        self._path = path
        self._db = db
        self._run = run
        self._queue: SimpleQueue[Batch | None] = SimpleQueue()
        self._left = Batch()
        self._wal = os.open(f"{path}-wal", os.O_RDONLY)
        self._unsynced = False
        self._ended = threading.Event()
        self._threads = [
            threading.Thread(target=work, name=name, daemon=True)
            for name, work in (("dataflow-ledger", self._write_all), ("dataflow-ledger-sync", self._sync_all))
        ]
        for thread in self._threads:
            thread.start()

    def put(self, batch: Batch) -> None:
        """Hand over a batch, which is then the writer's."""
        self._queue.put(batch)

    def close(self) -> None:
        """Write what is left, sync it and close the connection.

        Raises:
            OutputError: something could not be written.
        """
        self._queue.put(None)
        self._ended.set()
        for thread in self._threads:
            thread.join()
        self._sync()
        self._db.close()
        os.close(self._wal)
        if self._left.answers or self._left.charges:
            raise self.failure or OutputError(f"the ledger {self._path} was not written to its end")

    def _write_all(self) -> None:
        ended = False
        while not ended:
            batches = [self._queue.get()]
            with contextlib.suppress(Empty):
                while True:
                    batches.append(self._queue.get_nowait())
            for batch in batches:
                if batch is None:
                    ended = True
                else:
                    self._left.add(batch)
            try:
                self._commit(self._left)
            except Exception as error:  # the run looks at `failure`; nobody looks at this thread
                with contextlib.suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
                with contextlib.suppress(sqlite3.Error):
                    self._db.execute("PRAGMA busy_timeout=1000")  # a lock has been waited for long enough
                self.failure = error_of(self._path, error)
                _log.warning("nothing more is kept: %s", self.failure)
            else:
                self.written.append(self._left)
                self._left = Batch()
                self._unsynced = True

    def _commit(self, batch: Batch) -> None:
        if not (batch.answers or batch.digests or batch.charges):
            return
        now = time.time()
        self._db.execute("BEGIN IMMEDIATE")
        if batch.answers:
            self._db.executemany(_PUT_ANSWER, [row for _, row in batch.answers.values()])
        if batch.digests:
            self._db.executemany(_PUT_DIGEST, [(path, *known) for path, known in batch.digests.items()])
        for to, charge in batch.charges.items():
            usage = charge.usage
            tokens = (usage.input_tokens, usage.cached_tokens, usage.output_tokens)
            self._db.execute(_ADD_CHARGE, (self._run, *to, now, now, charge.replies, *tokens, charge.dollars))
        self._db.execute("COMMIT")

    def _sync_all(self) -> None:
        # Apart from the commits: a slow disk must not hold back what only a kill of this process could take.
        while not self._ended.wait(SYNC_SECONDS):
            if self._unsynced:
                self._unsynced = False
                self._sync()

    def _sync(self) -> None:
        with contextlib.suppress(OSError):
            os.fsync(self._wal)
