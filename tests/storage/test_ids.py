"""Every sample has an id that no other has: its own, else its row number."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.core.storage import BadRow
from dataflow.storage.ids import with_ids

OWN = st.none() | st.integers(-1, 5) | st.sampled_from(["1", "2", "7", "7-2", "7-2-2", "a", "", "01", True, 1.0, 1.5])


def ids(*own, warn=lambda message: None):
    return [row["id"] for row in with_ids([{"id": value, "x": 1} for value in own], warn)]


def test_a_row_without_an_id_gets_its_number_as_its_first_field():
    rows = list(with_ids([{"a": 1}, {"a": 2, "id": None}, {"a": 3, "id": float("nan")}], pytest.fail))
    assert rows == [{"id": 1, "a": 1}, {"id": 2, "a": 2}, {"id": 3, "a": 3}]
    assert [list(row) for row in rows] == [["id", "a"]] * 3


def test_an_id_of_its_own_stays_where_and_what_it_is():
    rows = [{"a": 1, "id": "x"}, {"id": 0, "a": 1}, {"id": 2.5}, {"id": True}, {"id": -4}, {"id": ""}]
    assert list(with_ids(rows, pytest.fail)) == rows
    assert list(next(with_ids(rows, pytest.fail))) == ["a", "id"]


def test_bad_rows_are_counted_so_that_numbers_agree_with_the_file():
    bad = BadRow(2, "x.jsonl:2: oops", "oops")
    assert list(with_ids([{"a": 1}, bad, {"a": 3}], pytest.fail)) == [{"id": 1, "a": 1}, bad, {"id": 3, "a": 3}]


def test_the_callers_rows_are_not_changed():
    rows = [{"a": 1}, {"id": 1, "a": 2}]
    list(with_ids(rows, lambda message: None))
    assert rows == [{"a": 1}, {"id": 1, "a": 2}]


@pytest.mark.parametrize(
    ("own", "given"),
    [
        ([7, 7, 7], [7, "7-2", "7-3"]),
        (["7", 7, "7-2"], ["7", "7-2", "7-2-2"]),
        (["7-2", 7, 7], ["7-2", 7, "7-3"]),
        ([1, 3, 2, 3], [1, 3, 2, "3-2"]),
        ([5, 3, 8, 3], [5, 3, 8, "3-2"]),
        ([1, 2, 4, 3, 5, 2], [1, 2, 4, 3, 5, "2-2"]),
        ([2, None, None], [2, "2-2", 3]),
        ([None, None, 1], [1, 2, "1-2"]),
        ([None, 3, None], [1, 3, "3-2"]),
        (["a", None, "a", None], ["a", 2, "a-2", 4]),
        (["01", 1, "1"], ["01", 1, "1-2"]),
        (["9" * 5000, 1], ["9" * 5000, 1]),
    ],
)
def test_a_repeated_id_gets_a_suffix_that_is_free(own, given):
    assert ids(*own) == given


@given(own=st.lists(OWN, max_size=30))
def test_ids_never_collide_and_the_first_owner_keeps_an_id_that_is_free(own):
    given_ids = ids(*own)
    texts = [str(value).lower() if isinstance(value, bool) else str(value) for value in given_ids]
    assert len(set(texts)) == len(texts)
    for number, (wanted, got) in enumerate(zip(own, given_ids, strict=True), 1):
        wanted = number if wanted is None else wanted
        text = str(wanted).lower() if isinstance(wanted, bool) else str(wanted)
        if text not in texts[: number - 1]:
            assert got == wanted
        else:
            assert got.startswith(f"{text}-")


def test_repeated_ids_are_warned_of_once_with_their_number():
    said = []
    ids(7, 7, "a", 7, "a", warn=said.append)
    assert len(said) == 1
    assert said[0].startswith("3 ids are not unique")
    assert "7 became '7-2'" in said[0]


def test_the_warning_comes_too_when_reading_stops_early():
    said = []
    rows = with_ids(({"id": "a"} for _ in range(9)), said.append)
    assert [next(rows)["id"], next(rows)["id"]] == ["a", "a-2"]
    rows.close()
    assert len(said) == 1


@pytest.mark.parametrize("own", [["x"], {"a": 1}])
def test_an_id_that_is_no_scalar_costs_its_row_only(own):
    good, bad, last = with_ids([{"a": 1}, {"id": own}, {"a": 3}], pytest.fail)
    assert (good["id"], last["id"]) == (1, 3)
    assert isinstance(bad, BadRow)
    assert bad.row == 2
    assert "the id must be a string or a number" in bad.message


@pytest.mark.parametrize("own", [lambda n: None, lambda n: n, lambda n: f"clip-{n * 7919 % 100_003}"])
def test_memory_does_not_grow_with_the_rows(own):
    tracemalloc.start()
    count = sum(1 for _ in with_ids(({"id": own(n)} for n in range(40_000)), pytest.fail))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 40_000
    assert peak < 200_000


def test_ten_thousand_times_the_same_id_stay_apart():
    given_ids = ids(*["x"] * 10_000)
    assert given_ids[-1] == "x-10000"
    assert len(set(given_ids)) == 10_000
