"""JSON arrays: ours are streamed, any other is parsed whole, and errors have line and column."""

from __future__ import annotations

import json
import tracemalloc

import pytest

from dataflow.core.errors import InputError
from dataflow.core.storage import BadRow
from dataflow.storage.formats import read_rows, write_rows


def read(tmp_path, content: str):
    path = tmp_path / "x.json"
    path.write_text(content)
    return list(read_rows(path))


@pytest.mark.parametrize("indent", [None, 0, 1, 4])
def test_an_array_in_any_layout_is_read(tmp_path, indent):
    rows = [{"a": {"b": [1, 2]}}, {"c": "x"}, {}]
    assert read(tmp_path, json.dumps(rows, indent=indent)) == rows


def test_ours_is_an_array_with_one_element_per_line(tmp_path):
    path = write_rows(tmp_path / "x.json", [{"a": 1}, {"b": 2}])
    assert path.read_text() == '[\n{"a":1},\n{"b":2}\n]\n'
    assert json.loads(write_rows(path, []).read_text()) == []


def test_ours_is_streamed_back_in_flat_memory(tmp_path):
    path = write_rows(tmp_path / "x.json", ({"id": i, "text": "x" * 500} for i in range(8000)))
    tracemalloc.start()
    count = sum(1 for _ in read_rows(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 8000
    assert peak < path.stat().st_size / 8


@pytest.mark.parametrize(
    "text",
    [
        '[\n{"a":1},\n{"a":2,\n"b":3},\n{"a":4}\n]',
        '[\n{"a":1}\n,{"a":2,"b":3},\n{"a":4}]',
        '[\n{"a":1}, {"a":2,"b":3},\n{"a":4}\n]\n',
        '  [\n\n{"a":1},\n{"a":2,"b":3},\n{"a":4}\n]\n',
    ],
)
def test_a_layout_that_only_begins_like_ours_is_read_without_loss_or_repetition(tmp_path, text):
    assert read(tmp_path, text) == [{"a": 1}, {"a": 2, "b": 3}, {"a": 4}]


@pytest.mark.parametrize(
    "text", ['[\n{"a":1},\n{"a":2}\n', '[\n{"a":1}\n{"a":2}\n]', '[\n{"a":1},\n]', '[\n{"a":1}\n]x']
)
def test_an_array_that_is_cut_or_has_wrong_commas_is_not_json(tmp_path, text):
    with pytest.raises(InputError, match=r"x\.json: not JSON: line \d, column \d"):
        read(tmp_path, text)


def test_the_place_of_an_error_is_told(tmp_path):
    with pytest.raises(InputError, match=r"x\.json: not JSON: line 3, column 7: "):
        read(tmp_path, '[\n {"é": 1},\n {"a" 2}\n]')


def test_an_object_is_to_be_wrapped(tmp_path):
    with pytest.raises(InputError, match=r"an object where a list of samples is expected. Wrap it in \[ \]"):
        read(tmp_path, '{"video": ["a.mp4"]}')


@pytest.mark.parametrize(("text", "kind"), [("7", "a number"), ("null", "null"), ('"x"', "a string")])
def test_anything_else_is_told_what_it_is(tmp_path, text, kind):
    with pytest.raises(InputError, match=f"{kind} where a list of samples is expected"):
        read(tmp_path, text)


def test_json_lines_under_the_wrong_name_are_told_the_right_one(tmp_path):
    with pytest.raises(InputError, match=r"JSON Lines: name the file \.jsonl"):
        read(tmp_path, '{"a": 1}\n{"a": 2}\n')


def test_an_element_that_is_no_object_costs_itself_only(tmp_path):
    first, bad, last = read(tmp_path, '[\n{"a": 1},\n["x"],\n{"a": 3}\n]')
    assert (first, last) == ({"a": 1}, {"a": 3})
    assert isinstance(bad, BadRow)
    assert (bad.row, bad.text) == (2, '["x"]')
    assert "x.json: row 2: a row must be an object, this is a list" in bad.message


def test_latin_1_is_told_line_and_column(tmp_path):
    (tmp_path / "x.json").write_bytes('[\n{"a": "caf\xe9"}\n]'.encode("latin-1"))
    with pytest.raises(InputError, match=r"line 2, column 11: not UTF-8 \(byte 0xe9.*iconv"):
        list(read_rows(tmp_path / "x.json"))
