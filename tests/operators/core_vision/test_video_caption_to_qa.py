"""Question-answer pairs about videos: how many, of which types, checked, and asked for again where they are missing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import orjson
import pytest

from dataflow.core import UsageError
from dataflow.operators.core_vision import VideoCaptionToQAGenerator
from dataflow.prompts.question_types import TYPES
from dataflow.serving.embedded import EmbeddedVLMServing
from dataflow.workspace.inputs import sample_input
from tests.operators.core_vision.runs import Row, asked, forget_step, run, serving, trace
from tests.servers import ModelServer

TOP_UP = "further question-answer"
CORRECTION = "cannot be used"
CAPTION = "A brown dog chases a red ball over the lawn."


def reply(*pairs: tuple[str, ...]) -> str:
    """Pairs of (question, answer) or (question, answer, type) as a model's JSON."""
    return orjson.dumps(
        {"qa": [dict(zip(("question", "answer", "type"), pair, strict=False)) for pair in pairs]}
    ).decode()


def operator(server: ModelServer, num_qa: int = 3, **settings: Any) -> VideoCaptionToQAGenerator:
    return VideoCaptionToQAGenerator(serving(server), use_video_input=False, num_qa=num_qa, **settings)


BALL = ("What does the dog chase?", "a red ball", "object")
LAWN = ("Where does it run?", "over the lawn", "place")
BROWN = ("Which colour has the dog?", "brown", "Object")
ONE: list[Row] = [{"caption": CAPTION}]


