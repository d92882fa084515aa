"""The rate that an endpoint takes, learnt between moments at which nothing was left."""

from __future__ import annotations

import pytest

from dataflow.serving.pacing.rate import BELOW, GROPING, SLOWEST_START, Rate


def sent(rate: Rate, now: float, until: float) -> list[float]:
    """Send whenever it is due; when."""
    times = []
    while now < until:
        nap = rate.nap(now)
        if nap > 0:
            now += nap
            continue
        rate.spend(now)
        times.append(now)
        now += 1e-4
    return times


def learned() -> Rate:
    """One that saw fifty let in within half a second."""
    rate = Rate()
    rate.emptied(10.0, 100, 101, 10.1)
    rate.refused(151)
    rate.emptied(10.5, 151, 152, 10.6)
    return rate


def test_everything_passes_until_a_limit_has_shown() -> None:
    rate = Rate()
    assert rate.pace(5.0) is None and rate.nap(5.0) == 0 and not rate.expects_empty(5.0)


def test_after_a_first_refusal_it_gropes_upwards() -> None:
    rate = Rate()
    rate.emptied(10.0, 100, 101, 10.1)
    assert rate.groping and rate.expects_empty(10.1)
    assert rate.pace(10.1) == SLOWEST_START
    assert rate.pace(10.1 + 2 * GROPING) == pytest.approx(4 * SLOWEST_START)
    assert rate.pace(20.0) is None


def test_what_was_let_in_between_two_moments_without_anything_left_is_the_rate() -> None:
    rate = learned()
    assert rate.per_second == pytest.approx(50 / 0.5)
    assert not rate.groping


def test_asking_goes_on_a_tenth_below_it_and_rises_past_it() -> None:
    rate = learned()
    assert rate.pace(10.6) == pytest.approx((1 - BELOW) * 100)
    assert rate.pace(11.1) == pytest.approx(100, rel=0.01)
    assert 100 < (rate.pace(11.5) or 0) < (rate.pace(13.0) or 0)
    assert rate.pace(99.0) is None


def test_requests_are_spread_by_the_pace_and_a_late_one_is_made_up_for_a_little() -> None:
    times = sent(learned(), 10.7, 11.2)
    assert 45 <= len(times) <= 53


def test_a_probe_passes_at_once_and_the_next_waits_until_it_is_known() -> None:
    rate = learned()
    sent(rate, 10.6, 10.7)
    rate.probe(11.0)
    assert rate.nap(10.7) == 0
    rate.spend(10.7)
    assert rate.nap(10.7) == pytest.approx(0.3)


def test_a_mistake_costs_half_of_the_rate_at_most() -> None:
    rate = learned()
    rate.emptied(11.0, 156, 157, 11.1)
    assert rate.per_second == pytest.approx(50)


def test_a_rate_that_rose_on_the_way_is_measured_afresh() -> None:
    rate = learned()
    rate.emptied(12.5, 152 + 400, 153 + 400, 12.6)
    assert rate.groping


def test_a_quota_that_comes_back_all_at_once_is_no_rate() -> None:
    rate = Rate()
    rate.emptied(10.0, 3000, 3001, 50.0)
    rate.emptied(70.0, 6000, 6001, 110.0)
    assert rate.per_second is None
