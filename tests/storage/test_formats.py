"""What every format promises: rows come back unchanged, and what cannot be read says where and what to do."""

from __future__ import annotations

import math
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataflow.core.errors import InputError, OutputError, UsageError
from dataflow.core.storage import BadRow
from dataflow.storage.formats import FORMATS, count_rows, read_rows, write_rows

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    [
        "",
        " ",
        "7",
        "-0",
        "1e5",
        "null",
        "true",
        "[1]",
        '["a.png"]',
        '{"a": 1}',
        '"quoted"',
        "a,b",
        "x\ny",
        "\r",
        "[draft",
    ]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
ROWS = st.lists(st.dictionaries(TEXT, VALUES, max_size=4), min_size=1, max_size=5).filter(any)
CLIPS = [
    {"id": 1, "video": ["a.mp4"], "conversation": [{"from": "human", "value": ""}], "note": None},
    {"id": 2, "video": [], "caption": '"7", é\n[1]', "meta": {}},
    {"id": "three", "caption": "", "score": 1.0, "meta": {"a": [1, None]}},
]


@pytest.mark.parametrize("name", FORMATS)
def test_nested_values_nulls_and_missing_fields_come_back_unchanged(tmp_path, name):
    assert list(read_rows(write_rows(tmp_path / f"x.{name}", CLIPS))) == CLIPS


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_any_json_rows_come_back_with_the_same_values_and_types(tmp_path, name, rows):
    back = list(read_rows(write_rows(tmp_path / f"x.{name}", rows)))
    assert back == rows
    if name == "parquet":  # in a column of 5.31 and 6 these are both floats
        back, rows = _with_floats(back), _with_floats(rows)
    # 1, 1.0 and True are equal in Python but not in JSON.
    assert [orjson.dumps(row, option=orjson.OPT_SORT_KEYS) for row in back] == [
        orjson.dumps(row, option=orjson.OPT_SORT_KEYS) for row in rows
    ]


def _with_floats(value: Any) -> Any:
    """The same with whole numbers as floats, where these are the same number."""
    if isinstance(value, dict):
        return {name: _with_floats(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_with_floats(item) for item in value]
    return float(value) if type(value) is int and abs(value) <= 2**53 else value


@pytest.mark.parametrize("name", ["json", "jsonl"])
def test_the_order_of_fields_is_kept(tmp_path, name):
    write_rows(tmp_path / f"x.{name}", [{"b": 1, "a": 2}, {"a": 1, "b": 2}])
    assert [list(row) for row in read_rows(tmp_path / f"x.{name}")] == [["b", "a"], ["a", "b"]]


@pytest.mark.parametrize("name", ["csv", "parquet"])
def test_columns_stand_in_the_order_of_first_appearance(tmp_path, name):
    write_rows(tmp_path / f"x.{name}", [{"b": 1, "a": 2}, {"a": 1, "c": 0, "b": 2}])
    assert [list(row) for row in read_rows(tmp_path / f"x.{name}")] == [["b", "a"], ["b", "a", "c"]]


@pytest.mark.parametrize("name", FORMATS)
def test_numpy_values_are_taken_and_nan_becomes_null(tmp_path, name):
    import numpy as np

    write_rows(tmp_path / f"x.{name}", [{"a": np.float32(0.5), "b": np.arange(3), "c": math.nan, "d": np.int64(7)}])
    assert list(read_rows(tmp_path / f"x.{name}")) == [{"a": 0.5, "b": [0, 1, 2], "c": None, "d": 7}]


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_rows_make_the_same_bytes(tmp_path, name):
    first = write_rows(tmp_path / f"a.{name}", CLIPS).read_bytes()
    assert write_rows(tmp_path / f"b.{name}", iter(CLIPS)).read_bytes() == first


@pytest.mark.parametrize("name", FORMATS)
def test_many_rows_stream_through_from_a_generator(tmp_path, name):
    rows = [{"id": i, "qa": [{"question": str(i)}]} for i in range(3000)]
    write_rows(tmp_path / f"x.{name}", (row for row in rows))
    assert list(read_rows(tmp_path / f"x.{name}")) == rows
    assert count_rows(tmp_path / f"x.{name}") == 3000


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_of_no_rows_can_be_written_and_says_so_when_read(tmp_path, name):
    with pytest.raises(InputError, match=r"holds no samples"):
        list(read_rows(write_rows(tmp_path / f"x.{name}", [])))


@pytest.mark.parametrize("name", FORMATS)
def test_a_missing_file_is_named_with_the_cure(tmp_path, name):
    with pytest.raises(InputError, match=rf"gone\.{name}: there is no such file"):
        list(read_rows(tmp_path / f"gone.{name}"))


@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_file_holds_no_samples(tmp_path, name):
    (tmp_path / f"x.{name}").touch()
    with pytest.raises(InputError, match=r"holds no samples"):
        list(read_rows(tmp_path / f"x.{name}"))


@pytest.mark.parametrize("name", FORMATS)
def test_a_folder_is_no_dataset(tmp_path, name):
    (tmp_path / f"x.{name}").mkdir()
    with pytest.raises(InputError, match="this is a folder"):
        list(read_rows(tmp_path / f"x.{name}"))


@pytest.mark.parametrize("name", ["json", "jsonl", "csv"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_utf_16_is_refused_with_the_command_that_converts_it(tmp_path, name, encoding):
    path = tmp_path / f"x.{name}"
    path.write_text('[{"a": 1}]' if name == "json" else '{"a": 1}\n', encoding=encoding)
    with pytest.raises(InputError, match=r"line 1: UTF-16.*iconv"):
        list(read_rows(path))


@pytest.mark.parametrize(
    ("name", "text"),
    [("json", '[\n{"a": "x"},\n{"a": "é"}]'), ("jsonl", '{"a": "x"}\n{"a": "é"}\n'), ("csv", "a\nx\né\n")],
)
def test_a_byte_order_mark_is_no_part_of_the_data(tmp_path, name, text):
    path = tmp_path / f"x.{name}"
    path.write_text(text, encoding="utf-8-sig")
    assert list(read_rows(path)) == [{"a": "x"}, {"a": "é"}]


def test_an_unknown_extension_names_the_known_ones(tmp_path):
    with pytest.raises(UsageError, match=r"'jsnl'.*did you mean 'jsonl'.*json, jsonl, csv, parquet"):
        list(read_rows(tmp_path / "x.jsnl"))


def test_a_file_whose_first_rows_are_all_bad_is_refused(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text("just text\n" * 1000)
    with pytest.raises(InputError, match=r"x\.jsonl:1: column 1.*No row could be read"):
        next(read_rows(path))


def test_bad_rows_at_the_beginning_come_before_the_good_ones(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text('oops\n{"a": 1}\n')
    bad, good = read_rows(path)
    assert isinstance(bad, BadRow)
    assert (bad.row, bad.text, good) == (1, "oops", {"a": 1})


@pytest.mark.parametrize("name", FORMATS)
def test_a_value_without_a_json_form_names_row_and_field_and_leaves_the_old_file(tmp_path, name):
    path = write_rows(tmp_path / f"x.{name}", [{"a": 1}])
    before = path.read_bytes()
    with pytest.raises(OutputError, match=r"row 2: .*field 'b': set has no JSON form"):
        write_rows(path, [{"a": 1}, {"b": {1}}])
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
