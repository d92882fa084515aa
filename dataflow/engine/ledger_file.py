"""The ledger's file: its tables, how it is opened, brought to this version, and what is said when it cannot be used."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from dataflow.core import OutputError, Usage
from dataflow.core.causes import said_by
from dataflow.core.folder import GONE, is_gone
from dataflow.engine.ledger_row import COLUMNS, checksum
from dataflow.engine.ledger_salvage import aside, left_of, save_answers, save_charges
from dataflow.engine.prices import price_of
from dataflow.storage.own_files import refuse_link

VERSION = 3

LEDGER = "ledger.sqlite"
_BESIDE = ("-wal", "-shm", "-journal")

LOCK_SECONDS = 300
"""How long a write waits for another process that holds the file: longer than any backup of a large ledger takes."""

_TABLES = """
CREATE TABLE IF NOT EXISTS answers (
    key BLOB NOT NULL, attempt INTEGER NOT NULL, text TEXT NOT NULL, reasoning TEXT NOT NULL,
    finish_reason TEXT NOT NULL, input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL, model TEXT NOT NULL,
    latency REAL NOT NULL, media BLOB NOT NULL, verdict TEXT NOT NULL, created REAL NOT NULL,
    cached_tokens INTEGER NOT NULL DEFAULT 0, checksum BLOB NOT NULL DEFAULT x'',
    PRIMARY KEY (key, attempt)
);
CREATE TABLE IF NOT EXISTS digests (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, digest TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS charges (
    run TEXT NOT NULL, output TEXT NOT NULL, model TEXT NOT NULL, began REAL NOT NULL, updated REAL NOT NULL,
    replies INTEGER NOT NULL, input_tokens INTEGER NOT NULL, cached_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL, dollars REAL,
    PRIMARY KEY (run, output, model)
) WITHOUT ROWID;
"""

BEFORE = "before"
"""The run to which version 1's answers are charged."""

ANY_OUTPUT = ""
"""The output of charges of which nobody noted for which output they were; they count for each in the ledger."""


def open_file(path: Path) -> tuple[sqlite3.Connection, int]:
    """Open a ledger for writing: made with its folder where it is absent, and of this version afterwards. A new one
    takes over what can be saved of a damaged one that was moved aside.

    Returns:
        The connection, and how many answers were saved.

    Raises:
        OutputError: the file was written by a newer version, or one that SQLite keeps beside it is a link.
        sqlite3.Error, OSError, UnicodeDecodeError: it cannot be opened, or is no ledger; see `error_of`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    real = path.resolve()
    for ending in _BESIDE:
        refuse_link(real.with_name(real.name + ending))
    saved, left = 0, left_of(path)  # before SQLite sees a log whose file is gone, and removes it
    db = connect(path)
    try:
        if (version := _version(db, path)) < VERSION:
            db.execute("BEGIN IMMEDIATE")
            version = _version(db, path)  # another process may have done it meanwhile
            _migrate(db, version)
            if version == 0 and left is not None:
                saved = save_answers(db, left)
                if not save_charges(db, path):
                    _charge_answers(db)
            db.execute("COMMIT")
    except BaseException:
        db.close()
        raise
    return db, saved


def own_ledger(folder: Path) -> Path:
    """The ledger of a folder, which may have come from somebody else. SQLite follows links; what a user names is his.

    Raises:
        OutputError: it is a link.
    """
    path = folder / LEDGER
    refuse_link(path)
    return path


def connect(path: Path) -> sqlite3.Connection:
    """A connection in autocommit mode: transactions are opened and closed by hand. It may wander between threads, but
    is at work on one at a time."""
    db = sqlite3.connect(path, timeout=LOCK_SECONDS, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=NORMAL")
    return db


def _version(db: sqlite3.Connection, path: Path) -> int:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise OutputError(
            f"the ledger {path} was written by a newer version of dataflow-mm: upgrade, or give another with --ledger"
        )
    return int(version)


def _migrate(db: sqlite3.Connection, version: int) -> None:
    """Bring the tables to this version, inside a transaction."""
    if version == VERSION:
        return
    if version == 1:
        db.execute("ALTER TABLE answers ADD COLUMN cached_tokens INTEGER NOT NULL DEFAULT 0")
    if version in (1, 2):
        db.execute("ALTER TABLE answers ADD COLUMN checksum BLOB NOT NULL DEFAULT x''")
        _sum_up_answers(db)
    for statement in _TABLES.split(";"):
        db.execute(statement)
    if version == 1:
        _charge_answers(db)
    db.execute(f"PRAGMA user_version={VERSION}")


def _sum_up_answers(db: sqlite3.Connection) -> None:
    """Give the answers of versions 1 and 2 their checksums: damage is noticed from now on."""
    summed = COLUMNS[:-1]
    db.create_function("checksum_of", len(summed), lambda *row: checksum(row), deterministic=True)
    db.execute(f"UPDATE answers SET checksum = checksum_of({', '.join(summed)})")


def _charge_answers(db: sqlite3.Connection) -> None:
    """Charge answers of which nobody knows what was paid, as version 1 did not keep it, at what the price list says of
    their models today."""
    for model, began, updated in db.execute("SELECT model, min(created), max(created) FROM answers GROUP BY model"):
        price, replies, usage, dollars = price_of(model), 0, Usage(), 0.0
        for read, written in db.execute("SELECT input_tokens, output_tokens FROM answers WHERE model=?", (model,)):
            replies, usage = replies + 1, usage + Usage(read, written)
            dollars += 0.0 if price is None else price.cost(Usage(read, written))
        row = (BEFORE, ANY_OUTPUT, model, began, updated, replies, usage.input_tokens, 0, usage.output_tokens)
        db.execute("INSERT INTO charges VALUES (?,?,?,?,?,?,?,?,?,?)", (*row, None if price is None else dollars))


UNUSABLE = (sqlite3.Error, OSError, UnicodeDecodeError)
"""What SQLite raises over a file that it cannot use; the last where damage reaches the text of its own message."""

_SIGNS_OF_DAMAGE = (
    "not a database",
    "malformed",
    "no such",
    "has no column",
    "unsupported file format",
    "syntax error",
)


def error_of(path: Path, error: Exception) -> OutputError:
    """What is said of a ledger that cannot be used: what happened, and what to do about it."""
    said = said_by(error) if not isinstance(error, UnicodeDecodeError) else "its tables cannot be read"
    if isinstance(error, UnicodeDecodeError) or any(sign in said for sign in _SIGNS_OF_DAMAGE):
        cure = (
            f"the file is damaged: move it aside (mv {path} {aside(path)}) and run again, which takes over the answers"
            " that can be saved"
        )
    elif "locked" in said:
        said = f"another program has held its write lock for {LOCK_SECONDS} s"
        cure = f"end it (fuser -v {path} names it), or choose another place with --ledger, and run again"
    elif "full" in said or (isinstance(error, OSError) and error.errno in (27, 28, 122)):
        cure = "free some space and run again; what was answered before is kept"
    elif "disk I/O" in said:
        cure = "the disk is full or failing: make room or choose another place with --ledger, and run again"
    elif shut := _shut(path):
        said, cure = shut
    else:
        cure = GONE if not path.is_absolute() and is_gone() else "choose another place with --ledger"
    return OutputError(f"cannot use the ledger {path}: {said}; {cure}")


def _shut(path: Path) -> tuple[str, str] | None:
    """Which of a ledger's files no file or no user's own is, as what is said and the cure; None where all are well."""
    for file in (path, *(Path(f"{path}{ending}") for ending in _BESIDE)):
        if file.is_dir():
            return f"{file} is a folder", f"move it (mv {file} {file}.aside), or choose another place with --ledger"
        if file.is_file() and not os.access(file, os.R_OK | os.W_OK):
            return f"no permission to read and write {file}", f"allow it (chmod u+rw {file}) and run again"
    return None
