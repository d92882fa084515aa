"""A database for what an export must remember of every sample: it spills to a nameless file, so memory stays flat."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from dataflow.core.causes import said_by
from dataflow.core.errors import OutputError
from dataflow.storage.scratch_table import scratch_database


@contextmanager
def scratch() -> Iterator[sqlite3.Connection]:
    """Open one while the block runs.

    Raises:
        OutputError: the temporary folder is full.
    """
    database = scratch_database()
    try:
        database.execute("BEGIN")
        yield database
    except sqlite3.OperationalError as error:
        full = f"the list of samples does not fit the temporary folder ({said_by(error)})"
        raise OutputError(f"{full}. Set TMPDIR") from error
    finally:
        database.close()
