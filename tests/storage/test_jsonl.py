"""JSON Lines: a bad line costs that line only."""

from __future__ import annotations

import pytest

from dataflow.core.errors import InputError
from dataflow.core.storage import BadRow
from dataflow.storage.formats import count_rows, read_rows


def read(tmp_path, content: bytes):
    path = tmp_path / "x.jsonl"
    path.write_bytes(content)
    return list(read_rows(path))


def test_one_bad_line_is_told_by_file_and_line_and_the_rest_goes_on(tmp_path):
    first, bad, last = read(tmp_path, b'{"a": 1}\n{"a": 1,}\n{"a": 3}\n')
    assert (first, last) == ({"a": 1}, {"a": 3})
    assert isinstance(bad, BadRow)
    assert (bad.row, bad.text) == (2, '{"a": 1,}')
    assert f"{tmp_path / 'x.jsonl'}:2: column 8" in bad.message


@pytest.mark.parametrize(
    ("line", "kind"),
    [("[1]", "a list"), ("7", "a number"), ("1", "a number"), ('"x"', "a string"), ("null", "null"), ("true", "true")],
)
def test_a_row_that_is_no_object_is_told_what_it_is(tmp_path, line, kind):
    _, bad = read(tmp_path, b'{"a": 1}\n' + line.encode())
    assert bad.message.endswith(f"x.jsonl:2: a row must be an object, this is {kind}")


def test_blank_lines_are_no_rows_but_count_as_lines(tmp_path):
    rows = read(tmp_path, b'\n{"a": 1}\n   \n\nbad\n')
    assert rows[0] == {"a": 1}
    assert (rows[1].row, len(rows)) == (2, 2)
    assert ":5: " in rows[1].message
    assert count_rows(tmp_path / "x.jsonl") == 2


def test_the_text_of_a_bad_line_is_cut(tmp_path):
    _, bad = read(tmp_path, b'{"a": 1}\n' + b"\xc3\xa9" * 9000)
    assert bad.text == "é" * 500


def test_a_line_in_latin_1_is_told_its_column_and_the_command_that_converts(tmp_path):
    good, bad, last = read(tmp_path, '{"a": "x"}\n{"a": "caf\xe9"}\n{"a": 2}'.encode("latin-1"))
    assert (good, last) == ({"a": "x"}, {"a": 2})
    assert ":2: column 11: not UTF-8 (byte 0xe9" in bad.message
    assert "iconv -f LATIN1" in bad.message


def test_the_nan_that_python_writes_is_read_as_null(tmp_path):
    assert read(tmp_path, b'{"a": NaN, "b": [1, -Infinity]}\n') == [{"a": None, "b": [1, None]}]


def test_the_word_nan_in_a_broken_line_does_not_save_it(tmp_path):
    _, bad = read(tmp_path, b'{"a": 1}\n{"a": NaN,}\n')
    assert bad.row == 2


def test_a_json_array_under_the_wrong_name_is_told_the_right_one(tmp_path):
    with pytest.raises(InputError, match=r"name the file \.json\b"):
        read(tmp_path, b'[{"a": 1}]')
    with pytest.raises(InputError, match=r"name the file \.json\b"):
        read(tmp_path, b'[\n{"a": 1,\n"b": 2}\n]')


def test_windows_line_ends_and_a_missing_last_one_do_no_harm(tmp_path):
    assert read(tmp_path, b'{"a": 1}\r\n{"a": 2}') == [{"a": 1}, {"a": 2}]
