"""Refusals as evidence of an empty bucket, or as a matter of chance."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from dataflow.serving.pacing.evidence import Evidence


def taught(requests: int, share: float, seed: int = 1) -> tuple[Evidence, int]:
    """Evidence after so many requests of which a share was refused at random, and how often that looked like more."""
    evidence, rng = Evidence(), random.Random(seed)
    alarms = sum(evidence.refused(number, expected=False) for number in range(1, requests + 1) if rng.random() < share)
    return evidence, alarms


def test_one_refusal_out_of_the_blue_proves_nothing_and_two_in_a_row_do() -> None:
    evidence, _ = taught(500, 0)
    assert not evidence.refused(500, expected=False)
    assert evidence.refused(501, expected=False)


def test_one_is_enough_where_it_was_expected_and_chance_refuses_nobody_but_not_again_and_again() -> None:
    evidence, _ = taught(500, 0)
    assert evidence.refused(500, expected=True)
    assert sum(evidence.refused(number, expected=True) for number in range(600, 9000, 100)) <= 8


def test_twenty_thousand_requests_with_five_percent_refused_at_random_never_look_like_an_empty_bucket() -> None:
    evidence, alarms = taught(20_000, 0.05)
    assert alarms <= 2
    assert 0.04 < evidence.by_chance(20_000) < 0.06


def test_an_empty_bucket_shows_within_a_few_refusals_where_chance_refuses_too() -> None:
    evidence, _ = taught(2000, 0.05)
    refusals = iter(range(2001, 2100))
    assert sum(1 for _ in iter(lambda: evidence.refused(next(refusals), expected=False), True)) <= 4


def test_every_second_request_refused_shows_too() -> None:
    evidence, _ = taught(500, 0)
    assert any(evidence.refused(number, expected=False) for number in range(501, 520, 2))


def test_every_eighth_refused_for_good_shows_where_it_was_expected_and_not_where_chance_refuses_as_many() -> None:
    evidence, _ = taught(500, 0.005)
    assert any(evidence.refused(number, expected=True) for number in range(501, 560, 8))
    by_chance, _ = taught(2000, 0.12)
    assert not any(by_chance.refused(number, expected=True) for number in range(2001, 2400, 8))


@given(st.permutations(range(100, 112)), st.booleans())
def test_replies_that_overtake_each_other_tell_the_same(order: list[int], expected: bool) -> None:
    evidence, _ = taught(100, 0)
    assert any(evidence.refused(number, expected=expected) for number in order)
    assert 0 < evidence.by_chance(112) <= 0.25
