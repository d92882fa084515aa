"""A dataset on disk as all faces see it: its data file or what there is of it, its side files, where its media lie."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dataflow.core.folder import absolute, working_folder
from dataflow.core.sample import Sample
from dataflow.core.storage import BadRow
from dataflow.media.fetch import fetched_path
from dataflow.runs.choose import choose
from dataflow.runs.lines import json_lines
from dataflow.runs.manifest import manifest_of, named_folders
from dataflow.runs.names import DOWNLOADS, side_path, spool_path, step_of
from dataflow.storage.formats import count_rows, read_rows
from dataflow.storage.ids import with_ids
from dataflow.storage.lock import is_locked
from dataflow.storage.paths import is_url
from dataflow.storage.places import MediaPlaces

SMALLEST_WORTH_READING = 4096
"""Bytes below which a data file is counted first: one without rows is a dataset too, an empty one."""


@dataclass(frozen=True, slots=True)
class DatasetFiles:
    """Which file holds what, at the time of asking.

    Args:
        data_file: the data file, whether it is there yet or not.
        reads: the file with the rows: the data file, or the spool of a run; None where there is neither yet.
        going: a run is at work on it.
        manifest: what `run.json` says about this data file; empty where there is none.
        places: where media are looked for: as the run saw them, then here, then beside the data.
    """

    data_file: Path
    reads: Path | None
    going: bool
    manifest: dict[str, Any]
    places: MediaPlaces

    @property
    def name(self) -> str:
        """A short name for it: the file's, without the number of the step."""
        step = step_of(self.data_file.stem)
        return step[0] if step else self.data_file.stem

    @property
    def is_partial(self) -> bool:
        """The rows are what a run has finished so far, or had when it was stopped."""
        return self.reads != self.data_file

    @property
    def state(self) -> str:
        """How the run stands: as its manifest says, `killed` when it ended without a word; empty where none is."""
        state = str(self.manifest.get("state", ""))
        if state != "running" or self.going:
            return state
        return "done" if self.reads == self.data_file else "killed"

    @property
    def downloads(self) -> Path:
        """Where a run keeps the videos that the dataset names by URL."""
        return self.data_file.parent / DOWNLOADS

    def side(self, name: str) -> Path:
        """A side file of the rows that are read: of the complete run, or of the one that is partial."""
        final = side_path(self.data_file, name)
        return spool_path(final) if self.is_partial else final

    def locate(self, path: str) -> str:
        """Where an image or video of the dataset lies; a URL that was not fetched by the run stays one.

        Raises:
            MediaError: it is nowhere, or behind a link that leads out of the dataset's folders.
        """
        found = self.places.find(path)
        if is_url(found) and found[:5].lower() != "data:":
            fetched = fetched_path(found, self.downloads)
            if fetched.is_file():
                return self.places.find(str(absolute(fetched)))
        return found

    def rows(self, on_duplicate: Callable[[str], None] = lambda _: None) -> Iterator[Sample | BadRow]:
        """Stream the rows, each with its id; those of a spool in the order in which they were finished.

        Args:
            on_duplicate: told when ids were repeated.

        Raises:
            InputError: the file cannot be read.
        """
        if self.reads is None:
            return iter(())
        if self.is_partial:
            return with_ids(json_lines(self.reads), on_duplicate)
        if self.data_file.stat().st_size < SMALLEST_WORTH_READING and count_rows(self.data_file) == 0:
            return iter(())
        return with_ids(read_rows(self.data_file), on_duplicate)


def find_dataset(path: Path, follow_links: bool = False) -> DatasetFiles:
    """The dataset that a data file or the folder of a run stands for.

    Args:
        path: what the user named.
        follow_links: follow links in its folders also where they lead out of them.

    Raises:
        InputError: there is none, or several could be meant. Says what to do.
    """
    return look(choose(path), follow_links)


def look(data_file: Path, follow_links: bool = False) -> DatasetFiles:
    """What is there of a data file now. While a run is at work on it, that is what the run has finished so far."""
    going = is_locked(data_file)
    spool = spool_path(data_file)
    reads = data_file if data_file.exists() else None
    if spool.exists() and (going or reads is None):
        reads = spool
    manifest = manifest_of(data_file)
    named = [Path(base) for base in manifest.get("base", ())]
    home = absolute(data_file).parent
    bases = tuple(dict.fromkeys([*named, working_folder(), home]))
    places = MediaPlaces(bases, named_folders(data_file), home, follow_links)
    return DatasetFiles(data_file, reads, going, manifest, places)
