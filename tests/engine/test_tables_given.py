"""`Pipeline.run` of `image_vqa` on tables and streams that Python programs have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import datasets
import orjson
import pandas
import pyarrow
import pytest
from PIL import Image

from dataflow.core.errors import UsageError
from dataflow.engine.options import RunOptions
from dataflow.engine.pipeline import Pipeline
from dataflow.engine.step_output import StepOutput
from dataflow.operators.core_vision import PromptedVQAGenerator
from dataflow.registry import find
from dataflow.serving import APIVLMServing_openai
from tests.commands import read_jsonl
from tests.pictures import make_pictures
from tests.servers import ModelServer


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`p0.jpg`, `p1.jpg` and `p2.jpg` in the working directory."""
    make_pictures(tmp_path, 3)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(given: Any, output: str = "out", **options: Any) -> StepOutput:
    serving = find("servings", "embedded")("", {})
    steps = find("pipelines", "image_vqa").steps(serving, {})
    return Pipeline(steps).run(given, output, prefix="image_vqa", options=RunOptions(quiet=True, **options))


def rows_of_paths() -> Iterator[dict[str, Any]]:
    for number in range(3):
        yield {"image": f"p{number}.jpg", "n": number}


def with_pictures() -> datasets.Dataset:
    rows = {"image": [{"bytes": Path(f"p{n}.jpg").read_bytes(), "path": None} for n in range(3)], "n": [0, 1, None]}
    return datasets.Dataset.from_dict(rows).cast_column("image", datasets.Image())


def check_pictures(output: StepOutput, order: tuple[int, ...] = (0, 1, 2)) -> None:
    """The pictures are files with the very bytes of those that were given, never encoded again."""
    paths = [Path(output.path.parent, row["image"]) for row in output.rows()]
    assert [path.read_bytes() for path in paths] == [Path(f"p{n}.jpg").read_bytes() for n in order]


def test_a_dataset_comes_with_the_bytes_of_its_pictures_whether_or_not_they_are_decoded(here: Path) -> None:
    dataset = with_pictures()
    output = run(dataset)
    check_pictures(output)
    assert [row.get("n", "none") for row in output.rows()] == [0, 1, "none"]
    again = run(dataset.cast_column("image", datasets.Image(decode=False)))
    assert (again.counts.requests, again.counts.from_ledger) == (0, 3)
    check_pictures(run(dataset.select([2, 0]), "chosen"), (2, 0))
    assert not (here / "out/input").exists()


def test_a_dataset_with_a_transform_of_its_own_comes_as_that_makes_it(here: Path) -> None:
    dataset = with_pictures().with_transform(lambda batch: {"image": batch["image"], "n": ["new"] * 3})
    assert [row["n"] for row in run(dataset).rows()] == ["new"] * 3


def test_a_dataset_that_streams_is_kept_and_read_no_further_than_needed(here: Path) -> None:
    check_pictures(run(with_pictures().to_iterable_dataset()))
    assert len(read_jsonl(here / "out/input/rows.jsonl")) == 3
    check_pictures(run(with_pictures().to_iterable_dataset(), "few", limit=2), (0, 1))
    assert len(read_jsonl(here / "few/input/rows.jsonl")) == 2


def test_a_dict_of_splits_is_told_with_its_cure(here: Path) -> None:
    with pytest.raises(UsageError, match=r"holds several splits \(train, test\): give \['train'\] of it"):
        run(datasets.DatasetDict(train=with_pictures(), test=with_pictures()))


def test_a_generator_is_read_once_and_its_rows_are_resumed_from_the_file(here: Path) -> None:
    assert [row["n"] for row in run(rows_of_paths()).rows()] == [0, 1, 2]
    for again in (run(rows_of_paths()), run("out/input/rows.jsonl")):
        assert (again.counts.requests, again.counts.from_ledger) == (0, 3)
    assert orjson.loads((here / "out/run.json").read_bytes())["input"] == "out/input/rows.jsonl"


def test_a_generator_without_end_is_read_to_the_limit(here: Path) -> None:
    def endless() -> Iterator[dict[str, Any]]:
        while True:
            yield {"image": "p0.jpg"}

    assert len(run(endless(), limit=4)) == 4


def test_pictures_in_the_rows_of_a_generator_become_files(here: Path) -> None:
    def rows() -> Iterator[dict[str, Any]]:
        yield {"image": Path("p0.jpg").read_bytes(), "other": b"\0"}
        yield {"image": Image.open("p1.jpg")}
        yield {"image": here / "p2.jpg"}

    output = run(rows())
    paths = [Path(row["image"]) for row in output.rows()]
    assert [path.suffix for path in paths] == [".jpg", ".png", ".jpg"] and paths[2] == here / "p2.jpg"
    assert any("hold bytes that nothing reads: other (1 rows)" in warning for warning in output.counts.warnings)


def test_a_row_of_a_generator_that_cannot_be_written_is_set_aside_with_the_reason(here: Path) -> None:
    output = run(iter([{"image": "p0.jpg"}, {"image": object()}, {"image": "p1.jpg"}]))
    assert [row["id"] for row in output.rows()] == [1, 3]
    (failure,) = read_jsonl(here / "out/image_vqa_step1.failures.jsonl")
    assert failure["id"] == 2 and "field 'image': object has no JSON form" in failure["raw"]


def test_a_generator_of_other_things_is_told_by_the_row(here: Path) -> None:
    with pytest.raises(UsageError, match="row 2 of the input is a list: samples are dicts"):
        run(iter([{"image": "p0.jpg"}, ["p1.jpg"]]))
    with pytest.raises(UsageError, match="samples come as a list of dicts"):
        run({"image": "p0.jpg"})
    assert not (here / "out/input/rows.jsonl").exists()


def test_what_a_generator_raises_is_its_own_and_leaves_what_was_kept(here: Path) -> None:
    def breaking() -> Iterator[dict[str, Any]]:
        yield {"image": "p0.jpg"}
        raise ZeroDivisionError

    run(rows_of_paths())
    with pytest.raises(ZeroDivisionError):
        run(breaking())
    assert len(read_jsonl(here / "out/input/rows.jsonl")) == 3


def test_frames_of_pandas_and_tables_of_arrow_come_without_what_is_null_in_them(here: Path) -> None:
    pictures = [Path(f"p{n}.jpg").read_bytes() for n in range(3)]
    columns = {"image": pictures, "n": [0, None, 2]}
    for name, table in {"pandas": pandas.DataFrame(columns), "arrow": pyarrow.table(columns)}.items():
        output = run(table, name)
        check_pictures(output)
        assert ["n" in row for row in output.rows()] == [True, False, True]
    check_pictures(run(pyarrow.table(columns).to_reader(), "reader"))
    assert (here / "reader/input/rows.jsonl").exists()


def test_one_operator_by_itself_takes_them_too(here: Path, model_server: ModelServer) -> None:
    operator = PromptedVQAGenerator(APIVLMServing_openai(model_server.url, model_name="stub"), prompt_template="What?")
    assert len(operator.run(df=rows_of_paths())) == len(operator.run(df=with_pictures())) == 3
