"""From what a user names (a step file, a run folder, a run that is going) to the files that the page reads."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from dataflow.core.errors import InputError
from dataflow.engine.outputs import side_path, spool_path
from dataflow.storage.formats import FORMATS
from dataflow.storage.os_errors import reading

NAME = "run.json"
"""The manifest; `engine.manifest`, which writes it, would load the whole engine."""
SIDE_FILES = ("failures", "rejected", "trace", "discussion", "review")
_STEP = re.compile(r"_step(\d+)$")
_SPOOL_IS_FRESH_SECONDS = 5.0
"""A run flushes its spools every second or so; one untouched for longer belongs to a run that ended."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which file holds what, at the time of asking.

    Args:
        data_file: what the dataset is called, whether it is there yet or not.
        reads: the file with the rows: the data file, or the spool of a run; None where there is neither yet.
        going: a run is at work on it.
        manifest: what `run.json` says about this data file; empty where there is none.
    """

    data_file: Path
    reads: Path | None
    going: bool
    manifest: dict[str, Any]

    def side(self, name: str) -> Path:
        """A side file of the rows that are shown: of the run that goes on, else of the one that is complete."""
        final = side_path(self.data_file, name)
        return final if self.reads == self.data_file else spool_path(final)

    @property
    def downloads(self) -> Path:
        """Where a run keeps the videos that the dataset names by URL."""
        return self.data_file.parent / "downloads"

    @property
    def bases(self) -> tuple[Path, ...]:
        """Where relative media paths are tried: as the run had it, then here, then beside the data."""
        named = self.manifest.get("base")
        bases = [Path(base) for base in named if isinstance(base, str)] if isinstance(named, list) else []
        return tuple(dict.fromkeys([*bases, Path.cwd(), self.data_file.parent]))


def find_data_file(path: Path) -> Path:
    """The data file that a user means.

    Args:
        path: a data file (there, or being made), or a folder with one.

    Raises:
        InputError: there is nothing to show; says what was looked for.
    """
    with reading(path):
        if path.is_dir():
            return _in_folder(path)
    if path.suffix == ".spool":
        path = path.with_suffix("")
    parts = path.name.split(".")
    if len(parts) > 2 and parts[-1] == "jsonl" and parts[-2] in SIDE_FILES:
        stem = path.name.removesuffix(f".{parts[-2]}.jsonl")
        raise InputError(f"{path}: this lies beside the data. Name the data file, such as {stem}.jsonl, or its folder")
    if path.suffix[1:].lower() not in FORMATS:
        raise InputError(f"{path}: not a dataset. Name a {', '.join(FORMATS)} file, or the folder of a run")
    if not path.exists() and not spool_path(path).exists():
        where = "" if path.is_absolute() else f" (looked in {Path.cwd()})"
        raise InputError(f"{path}: there is no such file{where}. Check the path")
    return path


def look(data_file: Path) -> Place:
    """What is there of a data file now."""
    manifest = _manifest(data_file)
    going = manifest.get("state") == "running" and _alive(manifest.get("pid"))
    spool = spool_path(data_file)
    try:
        age = time.time() - spool.stat().st_mtime
    except OSError:
        return Place(data_file, data_file if data_file.exists() else None, going, manifest)
    going = going or age < _SPOOL_IS_FRESH_SECONDS
    reads = spool if going or not data_file.exists() else data_file
    return Place(data_file, reads, going, manifest)


def _in_folder(folder: Path) -> Path:
    manifest = folder / NAME
    if manifest.exists():
        try:
            return folder / Path(orjson.loads(manifest.read_bytes())["output"]).name
        except (OSError, ValueError, KeyError, TypeError):
            pass  # being written, or no manifest: the files themselves tell
    names = {path.name.removesuffix(".spool") for path in folder.iterdir() if path.name[0] != "."}
    found = [folder / name for name in names if _is_data(name)]
    if not found:
        raise InputError(f"{folder}: no dataset in it. Name a {', '.join(FORMATS)} file, or the output folder of a run")
    steps = [path for path in found if _STEP.search(path.stem)]
    if not steps and len(found) > 1:
        listed = ", ".join(sorted(path.name for path in found)[:5])
        raise InputError(f"{folder}: holds {len(found)} datasets. Name one of them: {listed}")
    return max(steps or found, key=lambda path: (_step_number(path), path.name))


def _is_data(name: str) -> bool:
    stem, _, suffix = name.rpartition(".")
    return suffix.lower() in FORMATS and name != NAME and stem.rpartition(".")[2] not in SIDE_FILES


def _step_number(path: Path) -> int:
    found = _STEP.search(path.stem)
    return int(found.group(1)) if found else 0


def _manifest(data_file: Path) -> dict[str, Any]:
    try:
        document = orjson.loads(data_file.with_name(NAME).read_bytes())
        if Path(document["output"]).name != data_file.name:
            document = document["steps"][data_file.stem]
        return document if isinstance(document, dict) else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _alive(pid: object) -> bool:
    if not isinstance(pid, int) or pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return True
