"""A random draw stays: by seed, by id, and as it grows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dataflow.core.storage import BadRow
from dataflow.storage.sample_draw import drawn_places

ROWS = [{"id": f"p{number}.jpg"} for number in range(200)]


def drawn(rows: list, size: int, seed: int) -> set[str]:
    return {rows[place]["id"] for place in drawn_places(rows, size, seed)}


@given(st.integers(1, 300), st.integers(1, 300), st.integers())
def test_a_larger_draw_holds_the_smaller_one(one: int, other: int, seed: int) -> None:
    small, large = sorted((one, other))
    assert drawn(ROWS, small, seed) <= drawn(ROWS, large, seed)
    assert len(drawn(ROWS, small, seed)) == min(small, len(ROWS))


def test_the_same_seed_draws_the_same_rows_and_another_draws_others() -> None:
    assert drawn(ROWS, 20, 1) == drawn(ROWS[::-1], 20, 1)
    assert drawn(ROWS, 20, 1) != drawn(ROWS, 20, 2)


def test_rows_that_come_change_the_draw_by_themselves_alone() -> None:
    before = drawn(ROWS, 20, 5)
    after = drawn([{"id": "new"}, *ROWS], 20, 5)
    assert len(before - after) <= 1 and after - before <= {"new"}


def test_rows_that_cannot_be_read_are_drawn_too() -> None:
    assert drawn_places([BadRow(1, "bad", ""), {"id": 2}], 2, 0) == {0, 1}


def test_draws_are_even_over_the_input() -> None:
    rows = [{"id": number} for number in range(1, 1001)]
    halves = [sum(place < 500 for place in drawn_places(rows, 100, seed)) for seed in range(40)]
    assert 45 < sum(halves) / len(halves) < 55
