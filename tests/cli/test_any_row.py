"""Rows that nothing can write as they are: each costs at most itself, and every command goes on past it."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from tests.commands import dataflow, read_jsonl
from tests.pictures import make_pictures
from tests.viewer.pages import viewing

EXPORTS = ("hf", "llava", "sharegpt", "llamafactory", "ms-swift", "webdataset", "parquet", "openai")


def nested(depth: int) -> str:
    return "[" * depth + "1" + "]" * depth


def objects(depth: int) -> str:
    return '{"a":' * depth + "1" + "}" * depth


ROWS = [
    *(
        f'{{"id":"list {d}","image":["p0.jpg"],"x":{nested(d)}}}'
        for d in (99, 100, 101, 253, 254, 255, 1000, 1023, 1024)
    ),
    *(f'{{"id":"dict {d}","image":["p0.jpg"],"x":{objects(d)}}}' for d in (99, 100, 254, 1000, 1023, 5000)),
    *(f'{{"id":{nested(d)},"image":["p0.jpg"]}}' for d in (1, 100, 254, 1000, 1023)),
    *(f'{{"id":"nan {d}","image":["p0.jpg"],"x":{nested(d)},"y":NaN}}' for d in (200, 255, 900, 1023)),
    *(f'{{"id":"media {d}","image":{nested(d)}}}' for d in (100, 255, 1000)),
    '{"id":"\\ud800","image":["p0.jpg"],"y":NaN}',
    '{"id":"\\ud801","image":["gone.jpg"],"x":"\\ud800"}',
    '{"id":1e400,"image":["p0.jpg"]}',
    '{"id":123456789012345678901234567890,"image":["p0.jpg"]}',
    '{"id":"surrogate name","\\ud800":1,"image":["p0.jpg"],"y":NaN}',
]
GOOD = '{"id":"good","image":["p0.jpg"]}'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rows")
    make_pictures(folder, 1)
    (folder / "in.jsonl").write_text("\n".join([*ROWS, GOOD]) + "\n")
    return folder


@pytest.fixture(scope="module")
def output(folder: Path) -> Path:
    for _ in range(2):  # a failure that was written must be read, too
        done = dataflow("run", "image_vqa", "-i", "in.jsonl", "--output", "out", "-q", cwd=folder)
        assert done.returncode == 3 and "Traceback" not in done.stderr, done.stderr
    return folder / "out"


def test_each_row_comes_out_or_is_set_aside_with_a_reason(output: Path) -> None:
    rows = read_jsonl(output / "image_vqa_step1.jsonl")
    failures = read_jsonl(output / "image_vqa_step1.failures.jsonl")
    assert len(rows) + len(failures) == len(ROWS) + 1
    assert rows[-1]["id"] == "good"
    assert all(failure["message"] and failure["kind"] in ("input", "media") for failure in failures)
    kept = {row["id"] for row in rows}
    # What orjson reads, and nobody needs, becomes text where it is too deep to be written.
    assert {"list 99", "list 100", "list 101", "list 254", "list 1000", "dict 1000", "surrogate name"} <= kept


@pytest.mark.parametrize("form", EXPORTS)
def test_every_export_takes_what_came_out(output: Path, tmp_path: Path, form: str) -> None:
    done = dataflow("export", output, "--to", form, "--out", tmp_path / "out", cwd=output.parent)
    assert done.returncode in (0, 3) and "Traceback" not in done.stderr, done.stderr


@pytest.mark.parametrize("form", EXPORTS)
def test_every_export_goes_past_such_rows_in_a_dataset_of_others(folder: Path, tmp_path: Path, form: str) -> None:
    pairs = '"vqa":"- Q: What is it?\\n  A: A square."}'
    (tmp_path / "theirs.jsonl").write_text("\n".join(row[:-1] + "," + pairs for row in [*ROWS, GOOD]) + "\n")
    make_pictures(tmp_path, 1)
    words = ["--to", form, "--out", "out", "--column", "vqa"]
    done = dataflow("export", "theirs.jsonl", *words, cwd=tmp_path)
    assert done.returncode in (0, 3) and "Traceback" not in done.stderr, done.stderr
    assert b"A square." in b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file())


def test_report_and_status_tell_of_them(output: Path, tmp_path: Path) -> None:
    assert dataflow("report", output, "--output", tmp_path / "report.html", cwd=output.parent).returncode == 0
    assert dataflow("status", output, cwd=output.parent).returncode == 0


@pytest.mark.parametrize("what", ["in.jsonl", "out"])
def test_the_page_shows_each_of_them(output: Path, tmp_path: Path, what: str) -> None:
    with viewing(output.parent / what, cache=tmp_path) as viewer:
        for table in ("rows", "failures") if what == "out" else ("rows",):
            window = viewer.json(f"api/rows?count=100&table={table}")
            assert window["rows"]
            for row in window["rows"]:
                answer = viewer.get(f"api/sample/{window['generation']}/{table}/{row['number']}")
                assert answer.status == 200, (row, answer.body)
                orjson.loads(answer.body)
