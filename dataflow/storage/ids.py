"""Gives each sample its stable id: its own, else its row number; none twice, and in memory that stays flat.

Samples that were made of a folder of media have one of their own: `media_folder`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from math import isinf
from typing import Any

from dataflow.core.causes import said_by
from dataflow.core.errors import OutputError
from dataflow.core.excerpt import excerpt
from dataflow.core.sample import Sample, is_missing
from dataflow.core.storage import BadRow
from dataflow.storage.json_text import dump, plain, shown
from dataflow.storage.scratch_table import scratch_database

LONGEST_NUMBER = len(str(-(2**63)))


def with_ids(
    rows: Iterable[Sample | BadRow], on_duplicate: Callable[[str], None], where: str = "input"
) -> Iterator[Sample | BadRow]:
    """Give every sample an `id`, first among its fields where it had none.

    A sample's own id (any JSON string, number or boolean) stays as it is; one without gets its row number from 1,
    counting bad rows, so that numbers agree with the file. `7` and `"7"` count as the same. A repeated id gets a suffix
    (`7-2`, then `7-3`), always a new one.

    Args:
        rows: the rows of the first entry, or those of an output of which operators have made ids.
        on_duplicate: told once, at the end, when ids were repeated: how many, and the first of them.
        where: what that message calls the rows.
    """
    taken = _Taken()
    repeated = 0
    first = ""
    try:
        for number, row in enumerate(rows, 1):
            if isinstance(row, BadRow):
                yield row
                continue
            own = row.get("id")
            if not _can_be_id(own):
                problem = (
                    f"row {number}: the id must be a string or a number, this is {excerpt(shown(dump(plain(own))))}"
                )
                yield BadRow(number, problem, shown(dump(plain(row))))
                continue
            wanted = number if is_missing(own) else own
            given = wanted if taken.add(wanted) else taken.add_suffixed(wanted)
            if given is not wanted:
                repeated += 1
                first = first or f"{excerpt(repr(wanted))} became {excerpt(repr(given))}"
            yield row if given is own else {"id": given, **_others(row)} if is_missing(own) else {**row, "id": given}
    finally:
        taken.close()
        if repeated:
            ids = "1 id is" if repeated == 1 else f"{repeated} ids are"
            on_duplicate(f"{ids} not unique in the {where} and got a suffix (the first: {first})")


class _Taken:
    """The ids given so far.

    Whole numbers that follow each other (row numbers; the ids of a step file) are one run, of which only the ends are
    kept; all others go to a database.
    """

    def __init__(self) -> None:
        self._first = 0
        self._last = -1
        self._database: sqlite3.Connection | None = None

    def add(self, wanted: Any) -> bool:
        """Take an id; False when it is taken."""
        if type(wanted) is int:
            if self._database is None and self._last < self._first:
                self._first = self._last = wanted
                return True
            # Ids in the database may lie ahead of the run, so that it grows only while there are none.
            if self._database is None and wanted == self._last + 1:
                self._last = wanted
                return True
        return self._remember(_text(wanted))

    def add_suffixed(self, wanted: Any) -> str:
        """Take the first free one of `id-2`, `id-3`, ..."""
        text = _text(wanted)
        database = self._open()
        known = database.execute("SELECT copies FROM taken WHERE id = ?", (text,)).fetchone()
        copies = known[0] if known else 1  # one in the run of numbers has no row of its own yet
        while not self._remember(f"{text}-{copies + 1}"):
            copies += 1
        database.execute("INSERT OR REPLACE INTO taken VALUES (?, ?)", (text, copies + 1))
        return f"{text}-{copies + 1}"

    def close(self) -> None:
        if self._database is not None:
            self._database.close()

    def _remember(self, text: str) -> bool:
        if self._in_run(text):
            return False
        try:
            return bool(self._open().execute("INSERT OR IGNORE INTO taken VALUES (?, 1)", (text,)).rowcount)
        except sqlite3.OperationalError as error:
            full = f"the list of ids does not fit the temporary folder ({said_by(error)})"
            raise OutputError(f"{full}. Set TMPDIR") from error

    def _in_run(self, text: str) -> bool:
        if len(text) > LONGEST_NUMBER or not text.removeprefix("-").isdecimal():
            return False
        number = int(text)
        return self._first <= number <= self._last and str(number) == text

    def _open(self) -> sqlite3.Connection:
        if self._database is None:
            self._database = scratch_database()
            self._database.execute("CREATE TABLE taken (id TEXT PRIMARY KEY, copies INTEGER) WITHOUT ROWID")
            self._database.execute("BEGIN")
        return self._database


def _can_be_id(own: Any) -> bool:
    """Whether a value has a JSON form that is no list and no object; a table in memory can hold anything."""
    if isinstance(own, str):
        return own.isascii() or own.encode("utf-8", "replace").decode() == own
    if own is None or isinstance(own, bool):
        return True
    if isinstance(own, float):
        return not isinf(own)
    try:
        return not dump(own).startswith((b"[", b"{"))
    except TypeError:
        return False


def _text(wanted: Any) -> str:
    return wanted if isinstance(wanted, str) else dump(wanted).decode()


def _others(row: Sample) -> Sample:
    return {name: value for name, value in row.items() if name != "id"}
