"""The files of one place, opened: rows with their facts, failures, rejected samples, trace, discussion, decisions."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from dataflow.core.sample import Sample
from dataflow.core.storage import BadRow
from dataflow.runs.dataset import DatasetFiles
from dataflow.storage.review import Decision
from dataflow.storage.review_log import ReviewLog
from dataflow.viewer.columns import Columns
from dataflow.viewer.lines import Lines, parse_row
from dataflow.viewer.media_refs import media_fields
from dataflow.viewer.side_rows import SideRows

TABLES = ("rows", "failures", "rejected")
_FACTS_AT_ONCE = 200

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
        self.columns = Columns(self.fields)
        self.tables: dict[str, Lines] = {}
        self.trace = SideRows(place.side("trace"))
        self.discussion = SideRows(place.side("discussion"))
        self.decided: dict[int, Decision] = {}
        self.stale: set[int] = set()
        self.stamp = stamp(place.reads)
        self.complete = False
        """All rows that there are have been found, and their facts."""
        self.revision = 0
        """Counts the changes of the decisions."""
        self._unplaced: set[str] = set()
        self._guard = threading.Lock()
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
        if self._unplaced and last > first:
            self.place_decisions(list(self._unplaced))
        return last < len(lines)

    def place_decisions(self, keys: Iterable[str]) -> None:
        """Take in what the log says now about samples.

        Args:
            keys: their `id_key`s.
        """
        with self._guard:
            self.revision += 1
            for key in keys:
                number = self.columns.number_of.get(key)
                if number is None:
                    self._unplaced.add(key)
                    continue
                self._unplaced.discard(key)
                decision = self.log.review.decision(key)
                self.stale.discard(number)
                if decision is None:
                    self.decided.pop(number, None)
                    continue
                self.decided[number] = decision
                row = self.row("rows", number)
                if isinstance(row, BadRow) or decision.is_stale(row):
                    self.stale.add(number)

    def current_decision(self, number: int) -> Decision | None:
        """The decision about a row, unless it was about an earlier form of it."""
        return None if number in self.stale else self.decided.get(number)

    def decisions(self) -> tuple[dict[int, Decision], set[int]]:
        """The decisions by row number, and the rows that were made anew since; copies."""
        with self._guard:
            return dict(self.decided), set(self.stale)

    def review_counts(self) -> dict[str, int]:
        """How many samples are accepted, rejected, edited, and decided about in an earlier form."""
        with self._guard:
            current = [decision for number, decision in self.decided.items() if number not in self.stale]
        return {
            "accepted": sum(decision.verdict == "accept" for decision in current),
            "rejected": sum(decision.verdict == "reject" for decision in current),
            "edited": sum(bool(decision.set) for decision in current),
            "reviewed": len(current),
            "stale": len(self.stale),
        }


def stamp(path: Path | None) -> Stamp | None:
    """What changes when a file is replaced. A spool keeps its own while it grows."""
    try:
        status = os.stat(path) if path is not None else None  # noqa: PTH116
    except OSError:
        return None
    if status is None or path is None:
        return None
    if path.suffix == ".spool":
        return (status.st_dev, status.st_ino, 0)
    return (status.st_dev, status.st_ino, status.st_mtime_ns)
