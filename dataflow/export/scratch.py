"""A database for what an export must remember of every sample: it spills to a nameless file, so memory stays flat."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from dataflow.core.errors import OutputError
from dataflow.storage.ids import PRAGMAS


@contextmanager
def scratch() -> Iterator[sqlite3.Connection]:
    """Open one while the block runs.

    Raises:
        OutputError: the temporary folder is full.
    """
    database = sqlite3.connect("", isolation_level=None)
    try:
        for pragma in PRAGMAS:
            database.execute(f"PRAGMA {pragma}")
        database.execute("BEGIN")
        yield database
    except sqlite3.OperationalError as error:
        raise OutputError(f"the list of samples does not fit the temporary folder ({error}). Set TMPDIR") from error
    finally:
        database.close()
