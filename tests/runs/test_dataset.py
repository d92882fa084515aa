"""What is found of a dataset on disk, and what is made of a manifest that somebody wrote by hand."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from dataflow.core import DataFlowError, InputError
from dataflow.export.job import export
from dataflow.export.options import ExportOptions
from dataflow.export.targets import TARGETS
from dataflow.report.job import gather, write_card, write_report
from dataflow.runs.dataset import find_dataset
from dataflow.runs.lines import json_lines
from tests.commands import write_jsonl
from tests.export.rows import caption_row, media


def lay(folder: Path, *names: str, **manifest: Any) -> None:
    for name in names:
        write_jsonl(folder / name, [caption_row(1)])
    if manifest:
        (folder / "run.json").write_text(json.dumps(manifest))


def test_a_folder_stands_for_what_its_manifest_says_also_when_it_was_moved(tmp_path: Path):
    lay(tmp_path, "x_step1.jsonl", "x_step2.jsonl", output="/elsewhere/x_step1.jsonl", base=["/media"])
    source = find_dataset(tmp_path)
    assert source.data_file == tmp_path / "x_step1.jsonl" and source.name == "x"
    assert source.places.bases == (Path("/media"), Path.cwd(), tmp_path)


def test_a_folder_without_manifest_stands_for_its_last_step(tmp_path: Path):
    lay(tmp_path, "x_step2.jsonl", "x_step10.jsonl", "x_step10.failures.jsonl", "x_step10.trace.jsonl")
    assert find_dataset(tmp_path).data_file.name == "x_step10.jsonl"


def test_a_folder_with_one_data_file_stands_for_it(tmp_path: Path):
    lay(tmp_path, "mine.jsonl", "mine.review.jsonl", "mine.failures.jsonl")
    assert find_dataset(tmp_path).data_file.name == "mine.jsonl"


def test_several_data_files_are_not_guessed_among(tmp_path: Path):
    lay(tmp_path, "a.jsonl", "b.jsonl")
    with pytest.raises(InputError, match=r"2 data files and no run\.json .*: a\.jsonl, b\.jsonl"):
        find_dataset(tmp_path)


def test_an_earlier_step_has_the_manifest_of_its_own_run(tmp_path: Path):
    earlier = {"output": "x_step1.jsonl", "cost": 1.5}
    lay(tmp_path, "x_step1.jsonl", "x_step2.jsonl", output="x_step2.jsonl", cost=2, steps={"x_step1": earlier})
    assert find_dataset(tmp_path / "x_step1.jsonl").manifest == earlier
    assert find_dataset(tmp_path / "x_step2.jsonl").manifest == {"output": "x_step2.jsonl", "cost": 2}
    lay(tmp_path, "y.jsonl")
    assert find_dataset(tmp_path / "y.jsonl").manifest == {}


def test_the_operators_of_earlier_steps_are_those_of_the_data_made_of_them(tmp_path: Path):
    one, two, other = ([{"name": name, "keys": {"output_key": name}}] for name in ("One", "Two", "Other"))
    first = {"output": "a/x_step1.jsonl", "input": "data.json", "operators": one}
    foreign = {"output": "a/y_step1.jsonl", "input": "data.json", "operators": other}
    steps = {"x_step1": first, "y_step1": foreign}
    last = {"output": "a/x_step2.jsonl", "input": "a/x_step1.jsonl", "operators": two, "steps": steps}
    lay(tmp_path, "x_step1.jsonl", "x_step2.jsonl", **last)
    assert find_dataset(tmp_path).manifest["operators"] == [*one, *two]
    assert find_dataset(tmp_path / "x_step1.jsonl").manifest["operators"] == one
    lay(tmp_path, **{**last, "input": "a/x_step2.jsonl"})  # a circle, by hand
    assert find_dataset(tmp_path).manifest["operators"] == two


def test_entries_of_another_form_are_as_good_as_not_there(tmp_path: Path):
    wrong = {"operators": ["x"], "servings": 7, "cost": "much", "base": "here", "counts": {"samples": None}, "state": 3}
    lay(tmp_path, "x.jsonl", output="x.jsonl", seconds=2.5, **wrong)
    assert find_dataset(tmp_path).manifest == {"output": "x.jsonl", "seconds": 2.5}


def test_a_line_under_way_is_passed_over(tmp_path: Path):
    (tmp_path / "x.jsonl").write_bytes(b'{"id": 1}\n[]\n\xff\n{"id": 2}\n{"id": 3')
    assert list(json_lines(tmp_path / "x.jsonl")) == [{"id": 1}, {"id": 2}]


KEYS = (
    *("id", "image", "video", "conversation", "caption", "qa", "vqa", "context_vqa", "QA", "Clips", "Meta", "qas"),
    *("context", "question", "answer", "from", "value", "role", "content", "state", "base", "operators", "name"),
    *("keys", "servings", "params", "prompts", "versions", "host", "counts", "samples", "cost", "seconds", "command"),
    *("kind", "operator", "reason", "sample", "prompt", "model", "input_tokens", "latency", "media", "times", "steps"),
    *("type", "Frames_Images", "x_checks"),
)
TEXTS = [
    "",
    "Q: Who?\nA: Me.",
    "p/p0.jpg",
    "clips/a.mp4",
    "human",
    "gpt",
    "<image>",
    "\u202e\x00\ud83d",
    "~",
    "../etc/passwd",
]


def anything(draw: random.Random, depth: int = 0) -> Any:
    """Any JSON."""
    kind = draw.random()
    if depth > 3 or kind < 0.4:
        return draw.choice(TEXTS)
    if kind < 0.55:
        return draw.choice([0, -1, 3.5, 1e308, True, None, 2**60])
    if kind < 0.75:
        return [anything(draw, depth + 1) for _ in range(draw.randrange(4))]
    return {draw.choice(KEYS): anything(draw, depth + 1) for _ in range(draw.randrange(5))}


@pytest.mark.parametrize("seed", range(12))
def test_files_of_any_content_end_in_a_report_and_in_an_export_or_an_error_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
):
    monkeypatch.chdir(media(tmp_path))
    draw = random.Random(seed)

    def lines(count: int) -> str:
        rows = ({key: anything(draw) for key in draw.sample(KEYS, 12)} for _ in range(count))
        return "".join(json.dumps(row) + "\n" for row in rows)

    data = tmp_path / "data.jsonl"
    data.write_text(lines(8))
    for side in ("failures", "rejected", "trace"):
        data.with_suffix(f".{side}.jsonl").write_text(lines(4))
    (tmp_path / "run.json").write_text(json.dumps({key: anything(draw) for key in KEYS} | {"output": "data.jsonl"}))
    try:
        gathered = gather(data, gallery=3)
    except InputError:  # no row could be read
        return
    write_report(gathered, tmp_path / "report.html")
    write_card(gathered, tmp_path / "card.md")
    assert (tmp_path / "report.html").read_text().count("<style>") == 1
    try:
        export(ExportOptions(data, draw.choice(list(TARGETS)), tmp_path / "out", val=0.3))
    except DataFlowError as error:
        assert "nothing to export" in str(error)
        assert not (tmp_path / "out").exists()
