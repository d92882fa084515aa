"""`dataflow export` as a user types it."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dataflow.export.targets import TARGETS
from dataflow.storage.review import row_digest
from tests.cli.held import hold, release_until
from tests.commands import dataflow, environment, read_jsonl, start, write_jsonl
from tests.export.rows import image_row
from tests.pictures import make_pictures
from tests.servers import ModelServer


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


def run_words(server: ModelServer) -> list[str | Path]:
    words = ["--input", "p", "--model", "openai/stub", "--api-url", server.url, "--max-workers", "4", "-q"]
    return ["run", "image_vqa", "--output", "run", *words]


def export_words(*more: str) -> list[str]:
    return ["export", "run", "--to", "ms-swift", "--out", "x", "--media", "reference", *more]


def test_a_run_that_was_stopped_is_exported_as_far_as_it_came(model_server: ModelServer, tmp_path: Path) -> None:
    make_pictures(tmp_path / "p", 30)
    assert dataflow(*run_words(model_server), "--max-requests", "9", cwd=tmp_path).returncode == 4
    done = dataflow(*export_words("--json"), cwd=tmp_path)
    assert done.returncode == 3, done.stderr
    told = json.loads(done.stdout)
    rows = len(read_jsonl(tmp_path / "x" / "train.jsonl"))
    assert told["samples"] == rows == 30 - told["missing"] and 0 < rows <= 9
    assert told["partial"].startswith(f"{rows} of 30 samples; the run was stopped: ")
    assert "cap of 9 requests" in told["partial"]

    assert dataflow(*run_words(model_server), cwd=tmp_path).returncode == 0
    done = dataflow(*export_words("--force"), cwd=tmp_path)
    assert done.returncode == 0 and "partial" not in done.stderr
    assert len(read_jsonl(tmp_path / "x" / "train.jsonl")) == 30


def test_a_run_that_was_killed_is_exported_as_far_as_it_came(model_server: ModelServer, tmp_path: Path) -> None:
    make_pictures(tmp_path / "p", 100)
    hold(model_server)
    running = start(*run_words(model_server), cwd=tmp_path)
    spool = tmp_path / "run" / "image_vqa_step1.jsonl.spool"
    manifest = tmp_path / "run" / "run.json"
    # Fewer answers than there are samples, so that on a busy machine it is not through before this is seen.
    release_until(
        model_server, running, lambda: spool.exists() and spool.stat().st_size > 0 and manifest.exists(), most=90
    )
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    rows = spool.read_bytes().count(b"\n")
    done = dataflow(*export_words(), cwd=tmp_path)
    assert done.returncode == 3, done.stderr
    assert f"partial: {rows} of 100 samples; the run was killed. The same command as before goes on" in done.stderr
    assert len(read_jsonl(tmp_path / "x" / "train.jsonl")) == rows


def test_own_columns_are_named_on_the_command_line(tmp_path: Path) -> None:
    make_pictures(tmp_path / "p", 1)
    write_jsonl(tmp_path / "data.jsonl", [{**image_row(1, "p/p0.jpg"), "a": 5.31, "b": "x", "c": [1]}])
    for words, kept in (
        ([], "a (float), b (str), c (list of int)"),
        (["--keep", "all"], "a (float), b (str), c (list of int)"),
        (["--keep", "c, a"], "c (list of int), a (float)"),
        (["--keep", "b", "--keep", "a"], "b (str), a (float)"),
        (["--keep", "none"], ""),
    ):
        done = dataflow("export", "data.jsonl", "--to", "hf", "--out", "x", "--force", *words, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert (f"own columns: {kept}\n" in done.stderr) if kept else ("own columns" not in done.stderr)


def test_what_came_of_the_review_is_told_and_strict_makes_stale_decisions_an_error(tmp_path: Path) -> None:
    make_pictures(tmp_path / "p", 3)
    rows = [image_row(number, f"p/p{number}.jpg") for number in range(3)]
    write_jsonl(tmp_path / "data.jsonl", rows)
    digests = [row_digest(rows[0]), row_digest(rows[1]), "0123456789abcdef"]
    lines = [
        {"key": str(n), "at": "", "who": "a", "id": n, "do": "reject" if n else "accept", "seen": digest}
        for n, digest in enumerate(digests)
    ]
    write_jsonl(tmp_path / "data.review.jsonl", lines)
    words = ["export", "data.jsonl", "--to", "hf", "--out", "x"]
    done = dataflow(*words, "--strict", cwd=tmp_path)
    assert done.returncode == 2 and not (tmp_path / "x").exists()
    assert "--strict: 2 decisions are applied, but 1 are stale" in done.stderr
    done = dataflow(*words, cwd=tmp_path)
    assert done.returncode == 0 and "review: 2 decisions applied (1 rejected), 1 stale" in done.stderr


def test_an_answer_of_its_own_shape_says_how_it_is_exported(tmp_path: Path) -> None:
    make_pictures(tmp_path / "p", 1)
    write_jsonl(tmp_path / "data.jsonl", [{"id": 1, "image": "p/p0.jpg", "found": {"cats": 2}}])
    words = ["export", "data.jsonl", "--to", "ms-swift", "--out", "x"]
    done = dataflow(*words, cwd=tmp_path)
    assert done.returncode == 1 and "learnt with --column: found" in done.stderr
    done = dataflow(*words, "--column", "found", cwd=tmp_path)
    assert done.returncode == 1 and "Say it with --question" in done.stderr
    done = dataflow(*words, "--column", "found", "--question", "Which animals?", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (record,) = read_jsonl(tmp_path / "x" / "train.jsonl")
    assert [turn["content"] for turn in record["messages"]] == ["<image>\nWhich animals?", '{"cats":2}']
