"""What the user allows in a minute, kept over any 60 seconds."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.serving.pacing.allowance import Allowance, Charge


def spend_all(allowance: Allowance, demand: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Send each (pause before, units) as soon as it is allowed; when each was sent."""
    now, sent = 0.0, []
    for pause, units in demand:
        now += pause
        while (nap := allowance.nap(units, now)) > 0:
            now += nap
        allowance.spend(units, now)
        sent.append((now, units))
    return sent


def busiest_minute(sent: list[tuple[float, float]]) -> float:
    return max(sum(units for at, units in sent if start <= at < start + 60 - 1e-6) for start, _ in sent)


@given(st.integers(1, 200), st.lists(st.one_of(st.just(0.0), st.floats(0, 90)), min_size=1, max_size=300))
def test_no_minute_ever_has_more_requests_than_allowed(limit: int, pauses: list[float]) -> None:
    sent = spend_all(Allowance(limit), [(pause, 1) for pause in pauses])
    assert busiest_minute(sent) <= limit


@given(
    st.integers(100, 10_000),
    st.lists(st.tuples(st.floats(0, 20), st.integers(1, 2000)), min_size=1, max_size=100),
)
def test_no_minute_ever_has_more_tokens_than_allowed_save_one_request_that_alone_takes_more(
    limit: int, demand: list[tuple[float, float]]
) -> None:
    sent = spend_all(Allowance(limit), demand)
    assert busiest_minute(sent) <= max(limit, max(u for _, u in demand))


@pytest.mark.parametrize("limit", [1, 2, 10, 60, 600, 6000])
def test_all_that_is_allowed_is_used_and_spread_over_the_minute(limit: int) -> None:
    sent = spend_all(Allowance(limit), [(0.0, 1)] * (3 * limit + 1))
    assert 170 < sent[-1][0] <= 180 + 1e-6
    first_second = sum(1 for at, _ in sent if at < 1)
    assert first_second <= max(1, 2 * limit / 60 + 1)
    assert all(b >= a for (a, _), (b, _) in pairwise(sent))


def test_an_estimate_that_was_too_high_gives_room_back_and_one_too_low_takes_more() -> None:
    allowance = Allowance(1000)
    first = allowance.spend(900, 0.0)
    assert allowance.nap(200, 1.0) > 50
    allowance.correct(first, 10)
    assert allowance.nap(200, 2.0) == 0
    second = allowance.spend(200, 2.0)
    allowance.correct(second, 985)
    assert allowance.nap(100, 3.0) == pytest.approx(59.0)


def test_a_correction_that_comes_after_the_minute_changes_nothing() -> None:
    allowance = Allowance(60)
    late = allowance.spend(60, 0.0)
    assert allowance.nap(60, 61.0) == 0
    allowance.spend(1, 61.0)
    allowance.correct(late, 5)
    assert allowance.nap(59, 62.0) == 0
    assert late == Charge(0.0, 5)
