"""What a pipeline reads: a dataset, several one after the other, or a table."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dataflow.core import BadRow, Sample, Step, UsageError
from dataflow.engine.columns import check_columns, columns_read, media_columns, usable_media
from dataflow.engine.hub_dataset import is_hub_name, load_hub_dataset
from dataflow.engine.options import RunOptions
from dataflow.engine.step_output import lineage_of, rows_of
from dataflow.runs.manifest import named_folders
from dataflow.storage.arrow_rows import arrow_rows
from dataflow.storage.joined import JoinedInputs
from dataflow.storage.kept_input import STANDARD_INPUT, comes_once, keep_rows, keep_standard_input
from dataflow.storage.media_folder import is_media_source, media_base
from dataflow.storage.origin import REMOTE, Origin
from dataflow.storage.places import MediaPlaces
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
        places: where media are looked for.
        survey: what is taken of folders and what passed over; None where there is none.
        warnings: what is odd about the input, as it is read.
        names: what messages call the inputs; their paths unless given.
    """

    paths: tuple[Path, ...]
    rows: Callable[[], Iterator[Sample | BadRow]]
    count: Callable[[], int | None]
    places: MediaPlaces
    survey: Callable[[], Tally | None] = lambda: None
    warnings: list[str] = field(default_factory=list)
    names: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """What messages and the manifest call them."""
        return self.names or tuple(map(str, self.paths)) or ("the given table",)


@dataclass(frozen=True, slots=True)
class Intake:
    """How a run takes in what can be read only once.

    Args:
        folder: of the output, where it is kept.
        limit: so many rows are enough.
        allow_private_urls: whether tables may be fetched from addresses that are not of the public internet.
        quiet: show nothing on the way.
        follow_links: whether links in the dataset's folders may lead out of them.
    """

    folder: Path
    limit: int | None = None
    allow_private_urls: bool = False
    quiet: bool = False
    follow_links: bool = False

    @classmethod
    def of(cls, folder: str | Path, options: RunOptions) -> Intake:
        """As the options of a run say it."""
        return cls(
            Path(folder).expanduser(), options.limit, options.allow_private_urls, options.quiet, options.follow_links
        )


def open_input(given: Any, steps: Sequence[Step], intake: Intake) -> PipelineInput:
    """Understand what a pipeline was given to read.

    Args:
        given: a dataset file, its address, a folder or glob of media files, `-` for standard input; a list of those; a
            dataset of the Hub, `hf:NAME`; a table.
        steps: the operators; each of several datasets must have the columns that they need.
        intake: for what can be read only once.

    Raises:
        UsageError: it is none of these.
        InputError: one of several datasets cannot be read or lacks a column; says which. Nothing comes on standard
            input.
    """
    if isinstance(given, str | Path):
        return _files([given], steps, intake)
    if isinstance(given, list | tuple) and given and all(isinstance(entry, str | Path) for entry in given):
        if twice := [entry for at, entry in enumerate(given) if Path(entry) in map(Path, given[:at])]:
            raise UsageError(f"{twice[0]} is given twice as input")
        return _files(given, steps, intake)
    return open_table(given, steps, intake)


def open_table(given: Any, steps: Sequence[Step], intake: Intake) -> PipelineInput:
    """Understand a table.

    Args:
        given: a DataFrame, a list of dicts, a `datasets.Dataset`, another Arrow table, what an earlier run returned; or
            what can be read only once, such as a generator of dicts or a dataset that streams: it is kept in a file.
        steps: the operators.
        intake: for what can be read only once.

    Raises:
        UsageError: it is none of these.
    """
    if not comes_once(given):
        rows, count = rows_of(given)
        return PipelineInput((), rows, count, lineage_of(given).places)
    warnings: list[str] = []
    rows = arrow_rows(given) or given.__iter__
    path = keep_rows(rows(), intake.folder, columns_read(steps), intake.limit, _once(warnings))
    kept = _files([path], steps, intake)
    kept.warnings[:0] = warnings
    return kept


def _files(given: Sequence[str | Path], steps: Sequence[Step], intake: Intake) -> PipelineInput:
    if of_the_hub := next((entry for entry in given if is_hub_name(entry)), None):
        if len(given) > 1:
            raise UsageError(
                f"{of_the_hub} stands alone: of several inputs name its files, hf://datasets/OWNER/NAME/FILE"
            )
        dataset = load_hub_dataset(str(of_the_hub), stream=intake.limit is not None, quiet=intake.quiet)
        return replace(open_table(dataset, steps, intake), names=(str(of_the_hub),))
    usable, columns = usable_media(steps), columns_read(steps)
    warnings: list[str] = []
    origins: dict[Path, Origin] = {}
    joined = JoinedInputs([_read_in(entry, steps, intake, origins, warnings) for entry in given])
    for part in joined.parts:
        part.origin = origins.get(part.input_path)
        part.follow_links = intake.follow_links
    if len(joined.parts) > 1:
        joined.read_for(usable, columns, lambda _: None)
        for part in joined.parts:
            # The second is opened only when the first is through: what is wrong with it is better known beforehand.
            first = itertools.islice(part.rows(), COLUMNS_LOOKED_AT)
            check_columns(steps, [row for row in first if not isinstance(row, BadRow)], part.input_name)
    joined.read_for(usable, columns, _once(warnings))
    return PipelineInput(
        joined.paths,
        joined.rows,
        joined.count,
        MediaPlaces(joined.media_bases, own_folders(joined.paths)),
        joined.survey,
        warnings,
        names=tuple(part.input_name for part in joined.parts),
    )


def own_folders(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The folders of media that the user named as input, now or to the runs that made what is read now."""
    found: list[Path] = []
    for path in paths:
        found += [media_base(path)] if is_media_source(path) else named_folders(path)
    return tuple(dict.fromkeys(found))


def _read_in(
    entry: str | Path, steps: Sequence[Step], intake: Intake, origins: dict[Path, Origin], warnings: list[str]
) -> str | Path:
    """What stands for an entry on disk; where it was fetched from goes into `origins`."""
    if str(entry) == STANDARD_INPUT:
        return keep_standard_input(intake.folder, intake.limit)
    if not isinstance(entry, str) or REMOTE.match(entry) is None:
        return entry
    from dataflow.engine.remote_table import fetched
    from dataflow.media.fetch_limits import display_url

    path = fetched(entry, intake.folder, allow_private=intake.allow_private_urls, warn=_once(warnings))
    origins[path] = Origin(display_url(entry), media_columns(steps))
    return path


def _once(warnings: list[str]) -> Callable[[str], None]:
    """Adds a warning that is not there yet: an input may be read twice."""

    def warn(message: str) -> None:
        if message not in warnings:
            warnings.append(message)

    return warn
