"""Which data file a path on the command line means: one answer for `view`, `report`, `export` and `status`."""

from __future__ import annotations

from pathlib import Path

from dataflow.core.errors import InputError
from dataflow.core.folder import looked_in
from dataflow.runs.manifest import entry_of, read_manifest
from dataflow.runs.names import MANIFEST, SIDES, SPOOL, spool_path, step_of
from dataflow.storage.formats import FORMATS
from dataflow.storage.os_errors import reading

LISTED = 8


def choose(path: Path) -> Path:
    """The data file that is meant; it may be there, or gather in its spool, or have no row yet.

    A folder means what its `run.json` says: the data file of its last run. Without one that can be read it means the
    last step that lies there, else its only data file.

    Args:
        path: a data file, its spool, the folder of a run, or its `run.json`.

    Raises:
        InputError: there is none, or several could be meant; names them.
    """
    with reading(path):
        if path.is_dir():
            return _in_folder(path)
        if path.name == MANIFEST:
            return _in_folder(path.parent)
    if path.suffix == SPOOL:
        path = path.with_suffix("")
    side = path.stem.rpartition(".")[2]
    if path.suffix == ".jsonl" and side in SIDES:
        stem = path.name.removesuffix(f".{side}.jsonl")
        raise InputError(f"{path}: this lies beside the data. Name the data file, such as {stem}.jsonl, or its folder")
    there = path.exists()
    if not there and not spool_path(path).exists() and not entry_of(path):
        raise InputError(f"{path}: there is no such file or folder{looked_in(path)}. Check the path")
    if not _is_format(path):
        raise InputError(f"{path}: no data file. Name one ({', '.join(FORMATS)}), or the folder of a run")
    return path


def _in_folder(folder: Path) -> Path:
    output = read_manifest(folder / MANIFEST).get("output")
    if isinstance(output, str) and _is_data(name := Path(output).name):
        return folder / name  # the folder may have been moved since; the file lies beside its manifest
    names = sorted({path.name.removesuffix(SPOOL) for path in folder.iterdir() if path.name[0] != "."})
    found = [folder / name for name in names if _is_data(name)]
    steps = [(step, path) for path in found if (step := step_of(path.stem))]
    last: dict[str, int] = {}
    for (prefix, number), _ in steps:
        last[prefix] = max(number, last.get(prefix, 0))
    candidates = [path for (prefix, number), path in steps if number == last[prefix]] or found
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        listed = ", ".join(path.name for path in candidates[:LISTED])
        more = f" and {len(candidates) - LISTED} more" if len(candidates) > LISTED else ""
        raise InputError(
            f"{folder}: {len(candidates)} data files and no {MANIFEST} that tells which is meant. "
            f"Name one of them: {listed}{more}"
        )
    raise InputError(
        f"{folder}: no run and no data file in it (no {MANIFEST}, and nothing that ends in {', '.join(FORMATS)}). "
        f"Make one with: dataflow run video_qa --output {folder}"
    )


def _is_data(name: str) -> bool:
    path = Path(name)
    return _is_format(path) and name != MANIFEST and path.stem.rpartition(".")[2] not in SIDES


def _is_format(path: Path) -> bool:
    return path.suffix[1:].lower() in FORMATS
