"""Structured output: asked for natively where the endpoint can, checked always, corrected once."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from dataflow.operators.core_vision import VideoCaptionToQAGenerator
from tests.operators.core_vision.runs import Row, asked, forget_step, run, serving, trace
from tests.servers import ModelServer

GOOD = orjson.dumps({"qa": [{"question": "What does the dog chase?", "answer": "a red ball"}]}).decode()
BAD = "I am sorry, I would rather tell you about my day."
CORRECTION = "This reply cannot be used"


def captions(count: int = 1) -> list[Row]:
    return [{"caption": f"A dog number {number} chases a red ball."} for number in range(count)]


def qa(server: ModelServer, **settings: object) -> VideoCaptionToQAGenerator:
    return VideoCaptionToQAGenerator(serving(server), use_video_input=False, **settings)  # type: ignore[arg-type]


def test_the_schema_is_asked_for_strictly_and_in_words(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.configure(answer="qa")
    rows, failures = run(qa(model_server), captions(), tmp_path)
    assert failures == [] and set(rows[0]["qa"]) == {"question", "answer"}
    (request,) = model_server.requests()
    stated = request["params"]["response_format"]["json_schema"]
    assert stated["strict"] is True and stated["name"] == "Pairs"
    assert stated["schema"]["required"] == ["qa"] and stated["schema"]["additionalProperties"] is False
    assert "JSON" in request["messages"][-1]["content"]


def test_an_endpoint_that_refuses_the_schema_is_asked_without_it_from_then_on(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(answer="script", script={".": GOOD}, refuse_params=("response_format",))
    operator = VideoCaptionToQAGenerator(serving(model_server, max_workers=1), use_video_input=False)
    rows, failures = run(operator, captions(5), tmp_path)
    assert failures == [] and len(rows) == 5
    log = model_server.requests()
    assert [request["outcome"] for request in log] == ["400", *["200"] * 5]
    assert ["response_format" in request["params"] for request in log] == [True, *[False] * 5]


def test_many_requests_refused_at_once_all_fall_back(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.configure(answer="script", script={".": GOOD}, refuse_params=("response_format",), latency=0.05)
    rows, failures = run(qa(model_server), captions(40), tmp_path)
    assert failures == [] and len(rows) == 40
    assert asked(model_server) == 40


def test_a_400_for_another_reason_is_the_samples_own(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.configure(answer="script", script={".": GOOD}, fail_on={"number 1": "context"})
    rows, failures = run(qa(model_server), captions(3), tmp_path)
    assert [row["id"] for row in rows] == [1, 3]
    assert [(failure["id"], failure["kind"]) for failure in failures] == [(2, "request")]
    assert all("response_format" in request["params"] for request in model_server.requests())


def test_a_reply_of_the_wrong_form_is_shown_to_the_model_with_its_error(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(answer="script", script={CORRECTION: GOOD, ".": BAD})
    rows, failures = run(qa(model_server), captions(), tmp_path)
    assert failures == []
    assert rows[0]["qa"] == {"question": "What does the dog chase?", "answer": "a red ball"}
    first, second = model_server.requests()
    assert second["messages"][: len(first["messages"])] == first["messages"]
    said, told = second["messages"][len(first["messages"]) :]
    assert said == {"role": "assistant", "content": BAD}
    assert told["role"] == "user" and CORRECTION in told["content"] and '{"qa"' in told["content"]
    assert [line["prompt"] for line in trace(tmp_path)] == ["video_qa", "video_qa_correction"]


def test_a_model_that_never_obeys_costs_one_further_request_and_its_text_is_kept(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(answer="script", script={CORRECTION: "Still not.", ".": BAD})
    rows, failures = run(qa(model_server), captions(6), tmp_path)
    assert rows == [] and len(failures) == 6
    assert {failure["raw"] for failure in failures} == {"Still not."}
    assert {failure["kind"] for failure in failures} == {"answer"}
    assert asked(model_server) == 12


@pytest.mark.parametrize("second", ["Still not.", GOOD])
def test_a_run_that_goes_on_replays_both_replies_and_asks_nothing(
    model_server: ModelServer, tmp_path: Path, second: str
) -> None:
    model_server.configure(answer="script", script={CORRECTION: second, ".": BAD})
    whole = run(qa(model_server), captions(4), tmp_path)
    forget_step(tmp_path)
    again = run(qa(model_server), captions(4), tmp_path)
    assert again == whole
    assert asked(model_server) == 8


def test_each_new_run_asks_a_failed_sample_anew_with_at_most_one_correction(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(answer="script", script={CORRECTION: "Still not.", ".": BAD})
    for number in range(1, 5):
        _, failures = run(qa(model_server), captions(), tmp_path)
        assert failures[0]["attempts"] == number
        assert asked(model_server) == 2 * number
    model_server.configure(answer="script", script={".": GOOD})
    rows, failures = run(qa(model_server), captions(), tmp_path)
    assert (len(rows), failures) == (1, [])
    assert asked(model_server) == 9


def test_replies_that_differ_from_run_to_run_cost_no_more(model_server: ModelServer, tmp_path: Path) -> None:
    replies = [f"No pairs today, reason {number}." for number in range(9)]
    model_server.configure(answer="script", script={CORRECTION: "Still not.", ".": replies})
    for number in range(1, 5):
        run(qa(model_server), captions(), tmp_path)
        assert asked(model_server) == 2 * number


def test_a_prompt_changed_after_failures_is_asked_once_not_once_per_earlier_attempt(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(answer="script", script={CORRECTION: "Still not.", ".": BAD})
    for number in range(1, 4):
        operator = qa(model_server, prompt_template=f"Words of run {number} about {{caption}}")
        run(operator, captions(), tmp_path)
        assert asked(model_server) == 2 * number


def test_a_correction_beyond_the_context_fails_the_sample_with_the_first_text(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(answer="script", script={".": BAD}, fail_on={CORRECTION: "context"})
    _, (failure,) = run(qa(model_server), captions(), tmp_path)
    assert (failure["kind"], failure["raw"]) == ("answer", BAD)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ('{"qa": [{"question": "Who runs?", "answer": "a dog"}, {"question": "Where?", "answer": "in the pa', 1),
        ('{"qa": [{"question": "Who runs?", "answer": "a dog"}, {"question": "Where to?"', 1),
        ('{"qa": [{"question": "Who runs?", "answer": "a dog"}, {"question": "When?", "answer": "at noon"}, ', 2),
        ('{"qa": [{"question": "Who runs?", "answer": "a dog"}, {"question": "When?", "answer": "at noon"', 2),
        ("Q: Who runs?\nA: a dog\n\nQ: Where?\nA: in the pa", 1),
    ],
)
def test_of_a_truncated_reply_the_complete_pairs_are_kept(
    model_server: ModelServer, tmp_path: Path, text: str, count: int
) -> None:
    # The endpoint cuts answers in half: the script holds twice the text.
    model_server.configure(answer="script", script={"further": "none", ".": text + "x" * len(text)})
    model_server.configure(faults={"length": 1.0})
    rows, failures = run(qa(model_server, num_qa=4), captions(), tmp_path)
    assert failures == []
    assert [pair["question"] for pair in rows[0]["qa"]] == ["Who runs?", "When?"][:count]
    assert rows[0]["qa_status"] == f"{count} of 4 pairs"


def test_of_an_endless_reply_only_the_beginning_is_shown_again(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.configure(answer="script", script={CORRECTION: GOOD, ".": "la " * 100_000})
    rows, failures = run(qa(model_server), captions(), tmp_path)
    assert failures == [] and rows[0]["qa"]["answer"] == "a red ball"
    said = model_server.requests()[1]["messages"][-2]["content"]
    assert said.startswith("la la") and said.endswith("[...]") and len(said) < 9000


@pytest.mark.parametrize("reasoning", ["think", "reasoning_content"])
def test_reasoning_is_neither_read_as_the_answer_nor_shown_again(
    model_server: ModelServer, tmp_path: Path, reasoning: str
) -> None:
    model_server.configure(answer="script", script={CORRECTION: GOOD, ".": BAD}, reasoning=reasoning)
    rows, failures = run(qa(model_server), captions(), tmp_path)
    assert failures == [] and rows[0]["qa"]["answer"] == "a red ball"
    assert model_server.requests()[1]["messages"][-2]["content"] == BAD
