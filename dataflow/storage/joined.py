"""Several datasets read as one, the rows of the first, then those of the second, and so on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import replace
from pathlib import Path
from typing import Any

from dataflow.core.sample import Sample
from dataflow.core.storage import BadRow
from dataflow.storage.file_storage import FileStorage
from dataflow.storage.input_parts import parts_of
from dataflow.storage.media_folder import is_media_source
from dataflow.storage.paths import is_url
from dataflow.storage.tally import Tally

LONGEST_PATH = 1024
"""Characters: what is longer is no path."""


class JoinedInputs:
    """Several datasets as one.

    A relative media path stands for a file below the working directory or beside the dataset that names it, never for
    one of the same name beside another. Where the folders of all, tried in order, would lead elsewhere, the row gets
    the path with the folder of its own dataset before it; all other rows stay as they are.

    Args:
        entries: dataset files, folders or globs of media, in order.
    """

    def __init__(self, entries: Sequence[str | Path]) -> None:
        self.parts = parts_of(entries)

    @property
    def paths(self) -> tuple[Path, ...]:
        """What the rows are read from."""
        return tuple(part.input_path for part in self.parts)

    @property
    def media_bases(self) -> tuple[Path, ...]:
        """The working directory, then the folder of each dataset."""
        return tuple(dict.fromkeys(base for part in self.parts for base in part.media_bases))

    def read_for(self, usable: Set[str], columns: Set[str], warn: Callable[[str], None]) -> None:
        """Know who reads: see `FileStorage.read_for`."""
        for part in self.parts:
            part.read_for(usable, columns, warn)

    def survey(self) -> Tally | None:
        """What is taken of the folders among them and what is passed over; None where there is none.

        Raises:
            InputError: one cannot be read.
        """
        tallies = [tally for part in self.parts if (tally := part.survey()) is not None]
        return sum(tallies, Tally()) if tallies else None

    def rows(self) -> Iterator[Sample | BadRow]:
        """Stream the rows; a bad row's number counts those of the datasets before it too.

        Raises:
            UsageError, InputError: a dataset cannot be read; says which and why.
        """
        before = 0
        for part in self.parts:
            read = 0
            for row in self._own(part):
                read += 1
                yield replace(row, row=before + row.row) if isinstance(row, BadRow) else row
            before += read

    def count(self) -> int | None:
        """How many rows there are; None where that takes long to know of one dataset, or one cannot be read."""
        counts = [part.count() for part in self.parts]
        return None if None in counts else sum(count for count in counts if count is not None)

    def _own(self, part: FileStorage) -> Iterator[Sample | BadRow]:
        """The rows of one dataset, with paths that lead to its own media."""
        rows = part.rows()
        if len(self.media_bases) <= len(set(part.media_bases)) or is_media_source(part.input_path):
            return rows
        paths = _Paths(part.media_bases, self.media_bases)
        return (row if isinstance(row, BadRow) else paths.own(row) for row in rows)


class _Paths:
    """Tells a path that leads beside another dataset, and writes where it leads in its own.

    Args:
        own: the folders against which a row's paths are meant, the last being that of its dataset.
        tried: those against which the paths of all rows are tried.
    """

    def __init__(self, own: tuple[Path, ...], tried: tuple[Path, ...]) -> None:
        self._own = own
        self._tried = tried

    def own(self, value: Any) -> Any:
        """A value with the paths in it, however deep, made to lead to the dataset's own media; itself if they do."""
        if isinstance(value, str):
            return self._path(value)
        if isinstance(value, dict):
            made: Any = {name: self.own(inner) for name, inner in value.items()}
            return made if any(made[name] is not inner for name, inner in value.items()) else value
        if isinstance(value, list):
            made = [self.own(inner) for inner in value]
            return made if any(new is not old for new, old in zip(made, value, strict=True)) else value
        return value

    def _path(self, text: str) -> str:
        # Whether text is a path is told by the disk; that it names a kind of file keeps single words out of it.
        if len(text) > LONGEST_PATH or not text.isprintable() or not Path(text).suffix:
            return text
        if text.startswith(("/", "~")) or is_url(text):
            return text
        named = text.removeprefix("./")
        found = _first(named, self._tried)
        return text if found is None or found == _first(named, self._own) else str(self._own[-1] / named)


def _first(named: str, bases: tuple[Path, ...]) -> Path | None:
    try:
        return next((path for base in bases if (path := base / named).is_file()), None)
    except OSError:  # such as a text that is too long for a name
        return None
