"""A script without a main guard, and the command line, each a process of its own with an engine of its own."""

from __future__ import annotations

import json

import orjson

from tests.commands import dataflow, python, read_jsonl
from tests.local.engines import CLIP, CONTEXT, SYSTEM

SCRIPT = """
from dataflow.operators.core_vision import VideoToCaptionGenerator
from dataflow.serving.local_model_vlm_serving import LocalModelVLMServing_vllm
from dataflow.utils.storage import FileStorage

serving = LocalModelVLMServing_vllm(
    "{model}",
    vllm_temperature=0,
    vllm_max_tokens=8,
    vllm_max_model_len=4096,
    vllm_engine_args={{"enforce_eager": True}},
)
storage = FileStorage("in.json", cache_path="cache", file_name_prefix="captions", cache_type="jsonl")
print("started")
VideoToCaptionGenerator(serving, keep_cut_off=True).run(storage=storage.step())
"""


def test_a_script_without_a_main_guard_runs_once(tiny_model, tmp_path):
    (tmp_path / "in.json").write_bytes(orjson.dumps([{"id": n, "video": [CLIP]} for n in range(3)]))
    done = python(SCRIPT.format(model=tiny_model), tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("started") == 1
    assert len(read_jsonl(tmp_path / "cache/captions_step1.jsonl")) == 3


def test_a_model_spec_of_the_command_line(tiny_model, tmp_path):
    spec = f"transformers/{tiny_model}?max_model_len={CONTEXT}&dtype=float32&batch_size=3"
    words = ["run", "video_caption", "--model", spec, "--system", SYSTEM, "--json"]
    words += ["--temperature", "0", "--max-tokens", "8", "--set", "keep_cut_off=true"]
    done = dataflow(*words, "--output", tmp_path / "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["counts"]["written"] == 3
    assert len(read_jsonl(tmp_path / "out/video_caption_step1.jsonl")) == 3
    again = dataflow(*words, "--output", tmp_path / "out", cwd=tmp_path)
    assert json.loads(again.stdout)["counts"]["requests"] == 0
