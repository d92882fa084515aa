"""The laid GPU scripts on a machine without what they need, run as a user runs them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from dataflow.workspace import lay


@pytest.mark.parametrize("name", ["video_caption_pipeline", "video_qa_pipeline"])
def test_without_a_local_model_a_script_ends_with_the_cure_and_no_traceback(tmp_path, name):
    lay(tmp_path)
    command = [sys.executable, f"pipelines/gpu_pipelines/{name}.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "vLLM" in done.stderr
    assert "pip install 'dataflow-mm[vllm]'" in done.stderr or "vllm serve" in done.stderr
    assert "Traceback" not in done.stderr
    assert list((tmp_path / "cache").glob("*_step*.json")) == []
