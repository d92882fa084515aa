"""What an eager step returns, and tables as input: rows that remember where they come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dataflow.core import BadRow, Sample
from dataflow.core.folder import working_folder
from dataflow.engine.counts import Counts
from dataflow.storage.arrow_rows import arrow_rows
from dataflow.storage.formats import read_rows
from dataflow.storage.places import MediaPlaces
from dataflow.storage.table import to_dataframe, to_rows

if TYPE_CHECKING:
    from pandas import DataFrame

_ATTRIBUTE = "dataflow"


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where rows come from.

    Args:
        cache: the folder of step files and ledger.
        stem: the name of the file they were written to, without its ending.
        places: where their media are looked for.
    """

    cache: Path
    stem: str
    places: MediaPlaces


@dataclass(frozen=True)
class StepOutput:
    """The result of one step: a file, not yet in memory.

    Args:
        path: the file.
        counts: how many samples came through, failed, were rejected.
        lineage: where its rows come from.
    """

    path: Path
    counts: Counts
    lineage: Lineage

    def rows(self) -> Iterator[Sample]:
        """The rows, streamed from the file."""
        if not self.counts.written:
            return iter(())
        return (row for row in read_rows(self.path) if isinstance(row, dict))

    def dataframe(self) -> DataFrame:
        """The rows as a pandas DataFrame, which carries its lineage in `attrs`."""
        frame = to_dataframe(list(self.rows()))
        frame.attrs[_ATTRIBUTE] = {
            "cache": str(self.lineage.cache),
            "stem": self.lineage.stem,
            "bases": [str(base) for base in self.lineage.places.bases],
            "own": [str(folder) for folder in self.lineage.places.own],
        }
        return frame

    def __len__(self) -> int:
        return self.counts.written

    def _repr_html_(self) -> str:
        """The first rows as a table with small pictures, for notebooks."""
        from dataflow.engine.notebook.table import as_table

        return as_table(self.path, self.counts, self.rows(), self.lineage.places)


def lineage_of(table: Any) -> Lineage:
    """Where a table comes from; a default for one that did not come from us."""
    if isinstance(table, StepOutput):
        return table.lineage
    known = getattr(table, "attrs", {}).get(_ATTRIBUTE)
    if known:
        bases, own = (tuple(map(Path, known.get(name, ()))) for name in ("bases", "own"))
        return Lineage(Path(known["cache"]), known["stem"], MediaPlaces(bases, own))
    return Lineage(Path("cache"), "dataframe", MediaPlaces((working_folder(),)))


def rows_of(table: Any) -> tuple[Callable[[], Iterator[Sample | BadRow]], Callable[[], int | None]]:
    """What opens a table's rows, and what counts them."""
    if isinstance(table, StepOutput):
        return table.rows, lambda: len(table)
    if (reader := arrow_rows(table)) is not None:
        return reader, lambda: len(table)
    rows = to_rows(table)
    return lambda: iter(rows), lambda: len(rows)
