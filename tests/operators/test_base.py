"""What every operator inherits: `run`, its keys, its inputs and its outputs."""

from __future__ import annotations

import inspect
import pickle
from pathlib import Path
from typing import Any

import pandas
import pytest

from dataflow import Operator, Pipeline, RunOptions
from dataflow.core import InputError, Rejection, Sample, SampleError, UsageError, output, required
from dataflow.core.operator import Keys
from dataflow.operators.core_vision import PromptedVQAGenerator, VideoToCaptionGenerator
from dataflow.serving import APIVLMServing_openai
from dataflow.utils.storage import FileStorage
from tests.commands import read_jsonl, write_jsonl


class Shout(Operator):
    """Writes a text in capitals; fails on numbers, rejects the empty, and makes two of what has a comma."""

    keys = (required("input_key", "text"), output("output_key", "loud"))

    async def process(self, sample: Sample, keys: Keys, run: Any) -> Any:
        text = sample[keys.input_key]
        if not isinstance(text, str):
            raise SampleError(f"{text!r} is no text")
        if not text:
            return Rejection("nothing to shout")
        if text == "bug":
            raise KeyError("slip")
        run.note(length=len(text))
        rows = [{**sample, keys.output_key: part.upper()} for part in text.split(",")]
        return rows if len(rows) > 1 else rows[0]


def storage(tmp_path: Path, rows: list[dict[str, Any]], kind: str = "jsonl") -> FileStorage:
    source = write_jsonl(tmp_path / "in.jsonl", rows)
    return FileStorage(str(source), str(tmp_path / "cache"), "s", kind)


def test_each_outcome_goes_to_its_file(tmp_path: Path) -> None:
    rows = [{"text": text} for text in ("a", 7, "", "b,c", "bug")]
    done = Shout().run(storage(tmp_path, rows).step())
    cache = tmp_path / "cache"
    assert [(row["id"], row["loud"]) for row in read_jsonl(cache / "s_step1.jsonl")] == [
        (1, "A"),
        ("4/0", "B"),
        ("4/1", "C"),
    ]
    number, bug = read_jsonl(cache / "s_step1.failures.jsonl")
    assert (number["id"], number["operator"], number["message"]) == (2, "Shout", "7 is no text")
    assert number["sample"] == {"id": 2, "text": 7}
    assert "KeyError: 'slip'" in bug["message"] and bug["kind"] == "operator"
    (rejected,) = read_jsonl(cache / "s_step1.rejected.jsonl")
    assert (rejected["id"], rejected["reason"]) == (3, "nothing to shout")
    assert {"id": 1, "operator": "Shout", "notes": {"length": 1}} in read_jsonl(cache / "s_step1.trace.jsonl")
    assert (done.counts.written, done.counts.failed, done.counts.rejected) == (3, 2, 1)


def test_the_signature_of_run_is_the_one_that_the_seeds_print() -> None:
    parameters = inspect.signature(VideoToCaptionGenerator.run).parameters
    names = ["self", "storage", "input_image_key", "input_video_key", "input_conversation_key", "output_key", "df"]
    assert list(parameters) == names
    assert parameters["output_key"].default == "caption"


def test_keys_may_be_given_in_order_or_by_name(tmp_path: Path) -> None:
    rows = [{"words": "a"}]
    by_order = Shout().run(storage(tmp_path / "1", rows).step(), "words", "big")
    by_name = Shout().run(storage=storage(tmp_path / "2", rows).step(), output_key="big", input_key="words")
    assert list(by_order.rows()) == list(by_name.rows()) == [{"id": 1, "words": "a", "big": "A"}]


def test_an_unknown_key_names_the_near_miss(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="did you mean 'input_key'"):
        Shout().run(storage=storage(tmp_path, [{"text": "a"}]).step(), imput_key="text")


def test_a_missing_column_names_the_near_miss_and_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="did you mean 'txt'"):
        Shout().run(storage=storage(tmp_path, [{"txt": "a"}]).step())
    assert not (tmp_path / "cache").exists() or not list((tmp_path / "cache").glob("s_step*"))


