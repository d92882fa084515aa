"""When an endpoint that refuses is asked again: first by one, and by all when that one was let in."""

from __future__ import annotations

import pytest

from dataflow.serving.pacing.gate import FIRST_WAIT, LONGEST_WAIT, SETTLING, Closing, Gate

CLOSING = Closing(sent=9.9, number=5, beyond=8)


def closed(told: float | None = None) -> Gate:
    gate = Gate()
    gate.heard(0.1)
    gate.close(CLOSING, told, 10.0)
    return gate


def test_an_open_gate_keeps_nobody() -> None:
    assert Gate().nap(10.0) == 0 and not Gate().opens(10.0)


def test_a_closed_one_lets_one_through_after_a_moment_and_others_when_that_one_is_not_refused() -> None:
    gate = closed()
    assert gate.nap(10.0) == gate.rests_for(10.0) == pytest.approx(FIRST_WAIT)
    gate.entered(8, 10.2)
    assert gate.is_feeler(8) and not gate.is_feeler(7)
    assert gate.nap(10.2) == pytest.approx(0.15 + SETTLING)
    assert not gate.opens(10.3) and gate.opens(10.4)
    assert gate.open(10.4) == CLOSING and gate.nap(10.4) == 0


def test_waits_double_up_to_a_bound_while_feelers_are_refused() -> None:
    gate, now, waits = closed(), 10.0, []
    for number in range(8, 24):
        waits.append(gate.nap(now))
        now += waits[-1]
        gate.entered(number, now)
        gate.close_again(None, now)
    assert waits[:3] == pytest.approx([FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT])
    assert waits[-1] == LONGEST_WAIT == max(waits)


def test_a_wait_that_the_endpoint_tells_is_kept_but_one_second_may_be_any_shorter_time() -> None:
    assert closed(told=30.0).nap(10.0) == 30.0
    gate = closed(told=1.0)
    assert gate.nap(10.0) == pytest.approx(FIRST_WAIT)
    gate.entered(8, 10.1)
    gate.close_again(1.0, 10.1)
    assert gate.nap(10.1) == pytest.approx(1.0)


def test_a_feeler_that_tells_nothing_is_followed_by_another() -> None:
    gate = closed()
    gate.entered(8, 10.2)
    gate.lost()
    assert gate.nap(10.2) == 0 and not gate.opens(99.0)


def test_time_that_it_was_closed_is_told_apart_by_whether_the_endpoint_asked_for_it() -> None:
    gate = closed(told=30.0)
    gate.entered(8, 40.0)
    gate.close_again(None, 40.0)
    assert gate.closed_seconds(45.0) == (30.0, 5.0)
    gate.open(50.0)
    assert gate.closed_seconds(99.0) == (30.0, 10.0)
