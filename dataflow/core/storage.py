"""The contract of a storage: where samples come from, and where the file of each step goes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from dataflow.core.sample import Sample


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that could not be read. The others can; this one goes to the failures file.

    Args:
        row: its number in the file, from 1.
        message: what is wrong with it, with file and line.
        text: the row as it stands in the file, cut to a sane length.
    """

    row: int
    message: str
    text: str


class DataFlowStorage(ABC):
    """Hands out the samples of one step and takes those of the next."""

    @abstractmethod
    def step(self) -> Self:
        """Move to the next step; the first call moves to step 1."""

    @abstractmethod
    def reset(self) -> Self:
        """Move to before the first step."""

    @abstractmethod
    def read(self, output_type: str = "dataframe") -> Any:
        """All samples that the current step reads, as a pandas DataFrame (`"dataframe"`) or a list (`"dict"`)."""

    @abstractmethod
    def write(self, data: Any) -> Path:
        """Write the file of the current step, whole or not at all, and return its path."""

    @abstractmethod
    def rows(self) -> Iterator[Sample | BadRow]:
        """Stream the samples that the current step reads."""

    @abstractmethod
    def write_rows(self, rows: Iterable[Sample]) -> Path:
        """Write the file of the current step from a stream, whole or not at all."""

    @abstractmethod
    def next_unwritten(self) -> Path:
        """Move to the next step that this storage has not written, for rows that come from elsewhere; its file."""

    def count(self) -> int | None:
        """How many rows the current step reads, where that is cheap to know."""
        return None

    def read_for(self, usable: Set[str], columns: Set[str], warn: Callable[[str], None]) -> None:  # noqa: B027
        """Know who reads: which of the columns of media (`image`, `video`) are of use, at which of all somebody looks,
        and who is told what is odd. A storage may do without."""

    def survey(self) -> Any:
        """What is taken of a folder of media and what is passed over; None where the step reads none."""
        return None

    @property
    @abstractmethod
    def input_path(self) -> Path:
        """The file that the current step reads."""

    @property
    @abstractmethod
    def output_path(self) -> Path:
        """The file that the current step writes."""

    @property
    @abstractmethod
    def cache_dir(self) -> Path:
        """The folder of the step files, the ledger and the manifest."""

    @property
    def first_inputs(self) -> tuple[Path, ...]:
        """What the user named to be read at step 1; nothing where that is no file or folder."""
        return ()

    @property
    @abstractmethod
    def media_bases(self) -> tuple[Path, ...]:
        """The folders against which relative media paths are tried, in order."""
