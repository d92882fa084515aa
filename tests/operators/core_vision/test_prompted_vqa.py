"""Prompts about images: whose words are asked, and what the answer must hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from dataflow.core import UsageError
from dataflow.operators.core_vision import PromptedVQAGenerator
from tests.operators.core_vision.runs import Row, asked, run, serving
from tests.pictures import make_pictures
from tests.servers import ModelServer

CORRECTION = "cannot be used"


def operator(server: ModelServer, **settings: Any) -> PromptedVQAGenerator:
    return PromptedVQAGenerator(serving(server), **settings)


def rows(folder: Path, count: int = 1, **fields: Any) -> list[Row]:
    return [{"image": str(path), **fields} for path in make_pictures(folder / "p", count)]


def prompt_sent(server: ModelServer) -> str:
    (request,) = server.requests()
    return str(request["messages"][-1]["content"][-1]["text"])


def test_any_text_is_an_answer_unless_a_form_is_asked_for(model_server: ModelServer, tmp_path: Path) -> None:
    (row,), failures = run(operator(model_server, prompt_template="What?"), rows(tmp_path), tmp_path)
    assert failures == [] and row["vqa"].startswith("echo")
    assert asked(model_server) == 1


@pytest.mark.parametrize(
    ("form", "good"),
    [
        ("pairs", "- Q: What is it?\n  A: a test"),
        ("article", "The test is an examination of knowledge.\n\nQuestion: What is it?\nAnswer: an examination"),
    ],
)
def test_an_answer_of_another_form_is_corrected_once_and_kept_as_text(
    model_server: ModelServer, tmp_path: Path, form: str, good: str
) -> None:
    model_server.configure(answer="script", script={CORRECTION: good, ".": "Nothing to say."})
    made = operator(model_server, prompt_template="What?", answer_form=form)
    (row,), failures = run(made, rows(tmp_path), tmp_path)
    assert failures == [] and row["vqa"] == good
    first, second = model_server.requests()
    assert second["messages"][: len(first["messages"])] == first["messages"]


def test_a_model_that_never_obeys_fails_with_its_text(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.configure(answer="script", script={CORRECTION: "Never.", ".": "No."})
    made = operator(model_server, prompt_template="What?", answer_form="pairs")
    none, failures = run(made, rows(tmp_path, 5), tmp_path)
    assert none == [] and [failure["raw"] for failure in failures] == ["Never."] * 5
    assert asked(model_server) == 10


def test_a_form_that_there_is_not_is_refused(model_server: ModelServer) -> None:
    with pytest.raises(UsageError, match="article"):
        operator(model_server, answer_form="poem")


def test_the_number_of_pairs_and_fields_of_the_sample_stand_in_the_template(
    model_server: ModelServer, tmp_path: Path
) -> None:
    template = 'Write {num_qa} on {topic} as {"q": {}} {{nothing}}'
    run(operator(model_server, prompt_template=template, num_qa=4), rows(tmp_path, topic="{num_qa}"), tmp_path)
    assert prompt_sent(model_server) == 'Write 4 on {num_qa} as {"q": {}} {{nothing}}'


def test_an_object_builds_the_prompt_from_the_sample(model_server: ModelServer, tmp_path: Path) -> None:
    class Builder:
        def build_prompt(self, **fields: Any) -> str:
            return f"{fields['topic']}, {fields['num_qa']}"

    (row,), _ = run(operator(model_server, prompt_template=Builder(), num_qa=2), rows(tmp_path, topic="dogs"), tmp_path)
    assert prompt_sent(model_server) == "dogs, 2"
    assert row["conversation"] == [{"from": "human", "value": "dogs, 2"}]
    assert "num_qa" not in row


def test_the_samples_own_words_are_asked_as_they_are(model_server: ModelServer, tmp_path: Path) -> None:
    turns = [{"from": "human", "value": "Say {num_qa} {}"}]
    made = operator(model_server, prompt_template="other", num_qa=2)
    run(made, rows(tmp_path, conversation=turns), tmp_path)
    assert prompt_sent(model_server) == "Say {num_qa} {}"


def test_all_words_that_may_be_said_are_in_the_manifest(model_server: ModelServer, tmp_path: Path) -> None:
    def digests(**settings: Any) -> dict[str, str]:
        run(operator(model_server, **settings), rows(tmp_path), tmp_path)
        found: dict[str, str] = orjson.loads((tmp_path / "cache/run.json").read_bytes())["prompts"]
        return found

    model_server.configure(answer="qa")
    plain = digests(prompt_template="What?", prompt_name="mine")
    checked = digests(prompt_template="What?", prompt_name="mine", answer_form="pairs")
    assert set(plain) == set(checked) == {"mine", "mine_correction"}
    assert plain["mine_correction"] != checked["mine_correction"]
    assert digests(prompt_template="Who?", prompt_name="mine")["mine"] != plain["mine"]
