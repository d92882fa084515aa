"""Memory does not grow with an input, whatever its form: pictures in rows are in it one at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.inputs import measured


@pytest.mark.parametrize("form", ["parquet", "stdin", "generator"])
def test_ten_times_the_rows_take_at_most_a_quarter_more_memory(tmp_path: Path, form: str) -> None:
    few, peak_of_few = measured(form, 300, tmp_path)
    many, peak_of_many = measured(form, 3000, tmp_path)
    assert (few, many) == (300, 3000)
    assert peak_of_many <= 1.25 * peak_of_few
