"""The ledger: every answer ever received, keyed by what was asked, in one SQLite file.

Nothing is lost to a kill: answers are committed at the end of the event-loop iteration in which they arrive (which
batches by itself under load) and synced to disk every second. Several processes may share one ledger.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import threading
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from pathlib import Path

import orjson

from dataflow.core import OutputError, Response, Usage

VERSION = 1
SYNC_SECONDS = 1.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS answers (
    key BLOB NOT NULL, attempt INTEGER NOT NULL, text TEXT NOT NULL, reasoning TEXT NOT NULL,
    finish_reason TEXT NOT NULL, input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL, model TEXT NOT NULL,
    latency REAL NOT NULL, media BLOB NOT NULL, verdict TEXT NOT NULL, created REAL NOT NULL,
    PRIMARY KEY (key, attempt)
);
CREATE TABLE IF NOT EXISTS digests (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, digest TEXT NOT NULL
);
"""

VALID = "valid"
UNPARSED = "unparsed"
REFUSED_BY_OPERATOR = "refused"


@dataclass(frozen=True, slots=True)
class Entry:
    """One stored answer and what was made of it.

    Args:
        response: the answer as it came, `fresh` False.
        verdict: `valid`, `unparsed` (the parser refused it) or `refused` (the operator failed on it).
        created: seconds since the epoch.
    """

    response: Response
    verdict: str
    created: float


class Ledger(ABC):
    """Keeps answers. All methods are called on the event loop, but for `digest`, which threads may call.

    `failure` is set once an answer could not be kept; the run ends then.
    """

    failure: OutputError | None = None

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
    def digest(self, path: str, size: int, mtime_ns: int) -> str | None:
        """The content digest that an earlier run noted for a file of this size and time."""

    @abstractmethod
    def note_digest(self, path: str, size: int, mtime_ns: int, digest: str) -> None:
        """Note a file's content digest, so that a later run need not read the file."""

    @abstractmethod
    def close(self) -> None:
        """Commit, sync and give the file back."""


