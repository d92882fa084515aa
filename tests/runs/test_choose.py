"""Which file a path means: `view`, `report`, `export` and `status` give the same answer, or the same refusal."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dataflow.cli.status import status
from dataflow.core import DataFlowError, InputError
from dataflow.export.job import export
from dataflow.export.options import ExportOptions
from dataflow.report.job import gather
from dataflow.runs.choose import choose
from dataflow.storage.lock import output_lock
from dataflow.viewer.dataset import Dataset
from tests.commands import write_jsonl
from tests.export.rows import caption_row, media

COUNTS = {"samples": 5, "finished": 2, "failed": 0, "rejected": 0, "requests": 2, "from_ledger": 0}


def manifest(output: str, state: str = "done", **more: Any) -> dict[str, Any]:
    """What a run writes, so far as its readers need it."""
    tokens, told = {"input": 1, "output": 1}, {"seconds": 1.0, "updated": "2026-01-01T00:00:00+00:00", "pid": 1}
    return {"state": state, "output": output, "counts": COUNTS, "tokens": tokens, **told, **more}


def seen(path: Path) -> Path:
    return Dataset(path).data_file


def reported(path: Path) -> Path:
    return gather(path, gallery=0).source.data_file.absolute()


def exported(path: Path) -> Path:
    out = path.parent / f"export of {path.name}"
    export(ExportOptions(path, "parquet", out, media="reference"))
    return Path(json.loads((out / "export.json").read_bytes())["source"]).absolute()


def told_by_status(path: Path) -> Path:
    """The file whose run `status` tells of; of one without a run it says so."""
    import typer

    app = typer.Typer()
    app.command()(status)
    done = CliRunner().invoke(app, [str(path), "--json"])
    folder = path if path.is_dir() else path.parent
    if isinstance(done.exception, InputError) and "no run to be seen" in str(done.exception):
        return Path(str(done.exception).partition(": no run")[0]).absolute()
    if done.exception is not None:
        raise done.exception
    return (folder / Path(json.loads(done.stdout)["output"]).name).absolute()


FACES: tuple[Callable[[Path], Path], ...] = (seen, reported, exported, told_by_status)


@dataclass
class Folder:
    """A folder with files, and the one that it means.

    Args:
        means: a file of it, or what the refusal says.
        jsonl: data files and spools of two rows each.
        other: further files, with their content.
        run: its `run.json`, an object or the text itself.
        named: what is typed instead of the folder, a file in it.
        locked: a run is at work on this one.
    """

    means: str
    jsonl: tuple[str, ...] = ()
    other: dict[str, bytes] = field(default_factory=dict)
    run: dict[str, Any] | str | None = None
    named: str = ""
    locked: str = ""


BEFORE = {"steps": {"a_step1": manifest("out/a_step1.jsonl")}}
FOLDERS = {
    "one run": Folder("a_step1.jsonl", ("a_step1.jsonl",), run=manifest("out/a_step1.jsonl")),
    "one run, moved since": Folder("a_step1.jsonl", ("a_step1.jsonl",), run=manifest("/elsewhere/a_step1.jsonl")),
    "several steps": Folder(
        "a_step2.jsonl", ("a_step1.jsonl", "a_step2.jsonl"), run=manifest("a_step2.jsonl", **BEFORE)
    ),
    "several steps, the first made again": Folder(
        "a_step1.jsonl", ("a_step1.jsonl", "a_step2.jsonl"), run=manifest("a_step1.jsonl")
    ),
    "several steps without a manifest": Folder("a_step10.jsonl", ("a_step2.jsonl", "a_step10.jsonl")),
    "two runs with different prefixes": Folder(
        "b_step1.jsonl", ("a_step1.jsonl", "b_step1.jsonl"), run=manifest("b_step1.jsonl", **BEFORE)
    ),
    "two runs with different prefixes and no manifest": Folder(
        "2 data files and no run.json that tells which is meant. Name one of them: a_step1.jsonl, b_step3.jsonl",
        ("a_step1.jsonl", "b_step2.jsonl", "b_step3.jsonl"),
    ),
    "stopped, with a spool only": Folder(
        "a_step1.jsonl", ("a_step1.jsonl.spool",), run=manifest("out/a_step1.jsonl", "stopped", message="cap")
    ),
    "killed": Folder("a_step1.jsonl", ("a_step1.jsonl.spool",), run=manifest("out/a_step1.jsonl", "running")),
    "killed before its manifest was written": Folder("a_step1.jsonl", ("a_step1.jsonl.spool",)),
    "the second step killed": Folder(
        "a_step2.jsonl", ("a_step1.jsonl", "a_step2.jsonl.spool"), run=manifest("a_step2.jsonl", "running", **BEFORE)
    ),
    "going on": Folder(
        "a_step1.jsonl",
        ("a_step1.jsonl.spool",),
        run=manifest("out/a_step1.jsonl", "running"),
        locked="a_step1.jsonl",
    ),
    "made again, going on": Folder(
        "a_step1.jsonl",
        ("a_step1.jsonl", "a_step1.jsonl.spool"),
        run=manifest("out/a_step1.jsonl", "running"),
        locked="a_step1.jsonl",
    ),
    "with foreign files": Folder(
        "a_step1.jsonl",
        ("a_step1.jsonl", "notes.jsonl", "a_step1.failures.jsonl", "a_step1.trace.jsonl", "a_step1.review.jsonl"),
        {"report.html": b"<html>", "ledger.sqlite": b"x", ".hidden.jsonl": b"{}", "x.txt": b"x"},
        manifest("out/a_step1.jsonl"),
    ),
    "with foreign files and no manifest": Folder(
        "a_step1.jsonl", ("a_step1.jsonl", "notes.jsonl"), {"report.html": b"<html>"}
    ),
    "two formats": Folder(
        "2 data files and no run.json that tells which is meant. Name one of them: a_step1.json, a_step1.jsonl",
        ("a_step1.jsonl",),
        {"a_step1.json": b"[]"},
    ),
    "two formats and a manifest": Folder(
        "a_step1.jsonl", ("a_step1.jsonl",), {"a_step1.parquet": b"PAR1"}, manifest("out/a_step1.jsonl")
    ),
    "a damaged manifest": Folder("a_step1.jsonl", ("a_step1.jsonl",), run='{"state": "done", "outp'),
    "a manifest of another form": Folder("a_step1.jsonl", ("a_step1.jsonl",), run="[3]"),
    "a manifest that names no data file": Folder("a_step1.jsonl", ("a_step1.jsonl",), run=manifest("/etc/passwd")),
    "only a data file of the user's": Folder("mine.jsonl", ("mine.jsonl", "mine.review.jsonl")),
    "two data files of the user's": Folder(
        "2 data files and no run.json that tells which is meant. Name one of them: a.jsonl, b.jsonl",
        ("a.jsonl", "b.jsonl"),
    ),
    "nothing": Folder("no run and no data file in it (no run.json", other={"x.txt": b"x"}),
    "an earlier step, named": Folder(
        "a_step1.jsonl",
        ("a_step1.jsonl", "a_step2.jsonl"),
        run=manifest("a_step2.jsonl", **BEFORE),
        named="a_step1.jsonl",
    ),
    "a spool, named": Folder(
        "a_step1.jsonl",
        ("a_step1.jsonl.spool",),
        run=manifest("a_step1.jsonl", "stopped"),
        named="a_step1.jsonl.spool",
    ),
    "a data file that is being made, named": Folder(
        "a_step1.jsonl", ("a_step1.jsonl.spool",), run=manifest("a_step1.jsonl", "running"), named="a_step1.jsonl"
    ),
    "the manifest, named": Folder(
        "a_step1.jsonl", ("a_step1.jsonl", "b.jsonl"), run=manifest("a_step1.jsonl"), named="run.json"
    ),
    "a side file, named": Folder(
        "Name the data file, such as a_step1.jsonl",
        ("a_step1.jsonl", "a_step1.failures.jsonl"),
        named="a_step1.failures.jsonl",
    ),
    "another file, named": Folder("no data file. Name one", ("a.jsonl",), {"x.txt": b"x"}, named="x.txt"),
    "a missing file, named": Folder("there is no such file or folder", ("a.jsonl",), named="b.jsonl"),
}


def lay(folder: Folder, place: Path) -> Path:
    """Make the files; returns what is typed."""
    place.mkdir()
    for name in folder.jsonl:
        write_jsonl(place / name, [caption_row(number) for number in (1, 2)])
    for name, content in folder.other.items():
        (place / name).write_bytes(content)
    if folder.run is not None:
        (place / "run.json").write_text(folder.run if isinstance(folder.run, str) else json.dumps(folder.run))
    return place / folder.named if folder.named else place


@contextmanager
def lock(folder: Folder, place: Path) -> Iterator[None]:
    """A run at work, where there is to be one."""
    if not folder.locked:
        yield
        return
    with output_lock(place / folder.locked):
        yield


@pytest.mark.parametrize("name", FOLDERS)
def test_all_faces_choose_the_same_file_or_refuse_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(media(tmp_path))
    folder = FOLDERS[name]
    path = lay(folder, tmp_path / "out")
    answers: dict[str, str] = {}
    with lock(folder, tmp_path / "out"):
        for face in FACES:
            try:
                answers[face.__name__] = str(face(path).relative_to(tmp_path / "out"))
            except DataFlowError as error:
                answers[face.__name__] = f"refused: {error}"
    assert len(set(answers.values())) == 1, answers
    (answer,) = set(answers.values())
    if folder.means in (*folder.jsonl, *folder.other, "a_step1.jsonl", "a_step2.jsonl"):
        assert answer == folder.means
    else:
        assert answer.startswith("refused: ") and folder.means in answer


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file or folder"):
        choose(tmp_path / "gone")
