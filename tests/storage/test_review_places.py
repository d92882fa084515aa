"""Decisions find the rows that look as they were seen; ids tell rows of the same content apart."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.core.storage import BadRow
from dataflow.storage.review import Review, id_key, row_digest
from dataflow.storage.review_action import Action
from dataflow.storage.review_places import Places, ReviewCounts, place

Row = dict[str, Any]


def row(id: object, caption: str) -> Row:
    return {"id": id, "caption": caption}


def lines(*said: tuple[object, str, str]) -> list[Action]:
    """Lines of (id, caption seen, action)."""
    return [
        Action(f"k{n}", f"{n}", "anna", id, do, row_digest(row(id, caption)) if caption else "")
        for n, (id, caption, do) in enumerate(said)
    ]


def verdicts(places: Places) -> dict[int, str | None]:
    return {number: decision.verdict for number, decision in sorted(places.decisions.items())}


def test_decisions_by_row_numbers_hold_when_ids_become_paths_and_rows_come_between() -> None:
    review = Review(lines((1, "a", "accept"), (2, "c", "reject"), (3, "e", "accept")))
    rows = [row(f"{name}.png", name) for name in "abcde"]
    places = place(review, rows)
    assert verdicts(places) == {0: "accept", 2: "reject", 4: "accept"}
    assert places.counts() == ReviewCounts(applied=3, accepted=2, rejected=1)


def test_decisions_by_row_numbers_hold_when_the_numbers_name_other_rows_now() -> None:
    review = Review(lines((1, "a", "accept"), (2, "c", "reject")))
    places = place(review, [row(1, "0"), row(2, "a"), row(3, "b"), row(4, "c")])
    assert verdicts(places) == {1: "accept", 3: "reject"}
    assert places.stale == {} and places.counts().gone == 0


def test_a_row_that_was_made_anew_is_stale_and_one_that_left_is_gone() -> None:
    review = Review(lines(("x", "old", "accept"), ("x", "old", "reject"), ("y", "z", "accept"), ("w", "w", "accept")))
    places = place(review, [row("x", "new"), row("w", "w")])
    assert verdicts(places) == {1: "accept"}
    assert {number: decision.verdict for number, decision in places.stale.items()} == {0: "reject"}
    assert places.counts() == ReviewCounts(applied=1, accepted=1, stale=1, gone=1)


def test_what_was_decided_again_about_the_new_text_is_not_stale() -> None:
    review = Review(lines(("x", "old", "reject"), ("x", "new", "accept")))
    assert place(review, [row("x", "new")]).counts() == ReviewCounts(applied=1, accepted=1)
    back = place(review, [row("x", "old")])
    assert verdicts(back) == {0: "reject"} and back.counts().stale == 0


def test_of_two_rows_of_one_content_the_id_tells_which_is_meant() -> None:
    rows = [row("a", "same"), row("b", "same"), row("c", "same")]
    assert verdicts(place(Review(lines(("b", "same", "reject"))), rows)) == {1: "reject"}
    both = lines(("c", "same", "accept"), ("a", "same", "reject"))
    assert verdicts(place(Review(both), rows)) == {0: "reject", 2: "accept"}


def test_one_decision_is_about_one_row_also_where_no_id_tells_which() -> None:
    rows = [row("a", "same"), row("b", "same"), row("c", "same")]
    assert verdicts(place(Review(lines((7, "same", "reject"))), rows)) == {0: "reject"}
    review = Review(lines(("b", "same", "accept"), (7, "same", "reject"), (8, "same", "reject")))
    assert verdicts(place(review, rows)) == {0: "reject", 1: "accept", 2: "reject"}


def test_of_more_decisions_than_rows_the_latest_count() -> None:
    review = Review(lines((5, "same", "accept"), (7, "same", "reject")))
    places = place(review, [row("a.png", "same")])
    assert verdicts(places) == {0: "reject"}
    assert places.counts().gone == 0


def test_a_line_that_does_not_say_what_was_seen_goes_by_the_id() -> None:
    review = Review(lines((1, "", "reject"), ("gone", "", "reject")))
    places = place(review, [row("1", "whatever"), row(2, "x")])
    assert verdicts(places) == {0: "reject"}
    assert places.counts() == ReviewCounts(applied=1, rejected=1, gone=1)


def test_a_bad_row_is_counted_in_and_nothing_is_decided_about_it() -> None:
    review = Review(lines((2, "b", "accept"), (1, "a", "accept")))
    assert verdicts(place(review, [BadRow(1, "torn", "{"), row(2, "b")])) == {1: "accept"}


Content = st.sampled_from("abc")


@given(
    before=st.lists(Content, max_size=6),
    added=st.lists(st.tuples(st.integers(0, 8), Content), max_size=5),
    decided=st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["accept", "reject", "edit"])), max_size=8),
)
def test_rows_that_come_between_change_no_number_of_decisions(
    before: list[str], added: list[tuple[int, str]], decided: list[tuple[int, str]]
) -> None:
    said = [(at + 1, before[at], do) for at, do in decided if at < len(before)]
    old = place(Review(lines(*said)), [row(n, caption) for n, caption in enumerate(before, 1)])
    after = list(before)
    for at, caption in added:
        after.insert(min(at, len(after)), caption)
    rows = [row(n, caption) for n, caption in enumerate(after, 1)]
    new = place(Review(lines(*said)), rows)
    assert new.counts() == old.counts()
    assert sorted(d.seen for d in new.decisions.values()) == sorted(d.seen for d in old.decisions.values())
    assert all(decision.seen == row_digest(rows[number]) for number, decision in new.decisions.items())


@pytest.mark.parametrize("late", [1, 3, 5])
def test_rows_and_lines_that_come_late_give_the_same_as_all_at_once(late: int) -> None:
    rows = [row(n, caption) for n, caption in enumerate(["a", "b", "b", "c", "b"], 1)]
    said = lines((9, "b", "reject"), (2, "b", "accept"), (1, "x", "reject"), (8, "c", "reject"), (5, "b", "edit"))
    review = Review(said[:2])
    places = Places(review)
    for action in said[2:]:
        places.settle(review.add(action))
    for number, one in enumerate(rows):
        places.see(number, id_key(one["id"]), row_digest(one))
        if number == late:
            places.settle()
    places.settle()
    assert verdicts(places) == verdicts(place(Review(said), rows)) == {1: "accept", 2: "reject", 3: "reject", 4: None}
    assert set(places.stale) == {0}
