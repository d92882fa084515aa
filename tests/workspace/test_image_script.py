"""The laid image script, run as a user runs it: address changed, key exported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest

from dataflow.workspace import lay
from tests.servers import ModelServer, start_server

KEY = "sk-exported-by-the-user"


@pytest.fixture(scope="module")
def server():
    with start_server(expected_key=KEY) as running:
        yield running


@pytest.fixture
def workspace(tmp_path, server):
    """A fresh workspace whose image script has the address of the test endpoint."""
    lay(tmp_path)
    server.reset()
    script = tmp_path / "api_pipelines/image_vqa.py"
    text = script.read_text()
    assert text.count('"https://api.openai.com/v1"') == 1
    script.write_text(text.replace("https://api.openai.com/v1", server.url))
    return tmp_path


def run(workspace: Path, keys: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
    command = [sys.executable, "api_pipelines/image_vqa.py", "--images_file", "data/image_vqa/sample_data.json"]
    return subprocess.run(command, cwd=workspace, env={**environment, **keys}, capture_output=True, text=True)


def rows(workspace: Path) -> list[dict]:
    return json.loads((workspace / "cache_local_vqa/vqa_task_step1.json").read_text())


def test_each_picture_gets_the_answer_to_itself_with_the_exported_key(workspace: Path, server: ModelServer):
    done = run(workspace, {"DF_API_KEY": KEY})
    assert done.returncode == 0, done.stderr
    made = rows(workspace)
    assert [row["image"] for row in made] == [
        [f"./data/image_vqa/{name}"] for name in ("person.png", "landscape.png", "street.jpg")
    ]
    for row in made:
        content = (workspace / row["image"][0]).read_bytes()
        assert sha256(content).hexdigest()[:12] in row["vqa"]


def test_the_same_script_again_asks_nothing_again(workspace: Path, server: ModelServer):
    run(workspace, {"DF_API_KEY": KEY})
    before, asked = rows(workspace), len(server.requests())
    assert asked == 3
    assert run(workspace, {"DF_API_KEY": KEY}).returncode == 0
    assert (rows(workspace), len(server.requests())) == (before, asked)


def test_a_wrong_key_ends_the_script_with_one_line_and_no_traceback(workspace: Path):
    done = run(workspace, {"DF_API_KEY": "sk-wrong"})
    assert done.returncode != 0
    assert "does not accept the API key" in done.stderr
    assert "Traceback" not in done.stderr and "sk-wrong" not in done.stderr
    assert not (workspace / "cache_local_vqa/vqa_task_step1.json").exists()
