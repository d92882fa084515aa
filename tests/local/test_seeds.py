"""Every code block of the project's documentation runs as it stands, where that documentation is at hand; where it is
not, the laid scripts make the same calls, as `tests/workspace/test_scripts.py` holds them to."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import HANGING, environment
from tests.local import seed_blocks
from tests.local.engines import NO_ANSWER
from tests.servers import start_server

SEEDS = Path(__file__).parents[3] / "shared/seeds"
DRIVER = Path(seed_blocks.__file__)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory, tiny_model):
    """A folder in which all blocks were run, and what is said of each."""
    folder = tmp_path_factory.mktemp("run_dataflow_mm")
    with start_server() as server:
        command = [sys.executable, str(DRIVER), str(SEEDS), str(tiny_model), server.url]
        done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, timeout=HANGING)
    assert done.returncode == 0, done.stderr[-4000:]
    said = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"seed"')]
    return folder, said


def rows_and_failures(data: Path) -> tuple[list[dict], list[dict]]:
    failures = data.with_suffix(".failures.jsonl")
    failed = [json.loads(line) for line in failures.read_text().splitlines()] if failures.exists() else []
    text = data.read_text()
    return (json.loads(text) if data.suffix == ".json" else [json.loads(line) for line in text.splitlines()]), failed


def test_the_laid_scripts_ran(workspace):
    _, said = workspace
    assert [block["block"] for block in said if block["seed"] == "laid"] == seed_blocks.LAID


@pytest.mark.skipif(not SEEDS.is_dir(), reason="../shared/seeds is not here: the laid scripts make the same calls")
def test_every_block_ran_but_those_that_download(workspace):
    _, said = workspace
    assert len({block["seed"] for block in said} - {"laid"}) == 5
    assert [block["result"] for block in said if block["language"] == "python"] == ["ran"] * 23
    not_run = [block for block in said if block["result"] != "ran"]
    assert {block["result"] for block in not_run} == {"not run: init lays the samples that it would download"}
    assert len(not_run) == 2


@pytest.mark.parametrize(
    ("data", "samples", "column"),
    [
        ("cache/video_caption_step1.json", 2, "caption"),
        ("cache/video_vqa_step1.json", 2, "caption"),
        ("cache/video_vqa_step2.json", 2, "qa"),
        ("cache_local/context_vqa_step1.json", 1, "vqa"),
        ("cache_local/context_vqa_step2.json", 1, "context_vqa"),
        ("cache_local_vqa/vqa_task_step1.json", 1, "vqa"),
        ("cache/multirole_videoqa_step1.jsonl", 2, "QA"),
    ],
)
def test_the_blocks_wrote_what_the_documentation_shows(workspace, data, samples, column):
    folder, _ = workspace
    rows, failures = rows_and_failures(folder / data)
    print(data, len(rows), len(failures))
    assert len(rows) + len(failures) >= samples
    assert all(row[column] for row in rows)
    assert {failure["kind"] for failure in failures} <= NO_ANSWER, failures
