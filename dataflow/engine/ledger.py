"""The ledger: every answer ever received, keyed by what was asked, and what was paid, in one SQLite file.

Nothing is lost to a kill: what arrives in one iteration of the event loop is handed to the ledger's own thread at its
end, committed there at once (or, under load, with what comes meanwhile), and synced to disk every second. Several
processes may share one ledger.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import sqlite3
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from dataflow.core import OutputError, Response, Usage
from dataflow.engine.ledger_file import ANY_OUTPUT, UNUSABLE, connect, error_of, open_file
from dataflow.engine.ledger_row import COLUMNS, Entry, entry_of
from dataflow.engine.ledger_writer import Batch, Charge, Writer
from dataflow.engine.spending import Spending

VALID = "valid"
UNPARSED = "unparsed"
REFUSED_BY_OPERATOR = "refused"

_GET = f"SELECT {', '.join(COLUMNS[2:])} FROM answers WHERE key=? AND attempt=?"


class Ledger(ABC):
    """Keeps answers. All methods are called on the event loop, but for `digest`, which threads may call, and `spent`
    and `close`, which are called when no loop is at work on it.

    `failure` is set once an answer could not be kept; the run ends then.
    """

    @property
    @abstractmethod
    def failure(self) -> OutputError | None:
        """Why something could not be written."""

    @property
    @abstractmethod
    def damaged(self) -> int:
        """How many answers were found not to be what was written, and are none therefore."""

    @abstractmethod
    def get(self, key: bytes, attempt: int) -> Entry | None:
        """The answer to a question at one attempt, if it was ever received."""

    @abstractmethod
    def put(self, key: bytes, response: Response, verdict: str) -> None:
        """Keep an answer under its question and `response.attempt`."""

    @abstractmethod
    def judge(self, key: bytes, attempt: int, verdict: str) -> None:
        """Change the verdict on an answer."""

    @abstractmethod
    def digest(self, path: str, size: int, stamp: int) -> str | None:
        """The content digest that an earlier run noted for a file of this size and stamp, which stands for its times
        and inode."""

    @abstractmethod
    def note_digest(self, path: str, size: int, stamp: int, digest: str) -> None:
        """Note a file's content digest, so that a later run need not read the file."""

    @abstractmethod
    def charge(self, output: str, model: str, usage: Usage, dollars: float | None) -> None:
        """Note what a reply cost, whatever becomes of it.

        Args:
            output: for which data file it was asked, by its `name_of`.
            dollars: at the price of this moment; None where it is not known.
        """

    @abstractmethod
    def name_of(self, output: Path) -> str:
        """What a data file is called in charges."""

    @abstractmethod
    def spent(self, outputs: Collection[str]) -> Spending:
        """What all runs together have spent for some data files. What version 1 of the ledger kept, which did not note
        for which file, counts for each."""

    @abstractmethod
    def close(self) -> None:
        """Commit, sync and give the file back. A second time does nothing.

        Raises:
            OutputError: something could not be written.
        """


class SqliteLedger(Ledger):
    """The ledger in one SQLite file (WAL): a thread writes, every thread reads on a connection of its own.

    Args:
        path: the file; made with its folder when absent, with what can be saved of a damaged one that was moved aside.

    Raises:
        OutputError: the file cannot be opened, or is no ledger.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._threads = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._batch = Batch()
        self._pending: dict[tuple[bytes, int], Entry] = {}
        self._damaged: set[tuple[bytes, int]] = set()
        self._hand_over_planned = False
        self._closed = False
        try:
            db, self.saved = open_file(path)
            self._reader = self._connect()
            (self._holds_digests,) = db.execute("SELECT EXISTS (SELECT 1 FROM digests)").fetchone()
            self._writer = Writer(path, db, f"{time.time():.3f}-{secrets.token_hex(4)}")
        except UNUSABLE as error:
            raise error_of(path, error) from error

    @property
    def failure(self) -> OutputError | None:
        return self._writer.failure

    def get(self, key: bytes, attempt: int) -> Entry | None:
        if entry := self._pending.get((key, attempt)):
            return replace(entry, response=replace(entry.response, fresh=False))
        try:
            row = self._reader.execute(_GET, (key, attempt)).fetchone()
        except UNUSABLE as error:
            raise error_of(self.path, error) from error
        if row is None:
            return None
        entry = entry_of(key, attempt, row)
        if entry is None:
            self._damaged.add((key, attempt))
        return entry

    @property
    def damaged(self) -> int:
        return len(self._damaged)

    def put(self, key: bytes, response: Response, verdict: str) -> None:
        self._keep(key, response.attempt, Entry(response, verdict, time.time()))

    def judge(self, key: bytes, attempt: int, verdict: str) -> None:
        if (entry := self.get(key, attempt)) is not None:
            self._keep(key, attempt, replace(entry, verdict=verdict))

    def _keep(self, key: bytes, attempt: int, entry: Entry) -> None:
        self._batch.answer(key, attempt, entry)
        self._pending[key, attempt] = entry
        self._plan()

    def digest(self, path: str, size: int, stamp: int) -> str | None:
        if not self._holds_digests:
            return None
        try:
            reader: sqlite3.Connection | None = getattr(self._threads, "reader", None)
            if reader is None:
                reader = self._threads.reader = self._connect()
            row = reader.execute("SELECT size, mtime_ns, digest FROM digests WHERE path=?", (path,)).fetchone()
        except UNUSABLE as error:
            raise error_of(self.path, error) from error
        known = row is not None and row[0] == size and row[1] == stamp and isinstance(row[2], bytes)
        return row[2].decode("ascii", "replace") if known else None

    def note_digest(self, path: str, size: int, stamp: int, digest: str) -> None:
        self._batch.digests[path] = (size, stamp, digest)
        self._plan()

    def charge(self, output: str, model: str, usage: Usage, dollars: float | None) -> None:
        self._batch.charge((output, model), Charge(1, usage, dollars))
        self._plan()

    def name_of(self, output: Path) -> str:
        # Relative, so that a folder keeps its account when it is moved with its ledger.
        return os.path.relpath(output.resolve(), self.path.resolve().parent)

    def spent(self, outputs: Collection[str]) -> Spending:
        marks = ",".join("?" * (len(outputs) + 1))
        try:
            runs, read, written, cached, known, dollars = self._reader.execute(
                "SELECT count(DISTINCT run), sum(input_tokens), sum(output_tokens), sum(cached_tokens),"
                f" count(*) = count(dollars), sum(dollars) FROM charges WHERE output IN ({marks})",
                (ANY_OUTPUT, *outputs),
            ).fetchone()
        except UNUSABLE as error:
            raise error_of(self.path, error) from error
        return Spending(runs, Usage(read or 0, written or 0, cached or 0), (dollars or 0.0) if known else None)

    def _connect(self) -> sqlite3.Connection:
        reader = connect(self.path)
        reader.text_factory = bytes  # what is damaged may be no UTF-8
        self._readers.append(reader)
        return reader

    def _plan(self) -> None:
        if not self._hand_over_planned:
            self._hand_over_planned = True
            asyncio.get_running_loop().call_soon(self._hand_over)

    def _hand_over(self) -> None:
        self._hand_over_planned = False
        self._writer.put(self._batch)
        self._batch = Batch()
        written = self._writer.written
        while written:
            for key, (entry, _) in written.popleft().answers.items():
                if self._pending.get(key) is entry:
                    del self._pending[key]

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._writer.put(self._batch)
        try:
            self._writer.close()
        finally:
            for reader in self._readers:
                reader.close()