def test_one_pair_is_a_question_and_an_answer_and_nothing_else(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.configure(answer="script", script={".": reply(BALL, LAWN)})
    (row,), _ = run(operator(model_server, 1), ONE, tmp_path)
    assert row == {"id": 1, "caption": CAPTION, "qa": {"question": BALL[0], "answer": BALL[1]}}


def test_several_pairs_are_a_list_with_the_types_that_the_model_gave(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.configure(answer="script", script={".": reply(BALL, LAWN[:2], BROWN)})
    (row,), _ = run(operator(model_server), ONE, tmp_path)
    assert row["qa"] == [
        {"question": BALL[0], "answer": BALL[1], "type": "object"},
        {"question": LAWN[0], "answer": LAWN[1]},
        {"question": BROWN[0], "answer": BROWN[1], "type": "object"},
    ]
    assert "qa_status" not in row
    assert asked(model_server) == 1


def test_types_are_asked_for_in_quotas(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.configure(answer="qa", qa_pairs=20)
    run(operator(model_server, 20), ONE, tmp_path)
    (request,) = model_server.requests()
    asked_for = re.findall(r"- (\d) of type (\w+): ", request["messages"][-1]["content"])
    assert {name for _, name in asked_for} == set(TYPES)
    assert sum(int(number) for number, _ in asked_for) == 20
    assert {number for number, _ in asked_for} == {"1", "2"}


def test_more_pairs_than_asked_for_are_cut(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.configure(answer="script", script={".": reply(BALL, LAWN, BROWN)})
    (row,), _ = run(operator(model_server, 2), ONE, tmp_path)
    assert [pair["question"] for pair in row["qa"]] == [BALL[0], LAWN[0]]


def test_the_missing_pairs_are_asked_for_once_and_those_given_are_not_repeated(
    model_server: ModelServer, tmp_path: Path
) -> None:
    again = (BALL[0].upper(), "a toy", "object")
    model_server.configure(answer="script", script={TOP_UP: reply(again, LAWN, BROWN), ".": reply(BALL)})
    (row,), _ = run(operator(model_server), ONE, tmp_path)
    assert [pair["question"] for pair in row["qa"]] == [BALL[0], LAWN[0], BROWN[0]]
    assert "qa_status" not in row
    _, second = model_server.requests()
    said, told = second["messages"][-2:]
    assert said["role"] == "assistant" and orjson.loads(said["content"])["qa"][0]["question"] == BALL[0]
    assert "Write 2 further question-answer pairs" in told["content"] and f"- {BALL[0]}" in told["content"]
    assert [line["prompt"] for line in trace(tmp_path) if "prompt" in line] == ["video_qa", "video_qa_top_up"]


def test_the_top_up_asks_for_the_types_that_are_missing(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.configure(answer="script", script={TOP_UP: "none", ".": "none"})
    run(operator(model_server, 16), ONE, tmp_path)
    everything = reply(
        *((f"Question {name}?", f"reply {name}", name) for name in TYPES if name not in ("count", "speed"))
    )
    model_server.configure(answer="script", script={TOP_UP: "none", ".": everything})
    model_server.reset()
    run(operator(model_server, 16), ONE, tmp_path)
    told = model_server.requests()[-1]["messages"][-1]["content"]
    assert sorted(re.findall(r"- 1 of type (\w+): ", told)) == ["count", "speed"]


@pytest.mark.parametrize("further", ["I have nothing to add.", '{"qa": []}', reply(BALL)])
def test_what_stays_missing_is_said_beside_the_pairs(model_server: ModelServer, tmp_path: Path, further: str) -> None:
    model_server.configure(answer="script", script={TOP_UP: further, ".": reply(BALL)})
    (row,), failures = run(operator(model_server), ONE, tmp_path, output_key="pairs")
    assert failures == []
    assert [pair["question"] for pair in row["pairs"]] == [BALL[0]]
    assert row["pairs_status"] == "1 of 3 pairs"
    assert asked(model_server) == 2


def test_a_top_up_that_the_endpoint_refuses_leaves_what_is_there(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.configure(answer="script", script={".": reply(BALL)}, fail_on={TOP_UP: "context"})
    (row,), failures = run(operator(model_server), ONE, tmp_path)
    assert failures == [] and row["qa_status"] == "1 of 3 pairs"


def test_a_status_of_an_earlier_run_does_not_stay(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.configure(answer="script", script={".": reply(BALL, LAWN, BROWN)})
    (row,), _ = run(operator(model_server), [{"caption": CAPTION, "qa_status": "1 of 3 pairs"}], tmp_path)
    assert "qa_status" not in row and len(row["qa"]) == 3


def test_faulty_pairs_are_left_out_and_the_trace_says_why(model_server: ModelServer, tmp_path: Path) -> None:
    faulty = [
        ("What is said in the caption?", "a dog"),
        ("Is the red ball a red ball that is red?", "red ball"),
        (BALL[0], "another answer"),
        ("What is empty?", ""),
    ]
    model_server.configure(answer="script", script={TOP_UP: "none", ".": reply(BALL, *faulty)})
    (row,), _ = run(operator(model_server, 5), ONE, tmp_path)
    assert [pair["question"] for pair in row["qa"]] == [BALL[0]]
    assert row["qa_status"] == "1 of 5 pairs"
    (noted,) = [line["notes"]["dropped_pairs"] for line in trace(tmp_path) if "notes" in line]
    assert {"speaks of the caption or the text it was made from", "duplicate question"} <= {
        one["reason"] for one in noted
    }


def test_without_any_usable_pair_the_sample_fails_with_the_raw_text(model_server: ModelServer, tmp_path: Path) -> None:
    raw = reply(("What does the caption say?", "a dog"))
    model_server.configure(answer="script", script={".": raw})
    rows, (failure,) = run(operator(model_server), ONE, tmp_path)
    assert rows == [] and failure["raw"] == raw and "speaks of the caption" in failure["message"]
    assert asked(model_server) == 2


def test_correction_and_top_up_together_cost_two_further_requests_and_resume_asks_nothing(
    model_server: ModelServer, tmp_path: Path
) -> None:
    script = {TOP_UP: "I will not.", CORRECTION: reply(BALL), ".": "I would rather not."}
    model_server.configure(answer="script", script=script)
    rows = [{"caption": f"{CAPTION} Take {number}."} for number in range(8)]
    whole = run(operator(model_server), rows, tmp_path)
    assert [row["qa_status"] for row in whole[0]] == ["1 of 3 pairs"] * 8
    assert asked(model_server) == 3 * 8
    forget_step(tmp_path)
    assert run(operator(model_server), rows, tmp_path) == whole
    assert asked(model_server) == 3 * 8


TEMPLATES = [
    "Fill {caption} into {num_qa} like {\"this\": {'one': []}}",
    "{caption}",
    "{{caption}} {",
]


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("caption", ["plain", 'a sign {caption} {num_qa} {"x": {}} {{', "\\1 %s {0}"])
def test_braces_in_templates_and_captions_break_nothing(
    model_server: ModelServer, tmp_path: Path, template: str, caption: str
) -> None:
    model_server.configure(answer="script", script={".": reply(BALL)})
    (row,), failures = run(operator(model_server, 1, prompt_template=template), [{"caption": caption}], tmp_path)
    assert failures == [] and row["caption"] == caption
    (request,) = model_server.requests()
    sent = request["messages"][-1]["content"]
    assert sent.startswith(template.replace("{num_qa}", "1").replace("{caption}", caption))


class Builder:
    """A user's own way to ask."""

    def build_prompt(self, **fields: Any) -> str:
        return f"{fields['num_qa']} on {fields['caption']} for {fields['who']}; types: {fields['question_types'][:6]}"


def test_an_object_builds_the_prompt_from_the_sample_and_the_form_is_added(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(answer="script", script={".": reply(BALL, LAWN)})
    run(operator(model_server, 2, prompt_template=Builder()), [{"caption": CAPTION, "who": "me"}], tmp_path)
    (request,) = model_server.requests()
    sent = request["messages"][-1]["content"]
    assert sent.startswith(f"2 on {CAPTION} for me; types: Spread") and "JSON" in sent


def test_a_prompt_that_speaks_of_json_itself_is_sent_as_it_is(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.configure(answer="script", script={".": reply(BALL)})
    run(operator(model_server, 1, prompt_template="Reply in JSON: {caption}"), ONE, tmp_path)
    (request,) = model_server.requests()
    assert request["messages"][-1]["content"] == f"Reply in JSON: {CAPTION}"


def test_all_words_that_may_be_said_are_in_the_manifest(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.configure(answer="script", script={".": reply(BALL, LAWN, BROWN)})
    run(operator(model_server), ONE, tmp_path)
    manifest = orjson.loads((tmp_path / "cache/run.json").read_bytes())
    assert set(manifest["prompts"]) == {"video_qa", "video_qa_correction", "video_qa_top_up", "question_types"}
    assert len(set(manifest["prompts"].values())) == 4


@pytest.mark.parametrize("number", [0, -1, "three", 2.5])
def test_a_number_of_pairs_that_is_none_is_refused(number: Any) -> None:
    with pytest.raises(UsageError, match="num_qa"):
        VideoCaptionToQAGenerator(EmbeddedVLMServing(), num_qa=number)


@pytest.mark.parametrize("use_video", [True, False])
def test_the_embedded_serving_gives_as_many_pairs_as_asked_for(tmp_path: Path, use_video: bool) -> None:
    clips = sample_input("video_qa").parent / "videos"
    caption = EmbeddedVLMServing().generate_from_input(["Describe it."], video_inputs=[str(clips / "sample1.mp4")])[0]
    rows = [{"video": [str(clips / "sample1.mp4")], "caption": caption}]
    made = VideoCaptionToQAGenerator(EmbeddedVLMServing(), use_video_input=use_video, num_qa=6)
    (row,), failures = run(made, rows, tmp_path)
    assert failures == []
    assert len({pair["question"] for pair in row["qa"]}) == 6


def test_where_there_is_no_more_to_say_the_embedded_serving_repeats_nothing(tmp_path: Path) -> None:
    clip = str(sample_input("video_qa").parent / "videos/sample2.mp4")
    rows = [{"video": [clip], "caption": "A clip."}]
    (row,), _ = run(VideoCaptionToQAGenerator(EmbeddedVLMServing(), num_qa=90), rows, tmp_path)
    questions = [pair["question"] for pair in row["qa"]]
    assert len(set(questions)) == len(questions) < 90
    assert row["qa_status"] == f"{len(questions)} of 90 pairs"
