"""`dataflow run context_vqa` and the seed's script of it, as a user runs them."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from pathlib import Path

import orjson
import pytest

from dataflow.workspace import lay
from tests.commands import dataflow, python, read_jsonl, start
from tests.pictures import make_pictures
from tests.servers import ModelServer

GOOD = "A test is an examination of knowledge.\n\nQuestion: What is it an examination of?\nAnswer: knowledge"
SEED_PROMPT = "Write a Wikipedia article related to this image without directly referring to the image. Then write"

# The documentation's class and calls; only the serving is another.
SEED_SCRIPT = """
import argparse
from dataflow.utils.storage import FileStorage
from dataflow.core import LLMServingABC
from dataflow.serving.embedded import EmbeddedVLMServing
from dataflow.operators.core_vision import PromptedVQAGenerator, WikiQARefiner


class ContextVQAPipeline:
    def __init__(self, llm_serving: LLMServingABC = None):
        self.storage = FileStorage(
            first_entry_file_name="./example_data/image_contextvqa/sample_data.json",
            cache_path="./cache_local",
            file_name_prefix="context_vqa",
            cache_type="json",
        )
        self.vlm_serving = EmbeddedVLMServing()
        self.vqa_generator = PromptedVQAGenerator(
            serving=self.vlm_serving,
            system_prompt= "You are a helpful assistant."
        )
        self.refiner = WikiQARefiner()

    def forward(self):
        input_image_key = "image"
        output_answer_key = "vqa"
        output_wiki_key = "context_vqa"

        self.vqa_generator.run(
            storage=self.storage.step(),
            input_conversation_key="conversation",
            input_image_key=input_image_key,
            output_answer_key=output_answer_key
        )

        self.refiner.run(
            storage=self.storage.step(),
            input_key=output_answer_key,
            output_key=output_wiki_key
        )

if __name__ == "__main__":
    pipe = ContextVQAPipeline()
    pipe.forward()
"""


def check_row(row: dict[str, object]) -> None:
    found = row["context_vqa"]
    assert isinstance(found, dict) and set(found) == {"context", "qas"}
    assert found["qas"] and all(set(pair) == {"question", "answer"} for pair in found["qas"])
    assert row["context_vqa_checks"] == {"speaks_of_image": False, "answers_in_context": [True] * len(found["qas"])}


def test_it_runs_at_once_on_the_sample_pictures_without_key_or_model(tmp_path: Path) -> None:
    done = dataflow("run", "context_vqa", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = read_jsonl(tmp_path / "outputs/context_vqa/context_vqa_step2.jsonl")
    assert [row["id"] for row in rows] == [1, 2, 3]
    for row in rows:
        assert row["image"][0].startswith("./images/")
        check_row(row)
    assert orjson.loads(done.stdout)["counts"]["requests"] == 3


@pytest.mark.parametrize("count", [1, 5])
def test_pictures_alone_get_as_many_pairs_as_asked_for(tmp_path: Path, count: int) -> None:
    make_pictures(tmp_path / "p", 2, size=64)
    words = ["run", "context_vqa", "--input", "p", "--num-qa", str(count), "-q"]
    assert dataflow(*words, cwd=tmp_path).returncode == 0
    for row in read_jsonl(tmp_path / "outputs/context_vqa/context_vqa_step2.jsonl"):
        check_row(row)
        assert len(row["context_vqa"]["qas"]) == count


def test_the_documented_script_makes_the_documented_rows(tmp_path: Path) -> None:
    lay(tmp_path)
    done = python(SEED_SCRIPT, tmp_path)
    assert done.returncode == 0, done.stderr
    rows = orjson.loads((tmp_path / "cache_local/context_vqa_step2.json").read_bytes())
    assert [row["id"] for row in rows] == [1, 2, 3]
    assert rows[0]["image"] == ["./example_data/image_contextvqa/person.png"]
    for row in rows:
        check_row(row)
        assert row["conversation"][0]["value"].startswith(SEED_PROMPT)


def test_killed_in_the_middle_of_corrections_it_goes_on_and_asks_nothing_again(
    model_server: ModelServer, tmp_path: Path
) -> None:
    count = 60
    make_pictures(tmp_path / "p", count)
    model_server.configure(
        answer="script",
        script={"cannot be used": GOOD, ".": "No article today."},
        latency=0.1,
        latency_sigma=0.5,
        hang_nth=count + 20,  # so that it is not through when it is killed
    )
    command = ["run", "context_vqa", "--model", "openai/stub", "--api-url", model_server.url, "--input", "p"]
    command += ["--max-workers", "8", "-q"]
    killed = start(*command, cwd=tmp_path)
    while model_server.stats()["delivered"] < count:
        assert killed.poll() is None
        time.sleep(0.02)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    model_server.configure(hang_nth=0)
    at_kill = time.monotonic()
    done = dataflow(*command, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = read_jsonl(tmp_path / "outputs/context_vqa/context_vqa_step2.jsonl")
    assert len(rows) == count and all(row["vqa"] == GOOD for row in rows)
    log = model_server.requests()
    times_asked = Counter(request["digest"] for request in log)
    # What was in flight may have lain unread in the socket of a process that a busy machine let wait.
    sent = [r["digest"] for r in log if r["outcome"] == "200" and r["out"] < at_kill]
    assert len(sent) >= count and sum(times_asked[digest] > 1 for digest in sent) <= 8
    assert len(times_asked) == 2 * count


def test_a_model_that_never_obeys_ends_in_failures_and_exit_code_3(model_server: ModelServer, tmp_path: Path) -> None:
    make_pictures(tmp_path / "p", 4)
    model_server.configure(answer="script", script={".": "No article today."})
    command = ["run", "context_vqa", "--model", "openai/stub", "--api-url", model_server.url, "--input", "p", "-q"]
    assert dataflow(*command, cwd=tmp_path).returncode == 3
    failures = read_jsonl(tmp_path / "outputs/context_vqa/context_vqa_step2.failures.jsonl")
    assert [failure["raw"] for failure in failures] == ["No article today."] * 4
    assert model_server.stats()["requests"] == 8