class SqliteLedger(Ledger):
    """The ledger in one SQLite file (WAL).

    Args:
        path: the file; made with its folder when absent.

    Raises:
        OutputError: the file cannot be opened, or is no ledger.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._threads = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._answers: list[tuple[object, ...]] = []
        self._verdicts: list[tuple[object, ...]] = []
        self._digests: list[tuple[object, ...]] = []
        self._pending: dict[tuple[bytes, int], Entry] = {}
        self._commit_planned = False
        self._sync_timer: asyncio.TimerHandle | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = self._connect()
            self._migrate()
            self._wal = os.open(f"{path}-wal", os.O_RDONLY)
            (self._holds_digests,) = self._db.execute("SELECT EXISTS (SELECT 1 FROM digests)").fetchone()
        except (sqlite3.Error, OSError) as error:
            raise self._error(error) from error

    def _connect(self) -> sqlite3.Connection:
        # Autocommit mode: transactions are opened and closed by hand. One connection stays on one thread's work at a
        # time; readers on other threads have their own.
        db = sqlite3.connect(self.path, timeout=60, isolation_level=None, check_same_thread=False)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=NORMAL")
        return db

    def _migrate(self) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise OutputError(
                f"the ledger {self.path} was written by a newer version of dataflow-mm: upgrade, or give another "
                "with --ledger"
            )
        if version < VERSION:
            self._db.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version={VERSION}; COMMIT;")

    def _error(self, error: Exception) -> OutputError:
        if (isinstance(error, sqlite3.DatabaseError) and "not a database" in str(error)) or "malformed" in str(error):
            cure = f"the file is damaged: move it aside (mv {self.path} {self.path}.broken) and run again"
        elif "full" in str(error) or (isinstance(error, OSError) and error.errno in (27, 28, 122)):
            cure = "free some space and run again; what was answered before is kept"
        elif "disk I/O" in str(error):
            cure = "the disk is full or failing: make room or choose another place with --ledger, and run again"
        else:
            cure = "choose another place with --ledger"
        return OutputError(f"cannot use the ledger {self.path}: {error}; {cure}")

    def get(self, key: bytes, attempt: int) -> Entry | None:
        if entry := self._pending.get((key, attempt)):
            return replace(entry, response=replace(entry.response, fresh=False))
        try:
            row = self._db.execute(
                "SELECT text, reasoning, finish_reason, input_tokens, output_tokens, model, latency, media, verdict,"
                " created FROM answers WHERE key=? AND attempt=?",
                (key, attempt),
            ).fetchone()
        except sqlite3.Error as error:
            raise self._error(error) from error
        if row is None:
            return None
        text, reasoning, finish, tokens_in, tokens_out, model, latency, media, verdict, created = row
        usage = Usage(tokens_in, tokens_out)
        shown = tuple(orjson.loads(media)) if media else ()
        response = Response(text, reasoning, finish, usage, model, latency, fresh=False, attempt=attempt, media=shown)
        return Entry(response, verdict, created)

    def put(self, key: bytes, response: Response, verdict: str) -> None:
        now = time.time()
        media = orjson.dumps(response.media) if response.media else b""
        usage = response.usage
        self._answers.append(
            (key, response.attempt, _storable(response.text), _storable(response.reasoning), response.finish_reason,
             usage.input_tokens, usage.output_tokens, response.model, response.latency, media, verdict, now)
        )  # fmt: skip
        self._pending[key, response.attempt] = Entry(response, verdict, now)
        self._plan_commit()

    def judge(self, key: bytes, attempt: int, verdict: str) -> None:
        if entry := self._pending.get((key, attempt)):
            self._pending[key, attempt] = Entry(entry.response, verdict, entry.created)
        self._verdicts.append((verdict, key, attempt))
        self._plan_commit()

    def digest(self, path: str, size: int, mtime_ns: int) -> str | None:
        if not self._holds_digests:
            return None
        try:
            reader: sqlite3.Connection | None = getattr(self._threads, "reader", None)
            if reader is None:
                reader = self._threads.reader = self._connect()
                self._readers.append(reader)
            row = reader.execute("SELECT size, mtime_ns, digest FROM digests WHERE path=?", (path,)).fetchone()
        except sqlite3.Error as error:
            raise self._error(error) from error
        return row[2] if row and row[0] == size and row[1] == mtime_ns else None

    def note_digest(self, path: str, size: int, mtime_ns: int, digest: str) -> None:
        self._digests.append((path, size, mtime_ns, digest))
        self._plan_commit()

    def _plan_commit(self) -> None:
        if not self._commit_planned:
            self._commit_planned = True
            asyncio.get_running_loop().call_soon(self._commit_quietly)

    def _commit_quietly(self) -> None:
        # Runs as a bare callback, where an exception would only reach the loop's log; the run looks at `failure`.
        with contextlib.suppress(OutputError):
            self.commit()

    def commit(self) -> None:
        """Write what has arrived.

        Raises:
            OutputError: the disk is full or the file broken; what was written before stays.
        """
        self._commit_planned = False
        try:
            self._db.execute("BEGIN IMMEDIATE")
            if self._answers:
                self._db.executemany(f"INSERT OR REPLACE INTO answers VALUES ({','.join('?' * 12)})", self._answers)
            if self._verdicts:
                self._db.executemany("UPDATE answers SET verdict=? WHERE key=? AND attempt=?", self._verdicts)
            if self._digests:
                self._db.executemany("INSERT OR REPLACE INTO digests VALUES (?,?,?,?)", self._digests)
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            with contextlib.suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            self.failure = self._error(error)
            raise self.failure from error
        self._answers.clear()
        self._verdicts.clear()
        self._digests.clear()
        self._pending.clear()
        if self._sync_timer is None:
            self._sync_timer = asyncio.get_running_loop().call_later(SYNC_SECONDS, self._begin_sync)

    def _begin_sync(self) -> None:
        self._sync_timer = None
        asyncio.get_running_loop().run_in_executor(None, self._sync)

    def _sync(self) -> None:
        with contextlib.suppress(OSError):  # closed meanwhile: close() has synced
            os.fsync(self._wal)

    def close(self) -> None:
        try:
            self.commit()
        finally:
            if self._sync_timer is not None:
                self._sync_timer.cancel()
            self._sync()
            for reader in self._readers:
                reader.close()
            self._db.close()
            os.close(self._wal)


def _storable(text: str) -> str:
    """A text without halves of surrogate pairs, which SQLite refuses, and with them all answers of the same commit."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
