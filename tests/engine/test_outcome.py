"""What an operator returns is checked where it arrives: no row vanishes, no run dies, the message says what to do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from dataflow import Operator, Pipeline
from dataflow.core import Rejection, Run, Sample, SampleError, output
from dataflow.core.operator import Keys
from tests.commands import read_jsonl

FAILURES = "p_step1.failures.jsonl"


class Returns(Operator):
    """Returns what it is told for the sample `bad`, and other samples as they are."""

    keys = (output("output_key", "made"),)

    def __init__(self, make: Callable[[Sample], Any]) -> None:
        self.make = make

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Any:
        return self.make(sample) if sample["id"] == "bad" else {**sample, "made": 1}


class Last(Operator):
    """Hands rows on."""

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Any:
        return sample


class Plain(Operator):
    """No `async def`."""

    def process(self, sample: Sample, keys: Keys, run: Run) -> Any:  # type: ignore[override]
        return sample


class Yields(Operator):
    """A generator."""

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Any:  # type: ignore[override]
        yield sample


class Odd:
    """Cannot even be shown."""

    def __repr__(self) -> str:
        raise RuntimeError("no")


def run(folder: Path, *steps: Operator, rows: list[dict[str, Any]] | None = None) -> Any:
    rows = rows or [{"id": "a"}, {"id": "bad"}, {"id": "c"}]
    return Pipeline(steps).run([{**row, "x": 1} for row in rows], folder, prefix="p")


async def forgotten() -> None:
    """A coroutine that is returned, not awaited."""


def holds_itself() -> list[Any]:
    made: list[Any] = []
    made.append(made)
    return made


WRONG: dict[str, Callable[[Sample], Any]] = {
    "None": lambda sample: None,
    "str": lambda sample: "a caption",
    "list with str": lambda sample: [sample, "a caption"],
    "list with list": lambda sample: [[sample]],
    "int": lambda sample: 7,
    "bool": lambda sample: True,
    "tuple": lambda sample: (sample, sample),
    "set": lambda sample: {"x"},
    "generator": lambda sample: (row for row in [sample]),
    "coroutine": lambda sample: forgotten(),
    "type": lambda sample: dict,
    "Odd": lambda sample: Odd(),
    "the key int 3": lambda sample: {**sample, 3: "x"},
    "the key None": lambda sample: [{**sample, None: "x"}],
    "the id list": lambda sample: {**sample, "id": [1]},
    "id has no JSON form": lambda sample: {**sample, "id": Odd()},
}


@pytest.mark.parametrize("said", WRONG)
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_what_is_no_outcome_is_that_samples_failure_and_names_the_operator(tmp_path: Path, said: str) -> None:
    done = run(tmp_path, Returns(WRONG[said]), Last())
    assert (done.counts.finished, done.counts.written, done.counts.failed) == (3, 2, 1)
    assert [row["id"] for row in done.rows()] == ["a", "c"]
    (failure,) = read_jsonl(tmp_path / "p_step2.failures.jsonl")
    assert (failure["id"], failure["operator"], failure["kind"]) == ("bad", "Returns", "operator")
    assert failure["message"].startswith("Returns returned ")
    for word in said.split(" "):
        assert word in failure["message"]
    if not {"key", "id"} & set(said.split(" ")):
        assert failure["message"].endswith("return a dict, a list of dicts, or a Rejection")


@pytest.mark.parametrize(("operator", "said"), [(Plain(), "is no `async def`"), (Yields(), "yields")])
def test_a_process_that_is_no_coroutine_says_so(tmp_path: Path, operator: Operator, said: str) -> None:
    done = run(tmp_path, operator)
    assert (done.counts.written, done.counts.failed) == (0, 3)
    assert {failure["message"] for failure in read_jsonl(tmp_path / FAILURES)} == {
        f"{type(operator).__name__}.process {said}; write `async def process(...)` and return a dict, a list of dicts, "
        "or a Rejection"
    }


def test_a_sample_of_which_an_empty_list_is_made_is_rejected_and_does_not_vanish(tmp_path: Path) -> None:
    done = run(tmp_path, Returns(lambda sample: []))
    assert (done.counts.written, done.counts.rejected, done.counts.failed) == (2, 1, 0)
    (rejected,) = read_jsonl(tmp_path / "p_step1.rejected.jsonl")
    assert (rejected["id"], rejected["reason"]) == ("bad", "Returns returned an empty list")


def test_a_dict_a_list_of_dicts_and_a_rejection_are_taken(tmp_path: Path) -> None:
    assert run(tmp_path / "1", Returns(lambda sample: {"made": 2})).counts.written == 3
    children = run(tmp_path / "2", Returns(lambda sample: [{"made": 2}, {"id": "own", "made": 3}]), Last())
    assert [row["id"] for row in children.rows()] == ["a", "bad/0", "bad/1", "c"]
    assert run(tmp_path / "3", Returns(lambda sample: Rejection("dull"))).counts.rejected == 1


def raises(error: BaseException) -> Callable[[Sample], Any]:
    def make(sample: Sample) -> Any:
        raise error

    return make


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SystemExit(3), "Returns raised SystemExit: 3"),
        (KeyboardInterrupt(), "Returns raised KeyboardInterrupt"),
        (asyncio.CancelledError(), "Returns was cancelled from inside"),
        (ZeroDivisionError("by 0"), "Returns raised ZeroDivisionError: by 0"),
        (SampleError("not this one"), "not this one"),
    ],
)
def test_whatever_an_operator_raises_is_one_samples_failure(tmp_path: Path, error: BaseException, said: str) -> None:
    done = run(tmp_path, Returns(raises(error)), rows=[{"id": "a"}, {"id": "bad"}, {"id": "c"}, {"id": "d"}])
    assert (done.counts.written, done.counts.failed) == (3, 1)
    (failure,) = read_jsonl(tmp_path / FAILURES)
    assert failure["message"].startswith(said)


UNWRITABLE: dict[str, Callable[[], Any]] = {
    "object": object,
    "bytes": lambda: b"\xff\x00",
    "64-bit": lambda: 2**64,
    "int": lambda: {1: "x"},
    "Odd": lambda: [Odd()],
    "ecursion": holds_itself,
    "surrogates": lambda: "half \ud83d",
    "complex": lambda: {"deep": [1j]},
}


@pytest.mark.parametrize("said", UNWRITABLE)
def test_what_cannot_be_written_is_the_failure_of_its_sample_under_the_operator_that_wrote_it(
    tmp_path: Path, said: str
) -> None:
    done = run(tmp_path, Returns(lambda sample: {**sample, "made": UNWRITABLE[said]()}), Last())
    assert [row["id"] for row in done.rows()] == ["a", "c"]
    (failure,) = read_jsonl(tmp_path / "p_step2.failures.jsonl")
    assert (failure["id"], failure["operator"]) == ("bad", "Returns")
    assert failure["message"].startswith("the row cannot be written as JSON: field 'made': ")


def test_one_child_that_cannot_be_written_costs_its_siblings_nothing(tmp_path: Path) -> None:
    made: list[Any] = [1, b"", float("nan"), np.float32(2)]
    done = run(tmp_path, Returns(lambda sample: [{"made": value} for value in made]))
    assert [(row["id"], row["made"]) for row in done.rows()] == [
        ("a", 1), ("bad/0", 1), ("bad/2", None), ("bad/3", 2.0), ("c", 1),
    ]  # fmt: skip
    (failure,) = read_jsonl(tmp_path / FAILURES)
    assert failure["id"] == "bad/1"


class Renames(Operator):
    """Gives every sample the same id, or that of another."""

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Any:
        return {**sample, "id": sample["to"]}


def test_ids_that_collide_in_the_output_get_a_suffix_and_a_warning(tmp_path: Path) -> None:
    rows = [{"id": number, "to": to} for number, to in enumerate(["same", "same", "other", "same", 3, None])]
    done = run(tmp_path, Renames(), rows=rows)
    assert [row["id"] for row in done.rows()] == ["same", "same-2", "other", "same-3", 3, 5]
    (warning,) = orjson.loads((tmp_path / "run.json").read_bytes())["warnings"]
    assert "2 ids are not unique in the output and got a suffix (the first: 'same' became 'same-2')" in warning


def test_children_that_meet_a_sample_of_their_name_get_a_suffix(tmp_path: Path) -> None:
    rows = [{"id": "bad/1"}, {"id": "bad"}]
    done = run(tmp_path, Returns(lambda sample: [sample, sample]), rows=rows)
    assert [row["id"] for row in done.rows()] == ["bad/1", "bad/0", "bad/1-2"]


@pytest.mark.parametrize("own", [object(), b"x", "half \ud83d", (1, 2), [1], {"a": 1}, Odd(), 2**70])
def test_a_row_in_memory_whose_id_can_be_none_is_set_aside_and_stops_nothing(tmp_path: Path, own: Any) -> None:
    done = run(tmp_path, Last(), rows=[{"id": own}, {"id": "b"}])
    assert [row["id"] for row in done.rows()] == ["b"] and done.counts.failed == 1


class Notes(Operator):
    """Notes things of the wrong type."""

    side_files = ("minutes",)

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Any:
        run.note(minutes="not a dict", warnings="one sentence", odd=Odd())
        return sample


def test_notes_of_the_wrong_type_stand_in_the_trace_and_end_nothing(tmp_path: Path) -> None:
    done = run(tmp_path, Notes(), rows=[{"id": "a"}])
    assert done.counts.written == 1 and done.counts.warnings == ["sample a: one sentence"]
    (line,) = read_jsonl(tmp_path / "p_step1.trace.jsonl")
    assert line["notes"]["minutes"] == "not a dict"
    assert not (tmp_path / "p_step1.minutes.jsonl").exists()
