"""`FileStorage`: the dataset of the first entry, and one file for each step after it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from pathlib import Path
from typing import Any, Self

from dataflow.core.errors import InputError, UsageError
from dataflow.core.folder import absolute, working_folder
from dataflow.core.sample import Sample
from dataflow.core.storage import BadRow, DataFlowStorage
from dataflow.storage.formats import check_format, count_rows, read_rows, write_rows
from dataflow.storage.formats.wanted import Wanted
from dataflow.storage.media_folder import MediaFolder, is_media_source, media_base
from dataflow.storage.media_kinds import BOTH
from dataflow.storage.origin import Origin
from dataflow.storage.table import to_dataframe, to_rows
from dataflow.storage.tally import Tally


class FileStorage(DataFlowStorage):
    """Samples in files: step 1 reads the first entry, every later step the file of the step before.

    The file of step n is `{cache_path}/{file_name_prefix}_step{n}.{cache_type}`. Constructing touches no disk.

    Args:
        first_entry_file_name: a json, jsonl, csv or parquet file; or a folder, a glob or a file of images and videos.
        cache_path: the folder of the step files.
        file_name_prefix: what their names begin with.
        cache_type: their format: json, jsonl, csv or parquet.
        csv_safe: write texts in csv that spreadsheets would take for formulas so that they do not.

    Raises:
        UsageError: `cache_type` is none of these.
    """

    def __init__(
        self,
        first_entry_file_name: str | Path,
        cache_path: str | Path = "./cache",
        file_name_prefix: str = "dataflow_cache_step",
        cache_type: str = "jsonl",
        *,
        csv_safe: bool = False,
    ) -> None:
        check_format(cache_type, "cache_type")
        self.first_entry_file_name = str(first_entry_file_name)
        self.cache_path = str(cache_path)
        self.file_name_prefix = file_name_prefix
        self.cache_type = cache_type
        self.csv_safe = csv_safe
        self._step = 0
        self._written = 0
        self._usable: Set[str] = BOTH
        self._wanted = Wanted(warn=warnings.warn)
        self._surveyed: Tally | None = None
        self._files: Sequence[Path] = ()
        self.prefix = ""
        """Stands before the ids of a folder's files, where it is one of several."""
        self.follow_links = False
        """Whether side files of media are read that are links out of the first entry's folder."""
        self.origin: Origin | None = None
        """Where the first entry was fetched from."""

    def __repr__(self) -> str:
        return f"FileStorage({self.first_entry_file_name!r}, {self.cache_path!r}, step {self._step})"

    def step(self) -> Self:
        """Move to the next step; the first call moves to step 1."""
        self._step += 1
        self._surveyed = None
        return self

    def reset(self) -> Self:
        """Move to before the first step."""
        self._step = self._written = 0
        self._surveyed = None
        return self

    def next_unwritten(self) -> Path:
        """Move to the next step that this storage has not written, for rows that come from elsewhere, and claim it.

        That is the current step, or the one after it when the current one is written. Files of earlier runs do not
        count, so that a script run again writes the same files.

        Returns:
            The file of that step, never the first entry.
        """
        if self._step <= self._written:
            self._step = self._written + 1
        self._written = self._step
        return self.output_path

    def read(self, output_type: str = "dataframe") -> Any:
        """All samples that the current step reads. Rows that cannot be read are left out, with a warning.

        Args:
            output_type: `"dataframe"` for a pandas DataFrame, `"dict"` for a list of dicts.

        Raises:
            UsageError: another output type, or `step()` was never called.
            InputError: the file cannot be read.
        """
        if output_type not in ("dataframe", "dict"):
            raise UsageError(f"read({output_type!r}): a storage reads as 'dataframe' or as 'dict'")
        samples: list[Sample] = []
        bad: list[BadRow] = []
        for row in self.rows():
            bad.append(row) if isinstance(row, BadRow) else samples.append(row)
        if bad:
            warnings.warn(f"rows left out: {len(bad)}. The first: {bad[0].message}", stacklevel=2)
        return to_dataframe(samples) if output_type == "dataframe" else samples

    def write(self, data: Any) -> Path:
        """Write the file of the current step, whole or not at all.

        Args:
            data: a pandas DataFrame, a list of dicts, or the output of a step.

        Raises:
            UsageError: other data, or `step()` was never called.
            OutputError: the file cannot be written; what stood there stays.
        """
        return self.write_rows(to_rows(data))

    def rows(self) -> Iterator[Sample | BadRow]:
        """Stream the samples that the current step reads, as they stand in the file.

        Raises:
            UsageError: `step()` was never called, or the file's format is none of ours.
            InputError: the file cannot be read; or the step before has not been run, and which.
        """
        path = self.input_path
        if self._step == 1:
            media = is_media_source(path)
            rows = self._media(path).rows(self._wanted.warn) if media else read_rows(path, self._wanted)
            return self.origin.rows(rows) if self.origin else rows
        if not path.exists():
            raise InputError(
                f"{path}: step {self._step} reads it, and step {self._step - 1} has not written it yet. "
                f"Run step {self._step - 1} first"
            )
        return read_rows(path, self._wanted)

    def count(self) -> int | None:
        """How many rows the current step reads; None where that takes long to know, or the file cannot be read."""
        try:
            tally = self._surveyed or self.survey()
            return count_rows(self.input_path) if tally is None else tally.samples
        except InputError:
            return None

    def survey(self) -> Tally | None:
        """What is taken of a folder and what is passed over; None where the current step reads no folder.

        Raises:
            InputError: the folder cannot be read.
        """
        is_media = self._step == 1 and is_media_source(self.input_path)
        self._surveyed = self._media(self.input_path).survey() if is_media else None
        return self._surveyed

    def read_for(self, usable: Set[str], columns: Set[str], warn: Callable[[str], None]) -> None:
        """Know who reads.

        Args:
            usable: the columns of media that can be used; files of folders go where they can be.
            columns: those at which somebody looks; what is wrong with others loses no row.
            warn: told what is odd about the input as it is read.
        """
        self._usable, self._wanted = usable, Wanted(columns, warn)

    def take_only(self, files: Sequence[Path]) -> None:
        """Take of the first entry, a folder, these files alone."""
        self._files = files

    def write_rows(self, rows: Iterable[Sample]) -> Path:
        """Write the file of the current step from a stream, whole or not at all.

        Raises:
            UsageError: `step()` was never called.
            OutputError: the file cannot be written; what stood there stays.
        """
        path = write_rows(self.output_path, rows, self.csv_safe, self._wanted.warn)
        self._written = max(self._written, self._step)
        return path

    @property
    def input_path(self) -> Path:
        """The file that the current step reads; of step 1 the first entry, which may be a folder or a glob."""
        self._require_step()
        return self._first_entry if self._step == 1 else self._step_file(self._step - 1)

    @property
    def input_name(self) -> str:
        """What messages and the manifest call it."""
        if self.origin:
            return self.origin.url
        return f"{len(self._files):,} files in {self.input_path}" if self._files else str(self.input_path)

    @property
    def output_path(self) -> Path:
        """The file that the current step writes."""
        self._require_step()
        path = self._step_file(self._step)
        if absolute(path) == absolute(self._first_entry):
            raise UsageError(
                f"{path}: step {self._step} would overwrite the input. Give another file_name_prefix or cache_path"
            )
        return path

    @property
    def cache_dir(self) -> Path:
        """The folder of the step files, the ledger and the manifest."""
        return Path(self.cache_path).expanduser()

    @property
    def media_bases(self) -> tuple[Path, ...]:
        """The working directory, then the folder of the first entry; the same at every step."""
        return (working_folder(), media_base(self._first_entry))

    @property
    def first_inputs(self) -> tuple[Path, ...]:
        """The first entry."""
        return (self._first_entry,)

    @property
    def _first_entry(self) -> Path:
        return Path(self.first_entry_file_name).expanduser()

    def _media(self, path: Path) -> MediaFolder:
        return MediaFolder(path, self._usable, self.prefix, self._files, self.follow_links)

    def _step_file(self, number: int) -> Path:
        return self.cache_dir / f"{self.file_name_prefix}_step{number}.{self.cache_type}"

    def _require_step(self) -> None:
        if self._step == 0:
            raise UsageError("the storage stands before its first step: call storage.step() and hand that over")
