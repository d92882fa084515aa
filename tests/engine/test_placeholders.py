"""A prompt that names what no sample has ends a run before anything is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dataflow import Operator, Pipeline, RunOptions
from dataflow.core import UsageError, output
from dataflow.operators.core_vision import (
    MultiroleVideoQAGenerate,
    PromptedVQAGenerator,
    VideoCaptionToQAGenerator,
    VideoToCaptionGenerator,
)
from tests.commands import read_jsonl
from tests.operators.core_vision.runs import Row, run, serving
from tests.pictures import make_pictures
from tests.servers import ModelServer

QUIET = RunOptions(quiet=True)
LITERAL = '{"a": 1} {} { } {{}} {"a": {"b": [{}]}} {{titel}} { titel } {0} {titel!r}'


def prompted(server: ModelServer, template: Any, **settings: Any) -> PromptedVQAGenerator:
    return PromptedVQAGenerator(serving(server), prompt_template=template, **settings)


def pictures(folder: Path, count: int = 2, **fields: Any) -> list[Row]:
    return [{"image": str(path), **fields} for path in make_pictures(folder / "p", count)]


@pytest.mark.parametrize("eager", [True, False])
def test_a_misspelt_name_is_an_error_with_its_near_miss_and_nothing_is_asked(
    model_server: ModelServer, tmp_path: Path, eager: bool
) -> None:
    operator, rows = prompted(model_server, "Describe {titel}."), pictures(tmp_path, title="A dog")
    with pytest.raises(UsageError, match=r"names \{titel\}.*did you mean 'title'.*id, image, title.*\{ titel \}"):
        if eager:
            run(operator, rows, tmp_path)
        else:
            Pipeline([operator]).run(rows, tmp_path / "out", options=QUIET)
    assert model_server.stats()["requests"] == 0
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").glob("*.jsonl"))


@pytest.mark.parametrize(
    ("make", "rows"),
    [
        (lambda s: VideoToCaptionGenerator(s, prompt_template="{titel}"), [{"video": "a.mp4", "title": "x"}]),
        (lambda s: PromptedVQAGenerator(s, prompt_template="{titel}"), [{"image": "a.jpg", "title": "x"}]),
        (lambda s: PromptedVQAGenerator(s, prompt_template="{num_qa}"), [{"image": "a.jpg"}]),
        (lambda s: PromptedVQAGenerator(s, prompt_template="{num_q}", num_qa=3), [{"image": "a.jpg"}]),
        (lambda s: VideoCaptionToQAGenerator(s, prompt_template="{captoin}"), [{"video": "a.mp4", "caption": "x"}]),
        (lambda s: MultiroleVideoQAGenerate(s, prompt_template="{label}"), [{"Meta": "x", "Clips": []}]),
    ],
)
def test_every_operator_with_a_prompt_declares_its_names(
    model_server: ModelServer, tmp_path: Path, make: Any, rows: list[Row]
) -> None:
    with pytest.raises(UsageError, match="which is no column"):
        Pipeline([make(serving(model_server))]).run(rows, tmp_path, options=QUIET)


def test_what_the_operator_fills_in_itself_and_literal_braces_are_known(
    model_server: ModelServer, tmp_path: Path
) -> None:
    operator = prompted(model_server, f"{{num_qa}} on {{title}} as {LITERAL}", num_qa=4)
    Pipeline([operator]).run(pictures(tmp_path, 1, title="A dog"), tmp_path, options=QUIET)
    (request,) = model_server.requests()
    assert request["messages"][-1]["content"][-1]["text"] == f"4 on A dog as {LITERAL}"


def test_columns_that_earlier_steps_make_are_known(model_server: ModelServer, tmp_path: Path) -> None:
    first = prompted(model_server, "Describe it.").bind(output_answer_key="seen")
    second = prompted(model_server, "Is this right: {seen}", prompt_name="check").bind(
        input_conversation_key="asked", output_answer_key="verdict"
    )
    (row,) = Pipeline([first, second]).run(pictures(tmp_path, 1), tmp_path / "1", options=QUIET).rows()
    assert row["asked"][0]["value"] == f"Is this right: {row['seen']}"
    with pytest.raises(UsageError, match=r"names \{sen\}.*did you mean 'seen'"):
        wrong = prompted(model_server, "{sen}")
        Pipeline([first, wrong]).run(pictures(tmp_path, 1), tmp_path / "2", options=QUIET)
    with pytest.raises(UsageError, match=r"names \{seen\}"):
        Pipeline([second, first]).run(pictures(tmp_path, 1), tmp_path / "3", options=QUIET)


def test_what_an_operator_puts_beside_its_column_is_known(model_server: ModelServer, tmp_path: Path) -> None:
    class Judge(Operator):
        """Writes a column and one beside it."""

        keys = (output("output_key", "verdict"),)

        async def process(self, sample: Any, keys: Any, run: Any) -> Any:
            return {**sample, keys.output_key: "good", f"{keys.output_key}_checks": "sharp"}

    steps = [Judge(), prompted(model_server, "It is {verdict}: {verdict_checks}.")]
    (row,) = Pipeline(steps).run(pictures(tmp_path, 1), tmp_path, options=QUIET).rows()
    assert row["conversation"][0]["value"] == "It is good: sharp."


def test_a_name_that_some_rows_lack_costs_those_rows_alone(model_server: ModelServer, tmp_path: Path) -> None:
    rows = [*pictures(tmp_path, 1, title="A dog"), *pictures(tmp_path, 1, title=None), *pictures(tmp_path, 1)]
    done = Pipeline([prompted(model_server, "On {title}.")]).run(rows, tmp_path / "out", prefix="p", options=QUIET)
    assert [row["conversation"][0]["value"] for row in done.rows()] == ["On A dog."]
    failures = read_jsonl(tmp_path / "out/p_step1.failures.jsonl")
    assert [(failure["id"], failure["kind"]) for failure in failures] == [(2, "input"), (3, "input")]
    assert {failure["message"] for failure in failures} == {"the sample has no 'title', which the prompt names"}
    assert model_server.stats()["requests"] == 1


def test_an_object_that_builds_prompts_is_left_alone(model_server: ModelServer, tmp_path: Path) -> None:
    class Builder:
        def build_prompt(self, **fields: Any) -> str:
            return "Say {titel}."

    (row,) = Pipeline([prompted(model_server, Builder())]).run(pictures(tmp_path, 1), tmp_path, options=QUIET).rows()
    assert row["conversation"][0]["value"] == "Say {titel}."


def test_an_empty_dataset_is_no_error_of_the_prompt(model_server: ModelServer, tmp_path: Path) -> None:
    done = Pipeline([prompted(model_server, "{titel}")]).run([], tmp_path, options=QUIET)
    assert list(done.rows()) == []
