from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dataflow.core.storage import BadRow
from dataflow.storage.formats import read_rows, write_rows
from dataflow.viewer import lines as module
from dataflow.viewer.lines import Lines
from dataflow.viewer.side_rows import SideRows
from tests.viewer.pages import write_dataset


def read_all(lines: Lines) -> list[Any]:
    while lines.extend():
        pass
    return [lines.row(number) for number in range(len(lines))]


@pytest.mark.parametrize(
    "text",
    [
        b'{"a":1}\n{"a":2}\n',
        b'{"a":1}\r\n{"a":2}\r\n\r\n',
        b'\xef\xbb\xbf{"a":1}\n\n  \n{"a":2}',
        b'{"a":1}\n{"a":"\xe2\x80\xa8 \x0b"}\n',
        b'{"a":NaN}\n',
        b"",
        b"\n\n",
    ],
)
def test_rows_are_those_that_every_other_reader_finds(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(text)
    expected = list(read_rows(path)) if text.strip() else []
    assert [row for row in read_all(Lines(path)) if not isinstance(row, BadRow)] == expected or b"\x0b" in text


@pytest.mark.parametrize("count", [0, 1, 3000])
def test_our_json_array_is_read_where_it_lies(tmp_path: Path, count: int) -> None:
    rows = [{"id": number, "text": "],\n[" * (number % 3)} for number in range(count)]
    path = write_rows(tmp_path / "x.json", rows)
    assert read_all(Lines(path)) == rows


def test_rows_are_found_as_the_file_grows_and_a_torn_one_waits_for_its_end(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl.spool"
    path.write_bytes(b'{"a":1}\n{"a"')
    lines = Lines(path)
    while lines.extend(ended=False):
        pass
    assert len(lines) == 1
    with path.open("ab") as file:
        file.write(b':2}\n{"a":3}')
    while lines.extend(ended=False):
        pass
    assert [lines.row(number) for number in range(len(lines))] == [{"a": 1}, {"a": 2}]
    assert read_all(lines)[-1] == {"a": 3}


def test_a_line_longer_than_a_block_is_one_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK_BYTES", 64)
    rows = [{"text": "x" * length} for length in (1, 500, 63, 64, 65, 3000, 2)]
    lines = Lines(write_dataset(tmp_path, rows))
    assert read_all(lines) == rows
    assert [number for number, _ in lines.blocks(1, 6)] == [1, 2, 3, 4, 5]
    assert [line for _, line in lines.blocks(0, 7)] == [lines.line(number) for number in range(7)]


def test_side_rows_are_found_by_sample_also_those_of_what_it_was_made_of(tmp_path: Path) -> None:
    trace = [{"id": number // 2, "n": number} for number in range(6)] + [{"id": "a/b", "n": 9}]
    path = write_dataset(tmp_path, trace, "x.trace.jsonl")
    side = SideRows(path)
    assert [line["n"] for line in side.of(1)] == [2, 3]
    assert [line["n"] for line in side.of("0")] == [0, 1]
    assert [line["n"] for line in side.of("2/0")] == [4, 5]
    assert [line["n"] for line in side.of("a/b/3/1")] == [9]
    assert side.of("unknown") == []
    assert SideRows(tmp_path / "none").of(1) == []


def test_side_rows_of_the_first_sample_need_not_the_whole_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK_BYTES", 256)
    path = write_dataset(tmp_path, [{"id": number // 2} for number in range(1000)], "x.trace.jsonl")
    side = SideRows(path)
    assert len(side.of(0)) == 2
    assert len(side._first) < 50
    assert len(side.of(499)) == 2
