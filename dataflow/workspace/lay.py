"""Lays a workspace: the scripts and the sample data, each where the documentation says it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dataflow.core.errors import OutputError
from dataflow.storage.atomic import atomic_file
from dataflow.storage.os_errors import writing
from dataflow.workspace.inputs import DATA

SCRIPTS = Path(__file__).parent / "scripts"

VIDEOS = "dataflow/example/video_caption"
PICTURES = ("data/image_vqa", "example_data/image_contextvqa")
CLIPS = "example_data/multirole_videoqa"

State = Literal["new", "kept", "overwritten"]


@dataclass(frozen=True, slots=True)
class Laid:
    """One file of a workspace.

    Args:
        path: where it lies, under the workspace's folder.
        state: `new`; `kept`, when one was there and stays; `overwritten`, when one was there and was to be replaced.
    """

    path: Path
    state: State


def lay(target: Path, force: bool = False) -> list[Laid]:
    """Lay the workspace's files into a folder, which is made if need be.

    Args:
        target: the folder.
        force: replace files that are there; without it they are kept as they are.

    Returns:
        Every file of the workspace, in the order in which they are laid.

    Raises:
        OutputError: the target is no folder, holds a Python package named `dataflow`, or cannot be written to.
    """
    with writing(target):
        _check(target)
    return [_place(target / name, content, force) for name, content in _files()]


def _check(target: Path) -> None:
    if target.exists() and not target.is_dir():
        raise OutputError(f"{target} is a file: name a folder, and the workspace is laid into it")
    if (target / "dataflow" / "__init__.py").exists():
        # Python started in that folder would take this package for the installed one.
        raise OutputError(
            f"{target} holds a Python package of its own named dataflow, which hides the installed one: "
            "lay the workspace into another folder, such as `dataflow init run_dataflow_mm`"
        )


def _files() -> Iterator[tuple[str, bytes]]:
    for script in sorted(SCRIPTS.rglob("*.py")):
        yield script.relative_to(SCRIPTS).as_posix(), script.read_bytes()
    yield f"{VIDEOS}/sample_data.json", (DATA / "video_caption.json").read_bytes()
    yield from _media("videos", f"{VIDEOS}/videos")
    for folder, rows in zip(PICTURES, ("image_vqa.json", "context_vqa.json"), strict=True):
        # The documentation prints these paths from the workspace's folder, where the scripts are started.
        yield f"{folder}/sample_data.json", (DATA / rows).read_bytes().replace(b"./images/", f"./{folder}/".encode())
        yield from _media("images", folder)
    yield f"{CLIPS}/sample_data.jsonl", (DATA / "multirole_video_qa.jsonl").read_bytes()
    yield from _media("frames", f"{CLIPS}/frames")


def _media(kind: str, folder: str) -> Iterator[tuple[str, bytes]]:
    for file in sorted((DATA / kind).iterdir()):
        yield f"{folder}/{file.name}", file.read_bytes()


def _place(path: Path, content: bytes, force: bool) -> Laid:
    with writing(path):
        there = path.exists() or path.is_symlink()
    if there and not force:
        return Laid(path, "kept")
    # Whole or not at all: half a file that a full disk left would count as laid from then on.
    with atomic_file(path) as file:
        file.write(content)
    return Laid(path, "overwritten" if there else "new")
