"""`dataflow status`: how far a run is, while it goes on, after it has ended, and after it was killed."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import orjson
import pytest

from tests.commands import dataflow, start
from tests.pictures import make_pictures
from tests.servers import ModelServer

FOLDER = "outputs/image_vqa"


def run_words(server: ModelServer) -> list[str | Path]:
    words = ["--input", "p", "--model", "openai/stub", "--api-url", server.url, "--max-workers", "4", "-q"]
    return ["run", "image_vqa", *words]


def state(folder: Path) -> str:
    """The state as `--json` tells it."""
    done = dataflow("status", FOLDER, "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    return str(orjson.loads(done.stdout)["state"])


def test_status_tells_of_a_run_that_goes_on_was_killed_and_is_done(model_server: ModelServer, tmp_path: Path) -> None:
    make_pictures(tmp_path / "p", 100)
    model_server.configure(faults={"hang": 1.0})
    running = start(*run_words(model_server), cwd=tmp_path)
    while not (tmp_path / FOLDER / "run.json").exists():
        assert running.poll() is None
        time.sleep(0.05)
    done = dataflow("status", FOLDER, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "state     running" in done.stdout and "of 100, 0 failed" in done.stdout
    assert state(tmp_path) == "running"

    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    said = dataflow("status", FOLDER, cwd=tmp_path).stdout
    assert "killed" in said and "the same command goes on from here" in said
    assert state(tmp_path) == "killed"

    model_server.configure(faults={})
    assert dataflow(*run_words(model_server), cwd=tmp_path).returncode == 0
    said = dataflow("status", FOLDER, cwd=tmp_path).stdout
    assert "state     done" in said and "100 of 100, 0 failed" in said
    assert state(tmp_path) == "done"


def test_status_tells_why_a_run_was_stopped(model_server: ModelServer, tmp_path: Path) -> None:
    make_pictures(tmp_path / "p", 10)
    assert dataflow(*run_words(model_server), "--max-requests", "3", cwd=tmp_path).returncode == 4
    said = dataflow("status", FOLDER, cwd=tmp_path).stdout
    assert "state     stopped" in said and "cap of 3 requests" in said and "answers   3 asked" in said


def test_status_adds_up_what_runs_have_spent_those_that_were_killed_included(
    model_server: ModelServer, tmp_path: Path
) -> None:
    make_pictures(tmp_path / "p", 60)
    model_server.configure(latency=0.05, chat={"empty": 0.2, "cached": 0.5}, answer="chat")
    priced = [*run_words(model_server), "--price", "1,2,0.5"]

    def charged() -> dict[str, int]:
        stats = model_server.stats()
        return {name: stats[f"{theirs}_tokens"] for name, theirs in NAMES.items()}

    assert dataflow(*priced, "--max-requests", "10", cwd=tmp_path).returncode == 4
    first = charged()
    killed = start(*priced, cwd=tmp_path)
    while model_server.stats()["delivered"] < 25:
        assert killed.poll() is None
        time.sleep(0.01)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    while model_server.stats()["in_flight"]:
        time.sleep(0.01)
    between = charged()
    assert dataflow(*priced, cwd=tmp_path).returncode in (0, 3)  # a few are empty whatever is said
    last = charged()
    manifest = orjson.loads(dataflow("status", FOLDER, "--json", cwd=tmp_path).stdout)
    so_far = manifest["so_far"]["tokens"]
    assert manifest["so_far"]["runs"] == 3
    assert manifest["tokens"] == {name: last[name] - between[name] for name in NAMES}
    # Only what the kill cut off on its way is missing: at most one reply, long ones too, for each of the four workers.
    in_flight = {name: 4 * 3 * (last[name] // 60) for name in NAMES}
    for name in NAMES:
        assert last[name] - in_flight[name] <= so_far[name] <= last[name] and so_far[name] > first[name]
    uncached = so_far["input"] - so_far["cached"]
    cost = (uncached + 0.5 * so_far["cached"] + 2 * so_far["output"]) / 1e6
    assert manifest["so_far"]["cost"] == pytest.approx(cost, abs=1e-5)
    said = dataflow("status", FOLDER, cwd=tmp_path).stdout
    assert f"so far    {so_far['input']:,} read ({so_far['cached']:,} of them cached)" in said and "in 3 runs" in said


NAMES = {"input": "prompt", "cached": "cached", "output": "completion"}


@pytest.mark.parametrize(
    "content", [None, b"", b"no json", b"[]", b"{}", b'{"state": "running", "counts": 3}', b"\xff"]
)
def test_a_folder_without_a_run_is_one_line_that_says_so(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "run.json").write_bytes(content)
    for words in ([], ["--json"]):
        done = dataflow("status", ".", *words, cwd=tmp_path)
        assert done.returncode == 1 and done.stdout == ""
        (line,) = done.stderr.strip().splitlines()
        assert "run.json" in line and "Traceback" not in line
