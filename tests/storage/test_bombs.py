"""Files that unpack to far more than they are: a row that is too long is told, and no more than one is held."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path
from typing import Any

import pyarrow
import pytest

from dataflow.core.errors import InputError
from dataflow.core.storage import BadRow
from dataflow.storage.formats import count_rows, read_rows, text_file

LONGEST = 1 << 20
"""The bounds in these tests; each file unpacks to sixteen times that, or more."""


@pytest.fixture(autouse=True)
def small_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_file, "LONGEST_ROW", LONGEST)
    monkeypatch.setattr(text_file, "LARGEST_UNPACKED", LONGEST)


def packed(path: Path, *parts: bytes | tuple[bytes, int]) -> Path:
    """A file of these parts, of which some come so many times."""
    if path.suffix == ".zst":
        with pyarrow.CompressedOutputStream(str(path), "zstd") as stream:
            for part in parts:
                data, times = part if isinstance(part, tuple) else (part, 1)
                for _ in range(times):
                    stream.write(data)
        return path
    data = b"".join(part[0] * part[1] if isinstance(part, tuple) else part for part in parts)
    path.write_bytes(gzip.compress(data, 1) if path.suffix == ".gz" else data)
    return path


def read(path: Path) -> tuple[list[Any], int]:
    """The rows, and the most memory that reading took."""
    tracemalloc.start()
    try:
        rows = [row if isinstance(row, BadRow) else dict(row) for row in read_rows(path)]
        return rows, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("ending", [".jsonl", ".jsonl.gz", ".jsonl.zst"])
def test_a_line_without_end_costs_itself_and_is_not_held(tmp_path: Path, ending: str) -> None:
    path = packed(tmp_path / f"x{ending}", b'{"a": 1}\n{"a": "', (bytes(LONGEST), 16), b'"}\n{"a": 3}\n')
    rows, most = read(path)
    assert [row for row in rows if isinstance(row, dict)] == [{"a": 1}, {"a": 3}]
    assert (rows[1].row, len(rows[1].text) < 1000) == (2, True)
    assert f"x{ending}:2: the row is longer than {LONGEST:,} bytes" in rows[1].message
    assert most < 6 * LONGEST
    assert count_rows(path) == 3


@pytest.mark.parametrize("ending", [".json.gz", ".json.zst"])
@pytest.mark.parametrize(
    "parts",
    [
        [b"[", (b"  " * LONGEST, 8), b"]"],
        [b"[\n", b'{"a": 1},\n' * 5000, b'{"a": 2}]', (b" " * LONGEST, 16)],
        [b'[\n{"a": "', (bytes(LONGEST), 16), b'"}\n]\n'],
    ],
)
def test_an_array_that_must_be_read_whole_is_refused_with_a_cure(tmp_path: Path, ending: str, parts: list[Any]) -> None:
    path = packed(tmp_path / f"x{ending}", *parts)
    tracemalloc.start()
    with pytest.raises(InputError, match=rf"unpacks to more than {LONGEST:,} bytes.*JSON Lines"):
        for _ in read_rows(path):
            pass
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 6 * LONGEST


def test_an_array_of_one_element_a_line_is_read_however_much_it_unpacks_to(tmp_path: Path) -> None:
    path = packed(tmp_path / "x.json.gz", b"[\n", (b'{"a": 1},\n', LONGEST // 9), b'{"a": 2}\n]\n')
    assert sum(1 for _ in read_rows(path)) == LONGEST // 9 + 1


@pytest.mark.parametrize(
    "row",
    [
        [(b"x" * LONGEST, 16)],
        [b'"', (b"\n" * LONGEST, 16)],
        [(b'"\n",' * (LONGEST // 5), 16)],
        [(b"," * LONGEST, 16)],
    ],
    ids=["a long cell", "a quote never closed", "cells of two lines", "cells"],
)
def test_a_csv_row_without_end_is_told_and_not_held(tmp_path: Path, row: list[Any]) -> None:
    path = packed(tmp_path / "x.csv.gz", b"a,b\n1,2\n", *row, b"\n3,4\n")
    with pytest.raises(InputError, match=rf"the row is longer than {LONGEST:,} bytes"):
        for _ in read_rows(path):
            pass
