"""Parquet: types of its own where they change nothing, JSON columns elsewhere, and files that others wrote."""

from __future__ import annotations

import pyarrow
import pytest
from pyarrow import parquet

from dataflow.core.errors import InputError
from dataflow.storage.formats import read_rows, write_rows
from dataflow.storage.formats.wanted import Wanted


def types(path) -> dict[str, str]:
    return {field.name: str(field.type) for field in parquet.read_schema(path)}


def test_a_uniform_column_gets_a_type_that_other_tools_can_read(tmp_path):
    rows = [
        {"id": 1, "video": ["a.mp4"], "qa": [{"question": "q", "answer": None}], "ok": True, "score": 0.5},
        {"id": 2, "video": [], "qa": [{"question": "r", "answer": "s"}], "ok": False},
    ]
    path = write_rows(tmp_path / "x.parquet", rows)
    assert types(path) == {
        "id": "int64",
        "video": "list<element: string>",
        "qa": "list<element: struct<question: string, answer: string>>",
        "ok": "bool",
        "score": "double",
    }
    assert list(read_rows(path)) == rows


@pytest.mark.parametrize(
    "values",
    [
        [1, "x"],
        [2**53 + 1, 2.5],
        [True, 1],
        [2**63, 1],
        [{"a": 1}, {"b": 1}],
        [{"a": 1, "b": 2}, {"b": 1, "a": 2}],
        [{}],
        [[]],
        [[None]],
        [["x", 1]],
        ["x", None],
    ],
)
def test_a_column_that_no_type_holds_unchanged_is_kept_as_json(tmp_path, values):
    rows = [{"id": i, "a": value} for i, value in enumerate(values)]
    path = write_rows(tmp_path / "x.parquet", rows)
    assert types(path) == {"id": "int64", "a": "string"}
    assert list(read_rows(path)) == rows


@pytest.mark.parametrize("values", [[5.31, 6], [6, 5.31], [-3, 0.5, 2**53], [1e300, 1]])
def test_numbers_stay_numbers_whatever_comes_first(tmp_path, values):
    rows = [{"id": i, "a": value, "b": {"in": [value]}} for i, value in enumerate(values)]
    path = write_rows(tmp_path / "x.parquet", rows)
    assert types(path) == {"id": "int64", "a": "double", "b": "struct<in: list<element: double>>"}
    assert list(read_rows(path)) == rows


def test_a_file_that_another_tool_wrote_is_read_with_nulls_as_missing_fields(tmp_path):
    table = pyarrow.table({"a": [1, None], "b": [["x"], None], "c": [None, "[1]"]})
    parquet.write_table(table, tmp_path / "x.parquet")
    assert list(read_rows(tmp_path / "x.parquet")) == [{"a": 1, "b": ["x"]}, {"c": "[1]"}]


def test_columns_of_bytes_are_left_out_and_told_unless_somebody_reads_them(tmp_path):
    table = pyarrow.table({"image": [{"bytes": b"\xff\xd8", "path": "a.jpg"}], "n": [1]})
    parquet.write_table(table, tmp_path / "x.parquet")
    told = []
    assert list(read_rows(tmp_path / "x.parquet", Wanted({"n"}, told.append))) == [{"n": 1}]
    assert told == [f"{tmp_path}/x.parquet: left out, for they hold bytes that nothing reads: image"]
    (row,) = read_rows(tmp_path / "x.parquet", Wanted({"image"}))
    assert row == {"image": {"bytes": b"\xff\xd8", "path": "a.jpg"}, "n": 1}


def test_text_under_the_name_of_parquet_is_told(tmp_path):
    (tmp_path / "x.parquet").write_text('{"a": 1}\n' * 20)
    with pytest.raises(InputError, match=r"x\.parquet: not parquet, or damaged"):
        list(read_rows(tmp_path / "x.parquet"))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_file_that_is_cut_short_is_told(tmp_path, share):
    path = write_rows(tmp_path / "x.parquet", [{"id": i, "text": str(i) * 9} for i in range(2000)])
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(InputError, match=r"x\.parquet: .*Make the file again"):
        list(read_rows(path))


def test_a_file_damaged_in_the_middle_is_told(tmp_path):
    path = write_rows(tmp_path / "x.parquet", [{"id": i, "text": f"{i * 7919 % 1009} words"} for i in range(5000)])
    content = bytearray(path.read_bytes())
    content[20:4000] = b"\xff" * 3980
    path.write_bytes(bytes(content))
    with pytest.raises(InputError, match=r"x\.parquet: .*Make the file again"):
        list(read_rows(path))
