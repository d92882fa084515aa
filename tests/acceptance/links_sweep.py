"""Works in a folder as a user does, notes every file name that is made there, and does it again with links in their
place. Run as a program; tells in JSON what became of each name.

The names come from the interpreter's own audit events, so a file that is added one day is swept without a word here.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from dataflow import Pipeline, RunOptions
from dataflow.core.errors import DataFlowError
from dataflow.core.loop import run_blocking
from dataflow.export.job import export
from dataflow.export.options import ExportOptions
from dataflow.media.fetch import fetch_file
from dataflow.registry import find
from dataflow.report.job import gather, write_card, write_report
from dataflow.storage.review import review_path
from dataflow.storage.review_action import Action
from dataflow.storage.review_log import ReviewLog
from dataflow.viewer.preview_cache import PreviewCache

CANARY = b"what a victim wrote\n"
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def main(folder: Path, picture: Path, clip: Path) -> dict[str, Any]:
    """Sweep below a folder."""
    names = _names_made(folder / "first", picture, clip)
    folders = {name for name in names if any(other.startswith(f"{name}/") for other in names)}
    told: dict[str, Any] = {"names": sorted(names), "hurt": [], "refused": [], "said": []}
    for number, swept in enumerate((names - folders, folders)):
        _sweep(swept, folder / str(number), lambda here: _work(here, picture, clip), told)
    return told


def _sweep(names: set[str], folder: Path, work: Callable[[Path], list[str]], told: dict[str, Any]) -> None:
    """Work with links to canaries in the place of files; a link that is refused is left out, and the work done anew."""
    left = sorted(names)
    while left:
        here = folder / f"o{len(left)}"
        canaries = {here / name: folder / f"canary{len(left)}-{number}" for number, name in enumerate(left)}
        for link, canary in canaries.items():
            link.parent.mkdir(parents=True, exist_ok=True)
            canary.write_bytes(CANARY)
            link.symlink_to(canary)
        said = work(here)
        told["said"] += said
        told["hurt"] += [str(link.relative_to(here)) for link, one in canaries.items() if one.read_bytes() != CANARY]
        refused = [name for name in left if any(f"{here / name} is a symbolic link" in line for line in said)]
        told["refused"] += refused
        if not refused:
            return
        left = [name for name in left if name not in refused]


def _names_made(here: Path, picture: Path, clip: Path) -> set[str]:
    """The names, below a folder, of all files that are opened for writing or renamed while the work is done."""
    found: set[str] = set()
    prefix = f"{here}{os.sep}"

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        path = ""
        if event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITES:
            path = arguments[0]
        elif event == "os.rename":
            path = arguments[1]
        elif event == "sqlite3.connect":
            for ending in ("", "-wal", "-shm", "-journal"):
                found.add(f"{arguments[0]}{ending}".removeprefix(prefix))
        if isinstance(path, str | os.PathLike) and os.fspath(path).startswith(prefix):
            found.add(os.fspath(path).removeprefix(prefix))

    sys.addaudithook(note)
    refused = _work(here, picture, clip)
    assert not refused, refused
    return {name for name in found if name}


def _work(here: Path, picture: Path, clip: Path) -> list[str]:
    """What a user does, one thing after the other; returns the errors that were told."""
    here.mkdir(parents=True, exist_ok=True)
    said: list[str] = []
    rows = [{"id": "a", "image": picture.read_bytes()}]
    data = here / "v_step1.jsonl"

    def run(pipeline: str, given: Any, prefix: str, **options: Any) -> None:
        steps = find("pipelines", pipeline).steps(find("servings", "embedded")("", {}), {})
        Pipeline(steps).run(given, here, prefix=prefix, options=RunOptions(quiet=True), **options)

    review = Action("", "", "me", "a", "accept")
    previews = PreviewCache(here / "previews")
    url = "data:text/plain;base64,AAAA"
    works: list[Callable[[], Any]] = [
        lambda: run("image_vqa", iter(rows), "v"),
        lambda: run("image_vqa", [*rows, {"id": "bad", "image": "gone.png"}], "w", format="csv"),
        lambda: run("multirole_video_qa", [{"id": "m", "video": str(clip)}], "m"),
        lambda: ReviewLog(review_path(data)).add(review),
        lambda: write_report(gather(data), here / "report.html"),
        lambda: write_card(gather(data), here / "README.md"),
        lambda: export(ExportOptions(data, "llamafactory", here / "out")),
        lambda: run_blocking(asyncio.wait_for(fetch_file(url, here / "downloads"), 60)),
        lambda: run_blocking(previews.get(clip)),
    ]
    for work in works:
        try:
            work()
        except DataFlowError as error:
            said.append(str(error))
    return said


if __name__ == "__main__":
    where = Path(sys.argv[1])
    shutil.copy(sys.argv[2], where / "p.jpg")
    shutil.copy(sys.argv[3], where / "c.mp4")
    print(orjson.dumps(main(where, where / "p.jpg", where / "c.mp4")).decode())
