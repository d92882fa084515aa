"""The user's own columns go through every export and come back, whatever they hold and whatever comes first."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from dataflow.core import UsageError
from dataflow.export.targets import TARGETS
from tests.export.read_back import ARRAYS, LINES, by_datasets, is_same, own_by_datasets, own_by_itself, table
from tests.export.rows import Row, caption_row, exported, image_row, media, multirole_row, video_qa_row

FIVE = {
    "source": "shelf 4",
    "score": 6,
    "tags": ["red", "round"],
    "shop": {"name": "Ada's", "open": True, "floor": None},
    "seen_on": "2024-05-01",
}


def with_own(number: int) -> Row:
    """A row with a text, a number, a list, a dict and a date; the number is whole here and a fraction there."""
    more = {"score": 6 if number % 2 else 5.31, "tags": [] if number == 1 else FIVE["tags"]}
    return {**caption_row(number, f"clips/{'abc'[number % 3]}.mp4"), **FIVE, **more}


@pytest.mark.parametrize("to", TARGETS)
def test_five_own_columns_come_back_from_every_export(tmp_path: Path, to: str) -> None:
    rows = [with_own(number) for number in range(1, 7)]
    result = exported(media(tmp_path), rows, to, val=0.4)
    assert result.own == {
        "source": "str",
        "score": "float",
        "tags": "list of str",
        "shop": "struct of name, open, floor",
        "seen_on": "str",
    }
    by_id = {f"{row['id']}-caption": row for row in rows}
    for read in (own_by_itself(tmp_path / "out", to), own_by_datasets(tmp_path / "out", to, tmp_path / "cache")):
        assert set(read) == set(by_id)
        for name in FIVE:
            assert all(is_same(read[id][name], row[name]) for id, row in by_id.items()), (name, read)
        assert all(isinstance(row["score"], float) for row in read.values())
    assert isinstance(read["1-caption"]["seen_on"], str) != (to in {**ARRAYS, **LINES} and to != "openai")


@pytest.mark.parametrize("to", TARGETS)
def test_only_what_is_to_be_kept_is_kept(tmp_path: Path, to: str) -> None:
    rows = [{**with_own(1), "qa_status": "complete"}]
    for keep, names in ((None, {*FIVE, "qa_status"}), ((), set()), (("score", "shop"), {"score", "shop"})):
        out = tmp_path / f"out-{keep}"
        exported(media(tmp_path), rows, to, out=out, keep=keep)
        read = own_by_itself(out, to) if names or to != "openai" else {}
        assert {name for row in read.values() for name in row} & {*FIVE, "qa_status", "caption", "video"} - {
            "video" if to == "llava" else ""
        } == names
    assert not (tmp_path / "out-()" / "own_columns").exists()


def test_a_column_to_keep_that_is_not_there_is_told_with_its_near_misses(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--keep scor: no sample has such a column.*score.*The columns: id, video"):
        exported(media(tmp_path), [with_own(1)], "hf", keep=("scor",))
    assert not (tmp_path / "out").exists()


def test_what_becomes_media_or_conversation_is_no_own_column(tmp_path: Path) -> None:
    rows = [video_qa_row(1), image_row(2, "p/p0.jpg"), {**multirole_row(3, "p/p1.jpg"), "brand": "B"}]
    assert exported(media(tmp_path), rows, "parquet").own == {"brand": "str"}
    own = exported(media(tmp_path), rows, "parquet", columns=("qa",), out=tmp_path / "qa").own
    assert set(own) == {"caption"}  # of samples that are exported, and not told here


def test_a_column_with_a_name_of_the_format_comes_out_under_another_and_is_told(tmp_path: Path) -> None:
    taken = {"messages": 1, "images": "x", "videos": "y", "task": "t", "conversations": [1], "own_messages": 2}
    row = {**caption_row(1), **taken, "Label": "cat", "system": "be brief", "": "nameless"}
    for to in TARGETS:
        out = tmp_path / to
        result = exported(media(tmp_path), [row], to, out=out)
        renamed = json.loads((out / "export.json").read_text())["renamed"]
        (read,) = own_by_itself(out, to).values()
        for name in (*taken, "Label", "system", ""):
            written = renamed.get(name, name)
            assert is_same(read[written], row[name]), (to, name)
            assert (name == written) or f"column {name!r} is written as {written!r}" in " ".join(result.warnings)
        assert renamed[""].startswith("own_") and "own_messages" not in renamed
        if "messages" in renamed:
            assert renamed["messages"] == "own_own_messages"
        assert ("system" in renamed) == (to in ("sharegpt", "ms-swift")) and ("Label" in renamed) == (to == "ms-swift")


def test_the_id_of_the_sample_can_be_kept(tmp_path: Path) -> None:
    exported(media(tmp_path), [caption_row("a/1")], "hf", keep=("id",))
    assert own_by_itself(tmp_path / "out", "hf")["a/1-caption"]["own_id"] == "a/1"


def test_values_of_different_kinds_become_text_with_a_warning_that_names_the_column(tmp_path: Path) -> None:
    values: list[Any] = [5, "five", True, {"a": 1}, [2], None, 1.5]
    rows = [{**caption_row(number), "x": value, "in": {"y": value}} for number, value in enumerate(values)]
    for to in TARGETS:
        out = tmp_path / to
        result = exported(media(tmp_path), rows, to, out=out)
        told = " ".join(result.warnings)
        assert "column 'x' holds values of different kinds" in told and "column 'in.y'" in told
        read = own_by_itself(out, to)
        wanted = ["5", "five", "true", '{"a":1}', "[2]", None, "1.5"]
        assert [read[f"{number}-caption"]["x"] for number in range(len(values))] == wanted
        assert [read[f"{number}-caption"]["in"]["y"] for number in range(len(values))] == wanted


def test_dates_of_a_parquet_file_come_out_as_iso_text(tmp_path: Path) -> None:
    import pyarrow
    from pyarrow import parquet

    moment = datetime(2024, 5, 1, 10, 30)
    row = {**caption_row(1), "at": moment, "day": moment.date(), "nan": float("nan")}
    parquet.write_table(pyarrow.Table.from_pylist([row]), media(tmp_path) / "data.parquet")
    from dataflow.export.job import export
    from dataflow.export.options import ExportOptions

    export(ExportOptions(tmp_path / "data.parquet", "parquet", tmp_path / "out"))
    (read,) = own_by_itself(tmp_path / "out", "parquet").values()
    assert (read["at"], read["day"], read["nan"]) == ("2024-05-01T10:30:00", "2024-05-01", None)


Make = Callable[[random.Random], Any]
WORDS = ("", "red", "ünï", "a b", "2024", "null", "[]", "<image>", "5", "\u2028", "2024-05-01 at noon")


def _fields(draw: random.Random, names: str, make: Make) -> dict[str, Any]:
    return {name: make(draw) for name in names if draw.random() < 0.6}


KINDS: dict[str, Make] = {
    "whole": lambda draw: draw.randrange(-9, 9),
    "number": lambda draw: draw.choice([draw.randrange(9), round(draw.random(), 6), -1e300]),
    "large": lambda draw: draw.choice([2**62, -(2**53) - 1, 3]),
    "beyond": lambda draw: draw.choice([2**64 - 1, 0.5, 2**60 + 1]),
    "truth": lambda draw: draw.random() < 0.5,
    "text": lambda draw: draw.choice(WORDS),
    "date": lambda draw: f"20{draw.randrange(10, 30)}-0{draw.randrange(1, 9)}-1{draw.randrange(9)}",
    "moment": lambda draw: f"2024-05-01T1{draw.randrange(9)}:00:{draw.choice(['30', '30.5', '00Z'])}",
    "numbers": lambda draw: [KINDS["number"](draw) for _ in range(draw.randrange(3))],
    "texts": lambda draw: [draw.choice(WORDS) for _ in range(draw.randrange(3))],
    "nulls": lambda draw: [None] * draw.randrange(3),
    "grid": lambda draw: [[draw.randrange(9)] * draw.randrange(3) for _ in range(draw.randrange(3))],
    "object": lambda draw: {"a": draw.randrange(9), "b": draw.choice(WORDS), "c": [round(draw.random(), 6)]},
    "entries": lambda draw: [_fields(draw, "ab", KINDS["number"]) for _ in range(draw.randrange(3))],
    "varying": lambda draw: _fields(draw, "abcdef", KINDS["text"]),
    "nested": lambda draw: _fields(draw, "xy", lambda d: _fields(d, "pq", KINDS["texts"])),
    "wide": lambda draw: {f"key {draw.randrange(900)}": draw.randrange(9) for _ in range(20)},
    "empty": lambda draw: {},
    "described": lambda draw: {"_type": "Value", "dtype": "string"},
    "mixed": lambda draw: draw.choice([1, "one", [1], {"a": 1}, True, 1.5]),
    "mixed within": lambda draw: {"a": draw.choice([1, "one", ["x"], None])},
    "none": lambda draw: None,
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("to", TARGETS)
def test_any_table_comes_back_from_every_export(tmp_path: Path, to: str, seed: int) -> None:
    media(tmp_path)
    draw = random.Random(f"{to} {seed}")
    scarce = {kind: draw.choice([0.05, 0.5, 1.0]) for kind in KINDS}
    rows = []
    for number in range(60):
        own = {kind: make(draw) if draw.random() < scarce[kind] else None for kind, make in KINDS.items()}
        own = {kind: value for kind, value in own.items() if value is not None or draw.random() < 0.5}
        kind = caption_row(number) if draw.random() < 0.1 else image_row(number, f"p/p{draw.randrange(4)}.jpg")
        rows.append({**kind, **own})
    exported(
        tmp_path,
        rows,
        to,
        val=draw.choice([0.0, 0.2]),
        media=None if "reference" not in TARGETS[to].media else "reference",
    )
    for read in (own_by_itself(tmp_path / "out", to), own_by_datasets(tmp_path / "out", to, tmp_path / "cache")):
        assert len(read) == len(rows)
        for row in rows:
            got = read[f"{row['id']}-{'caption' if 'caption' in row else 'qa'}"]
            for kind in KINDS:
                assert is_same(got.get(kind), row.get(kind)), (kind, got.get(kind), row.get(kind))


LATE: dict[str, tuple[Any, Any]] = {
    "null, then an object": (None, {"a": {"b": [1]}}),
    "no list, then one": ([], ["x"]),
    "whole, then a fraction": (5, 5.31),
    "one field, then another": ({"a": 1}, {"b": "x"}),
    "null within, then a text": ({"a": None, "b": 1}, {"a": "x", "b": 1}),
    "dates, then a word": ("2024-05-01", "unknown"),
    "objects, then more of them": ([{"a": 1}], [{"a": 1.5, "c": []}, {"c": ["x"]}]),
}


@pytest.mark.parametrize("to", [*ARRAYS, "llamafactory", "ms-swift"])
def test_what_comes_after_ten_megabytes_of_something_else_comes_back(tmp_path: Path, to: str) -> None:
    media(tmp_path)
    text = "A plain picture of one colour. " * 150
    early, late = ({name: pair[side] for name, pair in LATE.items()} for side in (0, 1))
    rows = [{"id": number, "image": "p/p0.jpg", "caption": f"{number} {text}", **early} for number in range(2700)]
    rows.append({"id": "late", "video": "clips/a.mp4", "caption": "A clip.", **late})
    exported(tmp_path, rows, to, media="reference")
    assert (tmp_path / "out" / {**ARRAYS, **LINES}[to]).stat().st_size > 12 << 20
    read = own_by_datasets(tmp_path / "out", to, tmp_path / "cache")
    assert len(read) == len(rows)
    assert all(is_same(read["late-caption"][name], value) for name, value in late.items()), read["late-caption"]
    assert read["late-caption"]["video" if to == "llava" else "videos"]
    for number in (0, 2699):
        assert all(is_same(read[f"{number}-caption"][name], value) for name, value in early.items())


def test_datasets_reads_every_folder_with_images_of_several_formats_before_the_first_video(tmp_path: Path) -> None:
    from PIL import Image

    media(tmp_path)
    Image.new("RGB", (8, 8)).save(tmp_path / "p/q.png")
    rows: list[Row] = [{"id": n, "image": f"p/p{n % 4}.jpg", "caption": "A square.", "x": None} for n in range(12)]
    rows.append({"id": "png", "image": "p/q.png", "caption": "Black.", "x": {"a": 1}})
    rows.append({"id": "two", "image": ["p/q.png", "p/p1.jpg"], "caption": "Both.", "x": {"b": [True]}})
    rows.append({"id": "clip", "video": "clips/a.mp4", "caption": "A clip.", "x": None})
    for to in TARGETS:
        if to == "parquet":
            continue  # a folder in which the media lie beside is no dataset of parquet files alone
        exported(tmp_path, rows, to, out=tmp_path / to, media="reference" if "reference" in TARGETS[to].media else None)
        (found,) = by_datasets(str(tmp_path / to), tmp_path / "cache").values()
        assert len(found) == 15, to
        if to == "openai":
            continue
        last = found[-1]["json"] if to == "webdataset" else next(row for row in found if row["id"] == "clip-caption")
        assert last["video" if to == "llava" else "videos"], to
    read = by_datasets(str(tmp_path / "webdataset"), tmp_path / "cache")["train"]
    assert [row["mp4"] is not None for row in read] == [*[False] * 14, True]


def test_what_only_one_group_has_is_not_held_out_for_validation(tmp_path: Path) -> None:
    media(tmp_path, pictures=40)
    for seed in range(4):
        rows: list[Row] = [{"id": n, "image": f"p/p{n}.jpg", "caption": "A square.", "x": None} for n in range(40)]
        for n in range(0, 40, 8):
            rows[n + seed] |= {f"only {n}": {"a": n}, "x": "text" if n == 0 else None}
        exported(tmp_path, rows, "ms-swift", val=0.5, seed=seed, media="reference", force=True)
        files = {"train": str(tmp_path / "out/train.jsonl"), "validation": str(tmp_path / "out/val.jsonl")}
        splits = by_datasets("json", tmp_path / "cache", data_files=files)
        assert sum(map(len, splits.values())) == 40 and len(splits["validation"]) >= 10
        assert {name for row in splits["train"] for name, value in row.items() if value is not None} >= {
            *("only 0", "only 8", "only 16", "only 24", "only 32", "x")
        }


def test_the_table_beside_openais_lines_names_their_place(tmp_path: Path) -> None:
    rows = [with_own(number) for number in range(1, 7)]
    exported(media(tmp_path), rows, "openai", val=0.4)
    for row in table(tmp_path / "out" / "own_columns"):
        lines = (tmp_path / "out" / f"{row['split']}.jsonl").read_text().splitlines()
        said = json.loads(lines[row["line"] - 1])["messages"][-1]["content"]
        assert said == f"Caption of {row['id'].removesuffix('-caption')}."
