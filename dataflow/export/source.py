"""What a path on the command line stands for: a data file with the manifest of its run and the places of its media."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dataflow.core.errors import InputError
from dataflow.core.sample import Sample
from dataflow.core.storage import BadRow
from dataflow.engine.execute import DOWNLOADS
from dataflow.export.run_manifest import NAME, manifest_of, read_manifest
from dataflow.media.fetch import fetched_path
from dataflow.storage.formats import FORMATS, count_rows, read_rows
from dataflow.storage.ids import with_ids
from dataflow.storage.json_text import BadText, load
from dataflow.storage.paths import is_url, resolve_media

SMALLEST_WORTH_READING = 4096
"""Bytes below which a data file is counted first: one without rows is a dataset too, an empty one."""

_STEP = re.compile(r"(?P<prefix>.+)_step(?P<number>\d+)")
_SIDES = (".failures", ".rejected", ".trace", ".review", ".discussion")


@dataclass(frozen=True, slots=True)
class Source:
    """A dataset on disk.

    Args:
        data: the data file; missing while its run goes on, or after one that was stopped.
        manifest: what `run.json` says of the run that wrote it; empty where there is none.
        bases: the folders against which relative media paths are tried.
    """

    data: Path
    manifest: dict[str, Any]
    bases: tuple[Path, ...]

    @property
    def name(self) -> str:
        """A short name for it: the file's, without the number of the step."""
        found = _STEP.fullmatch(self.data.stem)
        return found["prefix"] if found else self.data.stem

    @property
    def spool(self) -> Path:
        """Where rows gather while the data file is not there yet."""
        return self.data.with_name(f"{self.data.name}.spool")

    def side(self, name: str) -> Path:
        """A side file: `failures`, `rejected`, `trace`. That of an unfinished run gathers in a spool."""
        path = self.data.with_name(f"{self.data.stem}.{name}.jsonl")
        gathering = path.with_name(f"{path.name}.spool")
        return gathering if not path.exists() and gathering.exists() else path

    def locate(self, path: str) -> str:
        """Where an image or video of the dataset lies; a URL that was not fetched by the run stays one.

        Raises:
            MediaError: it is nowhere.
        """
        found = resolve_media(path, self.bases)
        if is_url(found) and found[:5].lower() != "data:":
            fetched = fetched_path(found, self.data.parent / DOWNLOADS)
            if fetched.is_file() and not fetched.is_symlink():
                return str(fetched)
        return found

    def rows(self, on_duplicate: Callable[[str], None] = lambda _: None) -> Iterator[Sample | BadRow]:
        """Stream the rows, each with its id.

        Args:
            on_duplicate: told when ids were repeated.

        Raises:
            InputError: the file cannot be read.
        """
        if not self.data.exists() and self.spool.exists():
            return with_ids(json_lines(self.spool), on_duplicate)
        if self.data.exists() and self.data.stat().st_size < SMALLEST_WORTH_READING and count_rows(self.data) == 0:
            return iter(())
        return with_ids(read_rows(self.data), on_duplicate)


def find_source(path: Path) -> Source:
    """The dataset that a data file or the folder of a run stands for.

    Raises:
        InputError: there is none. Says what to do.
    """
    if path.is_dir():
        data = _data_file(path)
    elif path.exists():
        data = path
        if data.suffix[1:].lower() not in FORMATS:
            raise InputError(f"{path}: no data file. Name one ({', '.join(FORMATS)}), or the folder of a run")
    else:
        raise InputError(f"{path}: there is no such file or folder (looked in {Path.cwd()}). Check the path")
    manifest = manifest_of(data)
    named = [Path(base) for base in manifest.get("base", ())]
    # First as the run saw it: the same relative path may stand for another file where this command is typed.
    bases = tuple(dict.fromkeys([*named, Path.cwd(), data.absolute().parent]))
    return Source(data, manifest, bases)


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON lines file that may still be written, or may not be there; a torn line is passed over."""
    try:
        with open(path, "rb") as lines:
            for line in lines:
                try:
                    record = load(line)
                except BadText:
                    continue
                if isinstance(record, dict):
                    yield record
    except FileNotFoundError:
        return
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error


def _data_file(folder: Path) -> Path:
    """The data file of a run: what its manifest says, else the file of the last step."""
    output = read_manifest(folder / NAME).get("output")
    if isinstance(output, str):
        # The folder may have been moved since; the file lies beside its manifest.
        return folder / Path(output).name
    steps = [(int(found["number"]), file) for file in folder.iterdir() if (found := _step_file(file))]
    if steps:
        return max(steps, key=lambda step: (step[0], step[1].stat().st_mtime))[1]
    others = [
        file
        for file in folder.iterdir()
        if file.suffix[1:].lower() in FORMATS and not file.stem.endswith(_SIDES) and not file.name.startswith(".")
    ]
    if len(others) == 1:
        return others[0]
    if others:
        raise InputError(f"{folder}: {len(others)} data files and no {NAME}. Name the one that you mean")
    raise InputError(f"{folder}: no run and no data file in it. Make one with: dataflow run video_qa --output {folder}")


def _step_file(file: Path) -> re.Match[str] | None:
    return _STEP.fullmatch(file.stem) if file.suffix[1:].lower() in FORMATS else None
