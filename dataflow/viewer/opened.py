"""The files of one place, opened: rows with their facts, failures, rejected samples, trace, discussion, decisions."""

from __future__ import annotations

import os
import re
import threading
from array import array
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from dataflow.core.sample import Sample
from dataflow.core.storage import BadRow
from dataflow.export.columns import columns_of
from dataflow.runs.dataset import DatasetFiles
from dataflow.runs.names import SPOOL
from dataflow.storage.review import CaseKey, Decision, id_key, row_digest
from dataflow.storage.review_log import ReviewLog
from dataflow.storage.review_places import Places, ReviewCounts
from dataflow.viewer.columns import Columns
from dataflow.viewer.generated import generated_names
from dataflow.viewer.lines import Lines, parse_row
from dataflow.viewer.media_refs import media_fields
from dataflow.viewer.side_rows import SideRows

TABLES = ("rows", "failures", "rejected")
_FACTS_AT_ONCE = 200
_DIGEST = re.compile(r"[0-9a-f]{16}")

Stamp = tuple[int, int, int]


class Opened:
    """What is shown as long as the same files lie there. One thread extends it, others read.

    Args:
        generation: counts how often the files were replaced by others; row numbers hold within one generation.
        place: the files.
        log: the decisions.

    Raises:
        InputError: the rows cannot be read.
    """

    def __init__(self, generation: int, place: DatasetFiles, log: ReviewLog) -> None:
        self.generation = generation
        self.place = place
        self.log = log
        self.fields = media_fields(place.manifest)
        self.generated = generated_names(place.data_file)
        self.roles = columns_of(place.manifest)
        self.columns = Columns(self.fields, self.roles)
        self.tables: dict[str, Lines] = {}
        self.trace = SideRows(place.side("trace"))
        self.discussion = SideRows(place.side("discussion"))
        self.places = Places(log.review)
        """Which decision is about which row."""
        self.stamp = stamp(place.reads)
        self.complete = False
        """All rows that there are have been found, and their facts."""
        self.revision = 0
        """Counts the changes of the decisions."""
        self._digests = array("Q")
        """Of the first rows, as far as they were needed: of rows about which ids alone tell no decision."""
        self._counted = (-1, ReviewCounts())
        self._guard = log.guard
        self._reading = threading.Lock()
        if place.reads is not None:
            self.tables["rows"] = Lines(place.reads)

    @property
    def is_growing(self) -> bool:
        """The rows come from the spool of a run."""
        return self.place.is_partial

    def count(self, table: str) -> int:
        """How many rows of a table have been found."""
        lines = self.tables.get(table)
        return 0 if lines is None else len(lines)

    def row(self, table: str, number: int) -> Sample | BadRow:
        """A row of a table; what is shown of a failure is its record.

        Raises:
            IndexError: there is none of this number.
        """
        if number < 0 or table not in self.tables:
            raise IndexError(number)
        return self.tables[table].row(number)

    def sample(self, table: str, number: int) -> Sample:
        """The sample in a row; empty where the row cannot be read. Raises as `row`."""
        row = self.row(table, number)
        if isinstance(row, BadRow):
            return {}
        held = row if table == "rows" else row.get("sample")
        return held if isinstance(held, dict) else {}

    def id_of(self, number: int, row: Sample | BadRow) -> Any:
        """The id of a row; of one whose facts are not known yet, what it will be unless it repeats another."""
        if number < len(self.columns):
            return self.columns.ids[number]
        own = None if isinstance(row, BadRow) else row.get("id")
        return number + 1 if own is None else own

    def find_rows(self) -> bool:
        """Find more rows, for some milliseconds; returns whether there are more."""
        more = False
        for name in TABLES:
            if name not in self.tables and name != "rows" and self.place.side(name).exists():
                self.tables[name] = Lines(self.place.side(name))
            if name in self.tables:
                more |= self.tables[name].extend(ended=name == "rows" and not self.is_growing)
        return more

    def find_facts(self) -> bool:
        """Take in the facts of some more rows; returns whether there are more."""
        lines = self.tables.get("rows")
        if lines is None:
            return False
        first = len(self.columns)
        last = min(first + _FACTS_AT_ONCE, len(lines))
        for number, line in lines.blocks(first, last):
            self.columns.add(parse_row(line, number))
        with self._guard:
            for number in range(first, last):
                if self.log.review.seen_under(id_key(self.columns.ids[number])):
                    self._show(number)
            self._settle(())
        if last == len(lines):
            self._look_by_content()
        return last < len(lines)

    def place_decisions(self, changed: Iterable[CaseKey]) -> list[str]:
        """Take in what the log says now.

        Args:
            changed: the cases about which it says something else than before.

        Returns:
            The `id_key`s of the rows about which something changed.
        """
        changed = list(changed)
        with self._guard:
            for _, key in changed:
                if (number := self.columns.number_of.get(key)) is not None:
                    self._show(number)
            rows = self._settle(changed)
        if len(self.columns) == self.count("rows"):
            rows |= self._look_by_content()
        return [id_key(self.columns.ids[number]) for number in rows]

    def current_decision(self, number: int) -> Decision | None:
        """The decision about a row, unless it was about an earlier form of it."""
        return self.places.decisions.get(number)

    def decisions(self) -> tuple[dict[int, Decision], set[int]]:
        """The decisions that count, by row number, and the rows that were made anew since; copies."""
        with self._guard:
            return dict(self.places.decisions), set(self.places.stale)

    def review_counts(self) -> ReviewCounts:
        """How many rows are accepted, rejected, edited, and decided about in an earlier form."""
        with self._guard:
            if self._counted[0] != self.revision:
                self._counted = (self.revision, self.places.counts())
            return self._counted[1]

    def id_of_case(self, case: CaseKey) -> str:
        """The `id_key` of the row that a decision is about; where there is none, the one by which it was decided."""
        number = self.places.row_of(case)
        return case[1] if number is None else id_key(self.columns.ids[number])

    def _settle(self, changed: Iterable[CaseKey]) -> set[int]:
        rows = self.places.settle(changed)
        self.revision += bool(rows)
        return rows

    def _show(self, number: int) -> None:
        """Show a row to the decisions."""
        row = self.row("rows", number)
        if not isinstance(row, BadRow):
            self.places.see(number, id_key(self.columns.ids[number]), row_digest(row))

    def _look_by_content(self) -> set[int]:
        """Look for the rows of decisions that are not found by their ids: all rows are read for it, once."""
        with self._reading:
            with self._guard:
                wanted = {int(seen, 16) for seen, _ in self.places.unplaced() if _DIGEST.fullmatch(seen)}
            known, until = len(self._digests), len(self.columns)
            if not wanted or not until:
                return set()
            found = [number for number, digest in enumerate(self._digests) if digest in wanted]
            for number, line in self.tables["rows"].blocks(known, until):
                row = parse_row(line, number)
                digest = 0 if isinstance(row, BadRow) else int(row_digest(row), 16)
                self._digests.append(digest)
                if digest in wanted:
                    found.append(number)
            with self._guard:
                for number in found:
                    self._show(number)
                return self._settle(())


def stamp(path: Path | None) -> Stamp | None:
    """What changes when a file is replaced. A spool keeps its own while it grows."""
    try:
        status = os.stat(path) if path is not None else None  # noqa: PTH116
    except OSError:
        return None
    if status is None or path is None:
        return None
    if path.suffix == SPOOL:
        return (status.st_dev, status.st_ino, 0)
    return (status.st_dev, status.st_ino, status.st_mtime_ns)
