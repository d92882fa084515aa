"""csv as a person writes it reads naturally, and rows that do not fit cost themselves only."""

from __future__ import annotations

import csv

import pytest

from dataflow.core.errors import InputError
from dataflow.core.storage import BadRow
from dataflow.storage.formats import read_rows, write_rows


def read(tmp_path, text: str):
    path = tmp_path / "x.csv"
    path.write_bytes(text.encode())
    return list(read_rows(path))


def test_plain_texts_paths_json_lists_and_numbers_in_cells_are_what_they_look_like(tmp_path):
    text = 'id,video,frames,title\n1,clips/a b.mp4,"[""f1.jpg"", ""f2.jpg""]","He said ""no"", twice"\nx7,,[],007\n'
    assert read(tmp_path, text) == [
        {"id": 1, "video": "clips/a b.mp4", "frames": ["f1.jpg", "f2.jpg"], "title": 'He said "no", twice'},
        {"id": "x7", "frames": [], "title": "007"},
    ]


@pytest.mark.parametrize(
    "cell", ["[draft] a cat", "{name}", "-", "1.2.3", "2024-01-01", "True", "None", "nan", "+5", "é"]
)
def test_a_text_that_is_not_json_stands_for_itself(tmp_path, cell):
    assert read(tmp_path, f"a\n{cell}\n") == [{"a": cell}]


def test_a_number_with_more_digits_than_readers_keep_stays_text(tmp_path):
    assert read(tmp_path, "id\n123456789012345678901234567890\n") == [{"id": "123456789012345678901234567890"}]


def test_strings_that_look_like_json_are_written_so_that_they_stay_strings(tmp_path):
    path = write_rows(tmp_path / "x.csv", [{"a": "7", "b": "[1]", "c": "", "d": "plain", "e": 7}])
    assert path.read_text() == 'a,b,c,d,e\n"""7""","""[1]""","""""",plain,7\n'


def test_a_row_with_too_many_or_too_few_cells_costs_itself_only(tmp_path):
    rows = read(tmp_path, 'a,b\n1,2\n1,2,3\n"x\ny"\n3,4\n')
    assert [row for row in rows if isinstance(row, dict)] == [{"a": 1, "b": 2}, {"a": 3, "b": 4}]
    long, short = (row for row in rows if isinstance(row, BadRow))
    assert (long.row, long.text) == (2, "1,2,3")
    assert "x.csv:3: 3 cells, but the head names 2 columns" in long.message
    assert (short.row, short.text) == (3, '"x\ny"')
    assert "x.csv:4: 1 cells" in short.message


def test_a_misplaced_quote_costs_its_row_only(tmp_path):
    first, bad, last = read(tmp_path, 'a,b\n1,2\n"x"y,2\n3,4\n')
    assert (first, last) == ({"a": 1, "b": 2}, {"a": 3, "b": 4})
    assert isinstance(bad, BadRow)
    assert "x.csv:3: " in bad.message


def test_a_quote_never_closed_is_told_where_it_is_opened(tmp_path):
    with pytest.raises(InputError, match=r"x\.csv:3: a quote is opened in this row and never closed"):
        read(tmp_path, 'a,b\n1,2\n3,"4\n5,6\n7,8\n')


def test_a_cell_longer_than_the_modules_own_limit_is_read(tmp_path):
    assert read(tmp_path, f"a\n{'x' * 300_000}\n") == [{"a": "x" * 300_000}]


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_another_separator_is_told_by_the_head(tmp_path, mark):
    text = f'\ufeff"a"{mark}b\n"x{mark}\ny, z"{mark}2\n'
    assert read(tmp_path, text) == [{"a": f"x{mark}\ny, z", "b": 2}]


def test_a_comma_in_the_head_goes_before_other_marks_and_marks_in_quotes_do_not_count(tmp_path):
    assert read(tmp_path, "a;b,c\n1,2\n") == [{"a;b": 1, "c": 2}]
    assert read(tmp_path, '"a;b"\n1;2\n') == [{"a;b": "1;2"}]


def test_a_row_of_a_table_with_semicolons_with_too_many_cells_names_the_mark(tmp_path):
    (bad,) = [row for row in read(tmp_path, "a;b\n1;2\n1;2;3\n") if not isinstance(row, dict)]
    assert "3 cells, but the head names 2 columns (a text with ';' in it needs quotes)" in bad.message


def test_tsv_is_separated_by_tabs_whatever_the_head_holds(tmp_path):
    (tmp_path / "x.tsv").write_text("a, b\tc\n1\t2\n")
    assert list(read_rows(tmp_path / "x.tsv")) == [{"a, b": 1, "c": 2}]


def test_two_columns_of_one_name_are_told(tmp_path):
    with pytest.raises(InputError, match=r"x\.csv:1: two columns are named 'a'. Rename one"):
        read(tmp_path, "a,b,a\n1,2,3\n")


def test_a_column_without_a_name_gets_its_number(tmp_path):
    assert read(tmp_path, ",a\n0,x\n") == [{"column_1": 0, "a": "x"}]


def test_blank_lines_and_windows_line_ends_do_no_harm(tmp_path):
    assert read(tmp_path, "\r\na,b\r\n1,2\r\n\r\n3,4") == [{"a": 1, "b": 2}, {"a": 3, "b": 4}]


def test_a_head_alone_holds_no_samples(tmp_path):
    with pytest.raises(InputError, match="holds no samples"):
        read(tmp_path, "a,b\n")


def test_latin_1_is_told_line_and_column(tmp_path):
    (tmp_path / "x.csv").write_bytes("a,b\n1,2\n3,caf\xe9\n".encode("latin-1"))
    with pytest.raises(InputError, match=r"x\.csv:3: column 6: not UTF-8 \(byte 0xe9.*iconv"):
        list(read_rows(tmp_path / "x.csv"))


def test_rows_without_any_column_cannot_be_csv(tmp_path):
    from dataflow.core.errors import OutputError

    with pytest.raises(OutputError, match="no row has any column"):
        write_rows(tmp_path / "x.csv", [{}])


FORMULAS = ["=1+1", "+5", "-", "- Q: What?", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")']


def test_texts_that_spreadsheets_take_for_formulas_are_told_with_the_option_that_guards_against_them(tmp_path):
    warned = []
    rows = [{"id": 1, "n": -5, "text": "plain"}, *({"id": n, "text": text} for n, text in enumerate(FORMULAS, 2))]
    write_rows(tmp_path / "x.csv", rows, warn=warned.append)
    assert len(warned) == 1
    assert warned[0].startswith("x.csv: ") and "the first: row 2, column text" in warned[0]
    assert "--csv-safe" in warned[0]
    write_rows(tmp_path / "y.csv", [{"n": -5, "text": "plain - and ="}], warn=warned.append)
    assert len(warned) == 1


def test_with_the_guard_no_text_begins_a_formula_and_all_are_read_back(tmp_path):
    warned = []
    rows = [{"id": n, "=name": text, "n": -5} for n, text in enumerate(FORMULAS)]
    path = write_rows(tmp_path / "x.csv", rows, csv_safe=True, warn=warned.append)
    with open(path, newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row if cell != "-5"]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert list(read_rows(path)) == rows
    assert warned == []