def test_a_row_without_the_field_fails_alone(tmp_path: Path) -> None:
    done = Shout().run(storage=storage(tmp_path, [{"text": "a"}, {"text": None}, {"other": 1}]).step())
    assert [row["id"] for row in done.rows()] == [1]
    failures = read_jsonl(tmp_path / "cache/s_step1.failures.jsonl")
    assert [(failure["id"], failure["kind"]) for failure in failures] == [(2, "input"), (3, "input")]


def test_a_storage_that_was_never_stepped_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"step\(\)"):
        Shout().run(storage=storage(tmp_path, [{"text": "a"}]))


@pytest.mark.parametrize("kind", ["json", "jsonl", "csv", "parquet"])
def test_every_cache_type_carries_rows_from_step_to_step(tmp_path: Path, kind: str) -> None:
    store = storage(tmp_path, [{"text": "a", "nested": [{"x": [1, 2]}]}, {"text": "b,c"}], kind)
    Shout().run(storage=store.step())
    done = Shout().run(storage=store.step(), output_key="louder")
    assert done.path.name == f"s_step2.{kind}"
    rows = list(done.rows())
    assert [str(row["id"]) for row in rows] == ["1", "2/0/0", "2/0/1", "2/1/0", "2/1/1"]
    assert rows[0]["nested"] == [{"x": [1, 2]}]


def test_rows_travel_as_dataframes_lists_and_step_outputs(tmp_path: Path) -> None:
    store = storage(tmp_path, [{"text": "a"}, {"text": "b"}])
    first = Shout().run(storage=store.step())
    for df in (first, first.dataframe(), list(first.rows()), pandas.DataFrame(list(first.rows()))):
        middle = Shout().run(df=df, output_key="second")
        assert [row["second"] for row in middle.rows()] == ["A", "B"]
        assert middle.path != first.path


def test_with_table_and_storage_the_next_unwritten_step_is_written_and_never_the_input(tmp_path: Path) -> None:
    store = storage(tmp_path, [{"text": "a"}])
    first = Shout().run(storage=store.step())
    middle = Shout().run(df=first, output_key="second")
    last = Shout().run(storage=store, df=middle, output_key="third")
    assert last.path == tmp_path / "cache/s_step2.jsonl"
    assert next(last.rows()) == {"id": 1, "text": "a", "loud": "A", "second": "A", "third": "A"}
    assert read_jsonl(tmp_path / "in.jsonl") == [{"text": "a"}]
    assert read_jsonl(first.path) == [{"id": 1, "text": "a", "loud": "A"}]


def test_the_callers_rows_are_not_changed() -> None:
    rows = [{"text": "a"}]
    Pipeline([Shout()])
    assert rows == [{"text": "a"}]


def test_a_pipeline_takes_each_sample_through_all_operators_and_writes_only_the_last_step(tmp_path: Path) -> None:
    pipeline = Pipeline([Shout(), Shout().bind(input_key="loud", output_key="louder")])
    done = pipeline.run([{"text": "a"}, {"text": ""}, {"text": "b"}], tmp_path / "out", prefix="p")
    assert done.path == tmp_path / "out/p_step2.jsonl"
    assert [row["louder"] for row in done.rows()] == ["A", "B"]
    assert not (tmp_path / "out/p_step1.jsonl").exists()


def test_a_limit_takes_the_first_samples(tmp_path: Path) -> None:
    done = Pipeline([Shout()]).run([{"text": "a"}] * 9, tmp_path, options=RunOptions(limit=4, quiet=True))
    assert done.counts.written == 4


def test_operators_and_servings_pickle() -> None:
    serving = APIVLMServing_openai(api_url="http://127.0.0.1:1/v1", model_name="m")
    for operator in (Shout(), PromptedVQAGenerator(serving), VideoToCaptionGenerator(serving)):
        again = pickle.loads(pickle.dumps(operator))  # noqa: S301 - our own bytes
        assert type(again) is type(operator)
