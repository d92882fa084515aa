"""`dataflow export` as a user types it."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from dataflow.export.targets import TARGETS
from tests.commands import dataflow, environment, read_jsonl, write_jsonl
from tests.export.rows import image_row
from tests.pictures import make_pictures


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run of the embedded serving leaves."""
    folder = tmp_path_factory.mktemp("run")
    make_pictures(folder / "p", 6)
    done = dataflow("run", "image_vqa", "--input", "p", "--output", "out", "-q", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("to", TARGETS)
def test_a_run_is_exported_by_its_folder_in_every_format(run_folder: Path, tmp_path: Path, to: str) -> None:
    out = tmp_path / to
    done = dataflow("export", "out", "--to", to, "--out", out, "--val", "0.34", cwd=run_folder)
    assert done.returncode == 0, done.stderr
    assert "exported: 6 conversations of 6 samples (4 train, 2 val)" in done.stderr
    assert f"output: {out}" in done.stderr and "next: " in done.stderr
    told = json.loads((out / "export.json").read_text())
    assert told["format"] == to and told["conversations"] == {"train": 4, "val": 2}


def test_media_are_found_from_another_folder_by_what_the_manifest_says(run_folder: Path, tmp_path: Path) -> None:
    done = dataflow("export", run_folder / "out", "--to", "llamafactory", "--out", "x", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["conversations"] == {"train": 6} and told["skipped"] == 0


@pytest.mark.parametrize("to", ["sharegpt", "hf", "webdataset", "parquet"])
def test_what_is_told_to_type_next_works(run_folder: Path, tmp_path: Path, to: str) -> None:
    done = dataflow("export", "out", "--to", to, "--out", tmp_path / "x", cwd=run_folder)
    command = shlex.split(done.stderr.rpartition("next: ")[2])
    env = environment(HF_DATASETS_OFFLINE="1", HF_HOME=str(tmp_path))
    said = subprocess.run([sys.executable, *command[1:]], env=env, capture_output=True, text=True, timeout=120)
    assert command[0] == "python" and said.returncode == 0, said.stderr
    assert said.stdout.strip()


def test_samples_left_out_make_the_exit_code_3_and_are_told(tmp_path: Path) -> None:
    make_pictures(tmp_path / "p", 1)
    write_jsonl(tmp_path / "data.jsonl", [image_row(1, "p/p0.jpg"), image_row(2, "gone.jpg")])
    done = dataflow("export", "data.jsonl", "--to", "hf", "--out", "x", cwd=tmp_path)
    assert done.returncode == 3
    assert "left out: 1, with reasons in x/skipped.jsonl" in done.stderr
    assert "2: gone.jpg: not found" in done.stderr
    assert [record["id"] for record in read_jsonl(tmp_path / "x" / "skipped.jsonl")] == [2]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["gone", "--to", "hf", "--out", "x"], 1, "there is no such file or folder"),
        (["data.jsonl", "--to", "shargpt", "--out", "x"], 2, "The formats: sharegpt"),
        (["data.jsonl", "--to", "hf", "--out", "x", "--val", "1"], 2, "--val 1.0"),
        (["data.jsonl", "--to", "hf", "--out", "x", "--val", "-0.1"], 2, "--val -0.1"),
        (["data.jsonl", "--to", "hf", "--out", "p"], 1, "no export, so it is left alone"),
        (["data.jsonl", "--to", "openai", "--out", "x", "--media", "link"], 2, "--media link"),
        (["data.jsonl", "--to", "hf", "--out", "x", "--column", "captoin"], 1, "captoin"),
        (["p", "--to", "hf", "--out", "x"], 1, "no run and no data file"),
        (["p/p0.jpg", "--to", "hf", "--out", "x"], 1, "no data file"),
    ],
)
def test_a_slip_is_one_line_and_leaves_nothing(tmp_path: Path, words: list[str], code: int, says: str) -> None:
    make_pictures(tmp_path / "p", 1)
    write_jsonl(tmp_path / "data.jsonl", [image_row(1, "p/p0.jpg")])
    done = dataflow("export", *words, cwd=tmp_path)
    assert done.returncode == code, done.stderr
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("error: ") and says in line
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.jsonl", "p"]
