"""The `video_qa` pipeline: what a sample may be asked beyond its planned questions, over both operators."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from dataflow import Pipeline, RunOptions
from dataflow.registry import find
from dataflow.workspace.inputs import sample_input
from tests.commands import read_jsonl
from tests.operators.core_vision.runs import Row, serving
from tests.servers import ModelServer

CLIP = str(sample_input("video_qa").parent / "videos/sample1.mp4")
REFUSAL = "I'm sorry, but I can't help with that."
CAPTION = "A brown dog chases a red ball over the lawn."
CORRECTION, TOP_UP = "cannot be used", "further question-answer"
BALL = orjson.dumps({"qa": [{"question": "What does the dog chase?", "answer": "a red ball"}]}).decode()
LAWN = orjson.dumps({"qa": [{"question": "Where does it run?", "answer": "over the lawn"}]}).decode()


def video_qa(server: ModelServer, folder: Path, **settings: Any) -> tuple[list[Row], list[Row], list[str]]:
    """The rows, the failures, and the prompts that were asked."""
    steps = find("pipelines", "video_qa").steps(serving(server), settings)
    rows = [{"video": [CLIP]}]
    done = list(Pipeline(steps).run(rows, folder, prefix="v", options=RunOptions(quiet=True)).rows())
    failures = folder / "v_step2.failures.jsonl"
    prompts = [line["prompt"] for line in read_jsonl(folder / "v_step2.trace.jsonl") if "prompt" in line]
    return done, read_jsonl(failures) if failures.exists() else [], prompts


def script(caption: str = CAPTION, first: str = BALL, corrected: str = BALL, more: str = LAWN) -> dict[str, str]:
    qa = "Reply with JSON only"
    return {
        f"{qa}.*{CORRECTION}.*{TOP_UP}": more,
        f"{qa}.*{TOP_UP}": more,
        f"{qa}.*{CORRECTION}": corrected,
        qa: first,
        CORRECTION: CAPTION,
        ".": caption,
    }


@pytest.mark.parametrize(
    ("replies", "asked", "status"),
    [
        ({}, ["video_caption", "video_qa", "video_qa_top_up"], None),
        ({"caption": REFUSAL}, ["video_caption", "video_caption_correction", "video_qa", "video_qa_top_up"], None),
        (
            {"caption": REFUSAL, "first": REFUSAL},
            ["video_caption", "video_caption_correction", "video_qa", "video_qa_correction"],
            "1 of 2 pairs",
        ),
    ],
)
def test_corrections_and_top_ups_are_two_at_most_over_both_operators(
    model_server: ModelServer, tmp_path: Path, replies: dict[str, str], asked: list[str], status: str | None
) -> None:
    model_server.configure(answer="script", script=script(**replies))
    (row,), failures, prompts = video_qa(model_server, tmp_path, num_qa=2)
    assert failures == [] and row["caption"] == CAPTION
    assert row.get("qa_status") == status
    assert prompts == asked and model_server.stats()["requests"] == len(asked)


def test_where_no_question_is_left_the_first_error_stands(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.configure(
        answer="script",
        script={"Your role": REFUSAL, **script(caption=REFUSAL, first=BALL, more="I would rather not.")},
    )
    steps = find("pipelines", "video_qa").steps(serving(model_server), {"num_qa": 2})
    again = find("pipelines", "image_vqa").steps(serving(model_server), {"prompt_template": "Your role: none."})
    rows = [{"video": [CLIP]}]
    keys = {"input_conversation_key": "asked", "output_answer_key": "told"}
    pipeline = Pipeline([*steps, again[0].operator.bind(**keys)])
    done = pipeline.run(rows, tmp_path, prefix="v", options=RunOptions(quiet=True))
    assert list(done.rows()) == []
    (failure,) = read_jsonl(tmp_path / "v_step3.failures.jsonl")
    assert (failure["kind"], failure["raw"], failure["operator"]) == ("refused", REFUSAL, "PromptedVQAGenerator")
    assert model_server.stats()["requests"] == 3 + 2
