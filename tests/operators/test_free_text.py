"""Only answers become data: a sweep over every operator that asks, with a model that answers as models do."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dataflow import Operator
from dataflow.core import LLMServingABC
from dataflow.registry import entries
from dataflow.workspace.inputs import sample_input
from tests.operators.core_vision.roles import as_json, rows, talk
from tests.operators.core_vision.runs import Row, forget_step, run, serving
from tests.pictures import make_pictures
from tests.server.chat_texts import BLIND, REFUSALS
from tests.servers import ModelServer

CLIP = str(sample_input("video_caption").parent / "videos/sample1.mp4")
SERVINGS = ("serving", "vlm_serving", "llm_serving")
GIVEN = {"id", "image", "video", "conversation", "caption", "Meta", "Clips"}
"""What the samples come with."""

PAIR = {"question": "What does the dog chase?", "answer": "a red ball"}
DRAFT = {"Label": "content", "Question": "Who runs?", "Answer": "a brown dog"}
CAPTION = "A brown dog chases a red ball over the lawn."
SCHEMA = "Reply with JSON only"

REFUSED = (*REFUSALS[:4], "Thank you for sharing this image!\n\nI'm sorry, but I can't help with that.", *BLIND[:3])
WRAPPED = (
    "Sure! Here is the description you asked for:\n\n{}\n\nLet me know if you need anything else!",
    "{}<|im_end|>",
    "<|begin_of_box|>{}<|end_of_box|>",
    "<|channel|>analysis<|message|>The user wants it short.<|end|><|start|>assistant<|channel|>final<|message|>{}",
    "<|channel>thought\nThe user wants it short.\n<channel|>{}<turn|>",
    "<think>The user wants it short.</think>\n{}</s>",
)
NEVER = (
    "<|",
    "|>",
    "</s>",
    "channel",
    "the user wants",
    "sure!",
    "let me know",
    "here is the",
    "sorry",
    "unable",
    "抱歉",
)
"""What no output column may hold, in lower case."""


def those_that_ask() -> list[str]:
    """The operators that take a serving: a new one is swept as soon as it is registered."""
    return [entry.name for entry in entries("operators") if _serving_of(entry.load())]


def _serving_of(operator: type[Operator]) -> str:
    return next((name for name in SERVINGS if name in inspect.signature(operator.__init__).parameters), "")


def made(name: str, asked: LLMServingABC, **more: Any) -> Operator:
    """An operator that asks our server, with a prompt of its own where it has none."""
    kind = next(entry.load() for entry in entries("operators") if entry.name == name)
    known = inspect.signature(kind.__init__).parameters
    if "prompt_template" in known and known["prompt_template"].default is None and name.startswith("Prompted"):
        more = {"prompt_template": "Describe it.", **more}
    operator: Operator = kind(**{_serving_of(kind): asked}, **more)
    return operator


def sample(folder: Path, operator: Operator) -> Row:
    """A sample with all that any operator reads; what one reads and writes holds pairs of a former stage."""
    (picture,) = make_pictures(folder / "p", 1)
    row = {"id": 1, "image": [str(picture)], "video": [CLIP], "caption": CAPTION, **rows(folder)[0]}
    for clip in row["Clips"]:
        clip["Frames_Images"] = [str(folder / name) for name in clip["Frames_Images"]]
    read = {key.default for key in operator.active_keys() if key.role == "required"}
    written = {key.default for key in operator.keys if key.role == "output"}
    row |= {column: [{"id": "Q1", **DRAFT}] for column in read & written - GIVEN}
    missing = read - row.keys()
    assert not missing, f"{type(operator).__name__} reads {missing}: give the sample of this sweep such columns"
    return {name: value for name, value in row.items() if name in GIVEN - written or name in read}


def texts(value: Any) -> Iterator[str]:
    """All text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner)


def held(done: list[Row], given: Row) -> list[str]:
    """The texts in whatever columns the operator made or changed."""
    return [
        text
        for row in done
        for name, value in row.items()
        if name != "conversation" and value != given.get(name)
        for text in texts(value)
    ]


def script(wrapping: str = "{}") -> dict[str, str]:
    """Good answers for whatever any operator asks, with something around them."""
    good = {**talk(), SCHEMA: as_json({"qa": [PAIR]}), ".": CAPTION}
    return {pattern: wrapping.replace("{}", text) for pattern, text in good.items()}


@pytest.mark.parametrize("name", those_that_ask())
@pytest.mark.parametrize("wrapping", WRAPPED)
def test_what_a_model_puts_around_its_answer_is_taken_off(
    model_server: ModelServer, tmp_path: Path, name: str, wrapping: str
) -> None:
    operator = made(name, serving(model_server))
    given = sample(tmp_path, operator)
    model_server.configure(answer="script", script=script(wrapping))
    done, failures = run(operator, [given], tmp_path)
    assert failures == [] and len(done) == 1
    found = held(done, given)
    assert found and not [text for text in found if any(word in text.lower() for word in NEVER)]


