"""Multi-role video QA as users run it: the documentation's code, the laid script, `dataflow run`, and a kill."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from pathlib import Path

import orjson
import pytest

from dataflow.workspace import lay
from dataflow.workspace.inputs import sample_input
from tests.commands import dataflow, python, read_jsonl, start, write_jsonl
from tests.operators.core_vision.roles import rows, talk
from tests.servers import ModelServer

SCRIPT = "pipelines/gpu_pipelines/multirole_videoqa_pipeline.py"
SAMPLES = "./example_data/multirole_videoqa/sample_data.jsonl"

# The example of the documentation, in a class that gives it the names it leaves undefined. Only the model is another.
DOCUMENTED = """
import os
import argparse
from dataflow.utils.storage import FileStorage
from dataflow.operators.core_vision import MultiroleVideoQAInitialGenerator, MultiroleVideoQAMultiAgentGenerator, \
MultiroleVideoQAFinalGenerator

{serving}

class Documented:
    def __init__(self, first_entry_file, cache_path, file_name_prefix, cache_type):
        self.llm_serving = llm_serving
        self.storage = FileStorage(
            first_entry_file_name=first_entry_file,
            cache_path=cache_path,
            file_name_prefix=file_name_prefix,
            cache_type=cache_type,
        )
        self.input_meta_key = "Meta"
        self.input_clips_key = "Clips"
        self.output_key = "QA"

    def forward(self):
        initial_QA_generation = MultiroleVideoQAInitialGenerator(llm_serving = self.llm_serving)
        multiAgent_QA_generation = MultiroleVideoQAMultiAgentGenerator(llm_serving = self.llm_serving, max_iterations = 3)
        final_QA_generation = MultiroleVideoQAFinalGenerator(llm_serving = self.llm_serving)

        init_df = initial_QA_generation.run(
                    storage = self.storage.step(),
                    input_meta_key = self.input_meta_key, 
                    input_clips_key = self.input_clips_key, 
                    output_key = self.output_key
                )
        middle_df = multiAgent_QA_generation.run(
                    df = init_df,
                    input_meta_key = self.input_meta_key, 
                    input_clips_key = self.input_clips_key, 
                    output_key = self.output_key
                )
        final_QA_generation.run(
                    storage = self.storage,
                    df = middle_df,
                    input_meta_key = self.input_meta_key, 
                    input_clips_key = self.input_clips_key, 
                    output_key = self.output_key
                )

Documented("{data}", "./cache", "multirole", "jsonl").forward()
"""  # noqa: E501, W291
API = 'from dataflow.serving import APIVLMServing_openai\nllm_serving = APIVLMServing_openai("{url}", model_name="m")'
EMBEDDED = "from dataflow.serving.embedded import EmbeddedVLMServing\nllm_serving = EmbeddedVLMServing()"


@pytest.mark.parametrize("serving", ["api", "embedded"])
def test_the_documented_code_runs_unchanged(model_server: ModelServer, tmp_path: Path, serving: str) -> None:
    lay(tmp_path)
    model_server.configure(answer="script", script=talk())
    model = EMBEDDED if serving == "embedded" else API.replace("{url}", model_server.url)
    before = (tmp_path / SAMPLES).read_bytes()
    ended = python(DOCUMENTED.replace("{serving}", model).replace("{data}", SAMPLES), tmp_path)
    assert ended.returncode == 0, ended.stderr
    given = read_jsonl(tmp_path / SAMPLES)
    out = read_jsonl(tmp_path / "cache/multirole_step2.jsonl")
    assert len(out) == len(given) == 2
    for row, source in zip(out, given, strict=True):
        assert {name: row[name] for name in source} == source
        assert set(row) == {"id", "Meta", "Clips", "QA"}
        assert len(row["QA"]) >= 4
        for pair in row["QA"]:
            assert list(pair) == ["Label", "Question", "Answer"] and all(pair.values())
    assert (tmp_path / SAMPLES).read_bytes() == before


def test_the_laid_script_runs_with_another_model_in_its_place(model_server: ModelServer, tmp_path: Path) -> None:
    lay(tmp_path)
    model_server.configure(answer="script", script=talk())
    code = f"""
import runpy, sys
import dataflow.serving
from dataflow.serving import APIVLMServing_openai

def another(hf_model_name_or_path, vllm_max_tokens, **unused):
    return APIVLMServing_openai("{model_server.url}", model_name=hf_model_name_or_path)

