"""What an operator may leave beside the data: a side file by sample id, warnings, files in a folder of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from dataflow import Operator, Pipeline
from dataflow.core import ImagePart, Keys, Run, Sample, SampleError
from dataflow.engine.progress import MOST_WARNINGS
from tests.commands import read_jsonl
from tests.pictures import make_pictures


class Note(Operator):
    """Notes what it is told to."""

    side_files = ("minutes",)

    def __init__(self, **facts: Any) -> None:
        self.facts = facts

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Sample:
        run.note(minutes=self.facts, said="in the trace")
        if sample.get("bad"):
            raise SampleError("bad")
        return sample


class Warn(Operator):
    """Warns of every sample."""

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Sample:
        run.note(warnings=["look here"])
        return sample


class Locate(Operator):
    """Writes where the picture lies, its digest, and the folder for files."""

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Sample:
        part, digest = await run.locate(ImagePart(sample["image"]))
        return {**sample, "path": part.source, "digest": digest, "folder": str(run.folder("mine"))}


def test_what_operators_note_for_a_side_file_is_one_line_a_sample_in_input_order(tmp_path: Path) -> None:
    rows = [{"id": "b"}, {"id": "a", "bad": True}, {"id": 3}]
    Pipeline([Note(first=1), Note(second=[2])]).run(rows, tmp_path, prefix="p")
    assert read_jsonl(tmp_path / "p_step2.minutes.jsonl") == [
        {"id": "b", "first": 1, "second": [2]},
        {"id": 3, "first": 1, "second": [2]},
    ]
    (failure,) = read_jsonl(tmp_path / "p_step2.failures.jsonl")
    assert failure["notes"]["minutes"] == {"first": 1}
    trace = read_jsonl(tmp_path / "p_step2.trace.jsonl")
    assert {orjson.dumps(line["notes"]) for line in trace} == {orjson.dumps({"said": "in the trace"})}


def test_a_side_file_of_an_earlier_run_goes_when_nothing_is_noted(tmp_path: Path) -> None:
    Pipeline([Note(first=1)]).run([{"id": 1}], tmp_path, prefix="p")
    Pipeline([Note(first=1)]).run([{"id": 1, "bad": True}], tmp_path, prefix="p")
    assert not (tmp_path / "p_step1.minutes.jsonl").exists()
    assert not list(tmp_path.glob("*.spool"))


def test_the_manifest_repeats_warnings_up_to_a_bound(tmp_path: Path) -> None:
    Pipeline([Warn()]).run([{"id": number} for number in range(150)], tmp_path, prefix="p")
    warnings = orjson.loads((tmp_path / "run.json").read_bytes())["warnings"]
    assert len(warnings) == MOST_WARNINGS + 1
    assert warnings[0] == "sample 0: look here" and warnings[-1] == "further warnings stand in the trace"
    assert len(read_jsonl(tmp_path / "p_step1.trace.jsonl")) == 150


def test_an_operator_finds_media_as_questions_do_and_has_a_folder_beside_the_ledger(tmp_path: Path) -> None:
    (picture,) = make_pictures(tmp_path / "data", 1)
    source = tmp_path / "data/in.jsonl"
    source.write_bytes(orjson.dumps({"image": "p0.jpg"}) + b"\n" + orjson.dumps({"image": "gone.jpg"}))
    done = Pipeline([Locate()]).run(source, tmp_path / "out", prefix="p")
    (row,) = done.rows()
    assert row["path"] == str(picture) and len(row["digest"]) > 16
    assert row["folder"] == str(tmp_path / "out/mine")
    (failure,) = read_jsonl(tmp_path / "out/p_step1.failures.jsonl")
    assert failure["kind"] == "media" and "gone.jpg: not found" in failure["message"]
