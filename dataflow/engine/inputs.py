"""What a pipeline reads: a dataset, several one after the other, or a table."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dataflow.core import BadRow, Sample, Step, UsageError
from dataflow.engine.columns import check_columns, columns_read, usable_media
from dataflow.engine.step_output import lineage_of, rows_of
from dataflow.storage.file_storage import FileStorage
from dataflow.storage.joined import JoinedInputs
from dataflow.storage.tally import Tally

COLUMNS_LOOKED_AT = 100
"""Rows of a dataset that are read to learn its columns."""


@dataclass(frozen=True)
class PipelineInput:
    """Where the samples of a run come from.

    Args:
        paths: the datasets, files, folders and globs; empty for a table.
        rows: opens them.
        count: how many there are, where that is cheap to know.
        bases: the folders against which relative media paths are tried.
        survey: what is taken of folders and what passed over; None where there is none.
        warnings: what is odd about the input, as it is read.
        names: what messages call the inputs; their paths unless given.
    """

    paths: tuple[Path, ...]
    rows: Callable[[], Iterator[Sample | BadRow]]
    count: Callable[[], int | None]
    bases: tuple[Path, ...]
    survey: Callable[[], Tally | None] = lambda: None
    warnings: list[str] = field(default_factory=list)
    names: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """What messages and the manifest call them."""
        return self.names or tuple(map(str, self.paths)) or ("the given table",)


def open_input(given: Any, steps: Sequence[Step]) -> PipelineInput:
    """Understand what a pipeline was given to read.

    Args:
        given: a dataset file, a folder or glob of media files; a list of those; a DataFrame, a list of dicts, or what
            an earlier run returned.
        steps: the operators; each of several datasets must have the columns that they need.

    Raises:
        UsageError: it is none of these.
        InputError: one of several datasets cannot be read or lacks a column; says which.
    """
    usable, columns = usable_media(steps), columns_read(steps)
    if isinstance(given, str | Path):
        one = FileStorage(given).step()
        warnings: list[str] = []
        one.read_for(usable, columns, _once(warnings))
        return PipelineInput((one.input_path,), one.rows, one.count, one.media_bases, one.survey, warnings)
    if isinstance(given, list | tuple) and given and all(isinstance(entry, str | Path) for entry in given):
        if len(given) == 1:
            return open_input(given[0], steps)
        if twice := [entry for at, entry in enumerate(given) if Path(entry) in map(Path, given[:at])]:
            raise UsageError(f"{twice[0]} is given twice as input")
        several = JoinedInputs(given)
        warnings = []
        several.read_for(usable, columns, lambda _: None)
        for part in several.parts:
            # The second is opened only when the first is through: what is wrong with it is better known beforehand.
            first = itertools.islice(part.rows(), COLUMNS_LOOKED_AT)
            check_columns(steps, [row for row in first if not isinstance(row, BadRow)], part.input_name)
        several.read_for(usable, columns, _once(warnings))
        return PipelineInput(
            several.paths,
            several.rows,
            several.count,
            several.media_bases,
            several.survey,
            warnings,
            names=tuple(part.input_name for part in several.parts),
        )
    rows, count = rows_of(given)
    return PipelineInput((), rows, count, lineage_of(given).bases)


def _once(warnings: list[str]) -> Callable[[str], None]:
    """Adds a warning that is not there yet: an input may be read twice."""

    def warn(message: str) -> None:
        if message not in warnings:
            warnings.append(message)

    return warn
