"""In which ways samples failed, in words."""

from __future__ import annotations

import pytest

from dataflow.runs.kinds import failed_in_words, kinds_in_words


@pytest.mark.parametrize(
    ("kinds", "told"),
    [
        ({"refused": 10, "cut_off": 3}, "10 refused, 3 cut off"),
        ({"cut_off": 1, "refused": 1}, "1 refused, 1 cut off"),
        ({"media": 1, "answer": 1200}, "1,200 without a usable answer, 1 with unreadable media"),
        ({"third_party": 2, "refused": 0}, "2 third_party"),
        ({"<script>\x1b[2J": 2, "media": 1}, "2 in a way without a name, 1 with unreadable media"),
        ({}, ""),
    ],
)
def test_the_most_frequent_is_told_first_and_what_there_is_none_of_not_at_all(kinds: dict[str, int], told: str) -> None:
    assert kinds_in_words(kinds) == told


def test_all_that_failed_is_told_with_the_ways_where_they_are_known() -> None:
    assert failed_in_words(13, {"refused": 10, "cut_off": 3}) == "13 failed (10 refused, 3 cut off)"
    assert failed_in_words(13, {}) == "13 failed"
    assert failed_in_words(0, {}) == "0 failed"