@pytest.mark.parametrize("name", those_that_ask())
def test_tokens_within_the_fields_of_an_answer_are_taken_off(
    model_server: ModelServer, tmp_path: Path, name: str
) -> None:
    operator = made(name, serving(model_server))
    given = sample(tmp_path, operator)
    boxed = {
        pattern: re.sub(r'"(question|answer)":"([^"]+)"', r'"\1":"<|begin_of_box|>\2<|end_of_box|><|im_end|>"', text)
        for pattern, text in script().items()
    }
    model_server.configure(answer="script", script=boxed)
    done, failures = run(operator, [given], tmp_path)
    assert failures == [] and not [text for text in held(done, given) if "<|" in text]


@pytest.mark.parametrize("name", those_that_ask())
@pytest.mark.parametrize("refusal", REFUSED)
def test_a_refusal_is_answered_once_and_then_sets_the_sample_aside_as_one(
    model_server: ModelServer, tmp_path: Path, name: str, refusal: str
) -> None:
    operator = made(name, serving(model_server))
    given = sample(tmp_path, operator)
    model_server.configure(answer="script", script={".": refusal})
    done, (failure,) = run(operator, [given], tmp_path)
    assert done == [] and (failure["kind"], failure["raw"]) == ("refused", refusal)
    assert model_server.stats()["requests"] == 2


@pytest.mark.parametrize("name", those_that_ask())
def test_a_run_that_goes_on_replays_a_refusal_and_its_correction_and_a_new_run_asks_anew(
    model_server: ModelServer, tmp_path: Path, name: str
) -> None:
    operator = made(name, serving(model_server))
    given = sample(tmp_path, operator)
    model_server.configure(answer="script", script={".": REFUSALS[0]})
    whole = run(operator, [given], tmp_path)
    forget_step(tmp_path)
    assert run(operator, [given], tmp_path) == whole
    assert model_server.stats()["requests"] == 2
    _, (again,) = run(operator, [given], tmp_path)
    assert again["kind"] == "refused" and model_server.stats()["requests"] == 4
    model_server.configure(script=script())
    done, failures = run(operator, [given], tmp_path)
    assert failures == [] and len(done) == 1


@pytest.mark.parametrize("name", those_that_ask())
@pytest.mark.parametrize("refusal", [REFUSALS[0], BLIND[0]])
def test_a_refusal_within_the_fields_of_an_answer_reaches_no_column(
    model_server: ModelServer, tmp_path: Path, name: str, refusal: str
) -> None:
    operator = made(name, serving(model_server))
    given = sample(tmp_path, operator)
    declining = {
        pattern: re.sub(r'"answer":"[^"]+"', f'"answer":"{refusal}"', text) for pattern, text in script().items()
    }
    model_server.configure(answer="script", script=declining)
    done, failures = run(operator, [given], tmp_path)
    assert refusal not in held(done, given)
    assert {failure["kind"] for failure in failures} <= {"refused"}


@pytest.mark.parametrize("name", those_that_ask())
def test_a_refusal_that_is_taken_back_costs_one_request_more(
    model_server: ModelServer, tmp_path: Path, name: str
) -> None:
    operator = made(name, serving(model_server))
    given = sample(tmp_path, operator)
    plain = script()
    model_server.configure(answer="script", script=plain)
    whole = run(operator, [given], tmp_path / "whole")
    planned = model_server.stats()["requests"]
    asked_first = str(model_server.requests()[0]["messages"])
    first = next(pattern for pattern in plain if re.search(pattern, asked_first))
    corrected = {f"{pattern}.*cannot be used": text for pattern, text in plain.items()}
    model_server.reset()
    model_server.configure(script={**corrected, **plain, first: REFUSALS[0]})
    assert run(operator, [given], tmp_path / "taken back") == whole
    assert model_server.stats()["requests"] == planned + 1


@pytest.mark.parametrize("name", those_that_ask())
def test_answers_that_are_cut_off_before_anything_is_complete_set_the_sample_aside_with_the_cure(
    model_server: ModelServer, tmp_path: Path, name: str
) -> None:
    operator = made(name, serving(model_server))
    given = sample(tmp_path, operator)
    model_server.configure(answer="script", script={".": "The dog and the ball and then " * 8}, faults={"length": 1.0})
    done, (failure,) = run(operator, [given], tmp_path)
    assert done == [] and failure["kind"] == "cut_off" and "raise --max-tokens" in failure["message"]
    assert model_server.stats()["requests"] == 2


def keepers() -> list[str]:
    """The operators that keep free text, by the parameter that all of them have."""
    return [
        entry.name
        for entry in entries("operators")
        if "keep_cut_off" in inspect.signature(entry.load().__init__).parameters
    ]


@pytest.mark.parametrize("name", keepers())
def test_text_that_was_cut_off_is_kept_on_request_and_its_row_says_so(
    model_server: ModelServer, tmp_path: Path, name: str
) -> None:
    operator = made(name, serving(model_server), keep_cut_off=True)
    given = sample(tmp_path, operator)
    (column,) = (key.default for key in operator.keys if key.role == "output")
    model_server.configure(answer="script", script={".": CAPTION * 2}, faults={"length": 1.0})
    (row,), failures = run(operator, [given], tmp_path)
    assert failures == [] and row[column] == CAPTION
    assert row[f"{column}_status"] == "cut off by the token limit"
    assert model_server.stats()["requests"] == 1
    model_server.configure(faults={}, script={".": CAPTION + " It is a sunny day."})
    (again,), _ = run(operator, [row], tmp_path / "again")
    assert again[column].endswith("day.") and f"{column}_status" not in again
