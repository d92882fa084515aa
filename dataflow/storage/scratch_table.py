"""Text by key on disk rather than in memory: a nameless SQLite database that is gone when closed."""

from __future__ import annotations

import sqlite3

from dataflow.core.causes import said_by
from dataflow.core.errors import OutputError

# It lives in SQLite's cache and spills to a file in the temporary folder.
PRAGMAS = ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", "cache_size=-16384")


def scratch_database() -> sqlite3.Connection:
    """A nameless database. It may be made in one thread and read in another, never in two at once."""
    database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    for pragma in PRAGMAS:
        database.execute(f"PRAGMA {pragma}")
    return database


class ScratchTable:
    """Bytes by key. `count` says how many keys it was given."""

    def __init__(self) -> None:
        self.count = 0
        self._database: sqlite3.Connection | None = None

    def put(self, key: str, value: bytes) -> None:
        """Keep a value; a second under the same key replaces the first.

        Raises:
            OutputError: the temporary folder is full.
        """
        if self._database is None:
            self._database = scratch_database()
            self._database.execute("CREATE TABLE held (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID")
            self._database.execute("BEGIN")
        named = key.encode("utf-8", "surrogateescape")
        try:
            fresh = self._database.execute("INSERT OR IGNORE INTO held VALUES (?, ?)", (named, value)).rowcount
            if not fresh:
                self._database.execute("UPDATE held SET value = ? WHERE key = ?", (value, named))
        except sqlite3.OperationalError as error:
            full = f"the temporary folder has no room for metadata ({said_by(error)})"
            raise OutputError(f"{full}. Set TMPDIR") from error
        self.count += fresh

    def take(self, key: str) -> bytes | None:
        """The value of a key; None where there is none."""
        if self._database is None:
            return None
        named = key.encode("utf-8", "surrogateescape")
        row = self._database.execute("SELECT value FROM held WHERE key = ?", (named,)).fetchone()
        return None if row is None else bytes(row[0])

    def close(self) -> None:
        """Throw everything away."""
        if self._database is not None:
            self._database.close()
            self._database = None