dataflow.serving.LocalModelVLMServing_vllm = another
sys.argv = ["{SCRIPT}", "--model", "stub"]
runpy.run_path("{SCRIPT}", run_name="__main__")
"""
    ended = python(code, tmp_path)
    assert ended.returncode == 0, ended.stderr
    out = read_jsonl(tmp_path / "cache/multirole_videoqa_step2.jsonl")
    assert [len(row["QA"]) for row in out] == [4, 4]


def test_from_raw_videos_without_a_model_every_pair_has_a_role_and_clips_that_exist(tmp_path: Path) -> None:
    videos = sample_input("video_qa").parent / "videos"
    words = ["run", "multirole_video_qa", "--input", videos, "--set", "provenance=true", "--json"]
    ended = dataflow(*words, cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    folder = tmp_path / "outputs/multirole_video_qa"
    out = read_jsonl(folder / "multirole_video_qa_step2.jsonl")
    told = {record["id"]: record for record in read_jsonl(folder / "multirole_video_qa_step2.discussion.jsonl")}
    assert [len(row["Clips"]) for row in out] == [3, 2, 1]
    for row in out:
        record = told[row["id"]]
        heard = {entry["role"] for one in record["rounds"] for entry in one.get("proposals", [])} | {"draft author"}
        assert len(row["QA"]) >= 6 and len({pair["Question"] for pair in row["QA"]}) == len(row["QA"])
        for pair in row["QA"]:
            assert pair["Source"]["role"] in heard
            assert 0 <= pair["Source"]["round"] <= len(record["rounds"])
            assert pair["Clip"] and set(pair["Clip"]) <= set(range(1, len(row["Clips"]) + 1))


def test_the_same_command_again_asks_nothing_and_writes_the_same_bytes(tmp_path: Path) -> None:
    words = ["run", "multirole_video_qa", "--set", "provenance=true", "--json"]
    first = orjson.loads(dataflow(*words, cwd=tmp_path).stdout)
    files = sorted((tmp_path / "outputs/multirole_video_qa").glob("*step2.jsonl")) + sorted(
        (tmp_path / "outputs/multirole_video_qa").glob("*discussion.jsonl")
    )
    before = [path.read_bytes() for path in files]
    again = orjson.loads(dataflow(*words, cwd=tmp_path).stdout)
    assert len(files) == 2 and [path.read_bytes() for path in files] == before
    assert first["counts"]["requests"] > 20 and again["counts"]["requests"] == 0


def test_killed_in_the_middle_of_discussions_it_goes_on_and_asks_nothing_again(
    model_server: ModelServer, tmp_path: Path
) -> None:
    count, planned = 24, 8
    source = write_jsonl(tmp_path / "in.jsonl", rows(tmp_path, count))
    hangs = count * planned // 2 + 20  # so that it is not through when it is killed
    model_server.configure(answer="script", script=talk(), latency=0.1, latency_sigma=0.5, hang_nth=hangs)
    words = ["run", "multirole_video_qa", "--model", "openai/m", "--api-url", model_server.url, "--input", source]
    words += ["--max-workers", "8", "--set", "provenance=true", "-q"]
    killed = start(*words, cwd=tmp_path)
    while model_server.stats()["delivered"] < count * planned // 2:
        assert killed.poll() is None
        time.sleep(0.02)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    model_server.configure(hang_nth=0)
    at_kill = time.monotonic()
    assert not list((tmp_path / "outputs/multirole_video_qa").glob("*step2.jsonl"))
    ended = dataflow(*words, cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    out = read_jsonl(tmp_path / "outputs/multirole_video_qa/multirole_video_qa_step2.jsonl")
    assert [len(row["QA"]) for row in out] == [4] * count
    log = model_server.requests()
    times_asked = Counter(request["digest"] for request in log)
    # What was in flight may have lain unread in the socket of a process that a busy machine let wait.
    sent = [r["digest"] for r in log if r["outcome"] == "200" and r["out"] < at_kill]
    assert len(sent) >= count * planned // 2 and sum(times_asked[digest] > 1 for digest in sent) <= 8
    assert len(times_asked) == planned * count


def test_settings_of_the_command_line_reach_the_operators(model_server: ModelServer, tmp_path: Path) -> None:
    given = [{"Info": row["Meta"], "Parts": row["Clips"]} for row in rows(tmp_path, clips=3)]
    source = write_jsonl(tmp_path / "in.jsonl", given)
    model_server.configure(answer="script", script=talk())
    words = ["run", "multirole_video_qa", "--model", "openai/m", "--api-url", model_server.url, "--input", source]
    for setting in ("input_meta_key=Info", "input_clips_key=Parts", "output_key=pairs", "max_frames=3"):
        words += ["--set", setting]
    ended = dataflow(*words, "--set", "max_iterations=1", "--num-qa", "2", "--prompt", "Ask of {Info}.", cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    (row,) = read_jsonl(tmp_path / "outputs/multirole_video_qa/multirole_video_qa_step2.jsonl")
    assert set(row) == {"id", "Info", "Parts", "pairs"} and len(row["pairs"]) == 2
    log = model_server.requests()
    assert len(log) == 7
    for request in log:
        content = request["messages"][1]["content"]
        assert sum(part["type"] == "image_url" for part in content) == 3
        assert content[-2]["text"] == "Ask of Spot 0."


def test_a_video_of_words_alone_cannot_be_measured_and_the_reason_says_what_to_do(tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "in.jsonl", [{"Meta": "a spot", "Clips": [{"Audio_Text": "Buy now."}]}])
    ended = dataflow("run", "multirole_video_qa", "--input", source, cwd=tmp_path)
    assert ended.returncode == 3
    assert "the embedded serving measures frames, and no clip of this video has one: name a model" in ended.stderr


def test_a_dry_run_counts_the_questions_of_all_roles_of_videos_too_and_leaves_nothing_behind(tmp_path: Path) -> None:
    prepared = orjson.loads(dataflow("run", "multirole_video_qa", "--dry-run", "--json", cwd=tmp_path).stdout)
    assert (prepared["requests"], prepared["images"], prepared["unforeseen"]) == (2 * 18, 18 * (6 + 4), 0)
    videos = sample_input("video_qa").parent / "videos"
    raw = orjson.loads(
        dataflow("run", "multirole_video_qa", "--dry-run", "--json", "--input", videos, cwd=tmp_path).stdout
    )
    assert (raw["requests"], raw["unforeseen"], raw["problems"]) == (3 * 18, 0, 0)
    assert raw["images"] > prepared["images"]
    assert list(tmp_path.iterdir()) == []
