"""The mirror of an endpoint's own bucket, and the headers it is read from."""

from __future__ import annotations

import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.serving.pacing.pacer import LONGEST_NAP, Pacer, Reading, read_bucket, seconds_of

header = st.one_of(
    st.text(max_size=20),
    st.floats().map(str),
    st.integers(-(10**30), 10**30).map(str),
    st.from_regex(r"(\d{1,4}(\.\d{1,3})?(ms|s|m|h)){1,3}", fullmatch=True),
)


@pytest.mark.parametrize(
    ("text", "seconds"), [("1s", 1), ("6m0s", 360), ("20ms", 0.02), ("0.5", 0.5), ("1h2m3.5s", 3723.5), (" 2 ", 2)]
)
def test_durations_are_read_as_such_headers_write_them(text: str, seconds: float) -> None:
    assert seconds_of(text) == pytest.approx(seconds)


def test_a_reset_far_above_any_duration_is_a_point_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    assert seconds_of(str(now + 30)) == pytest.approx(30, abs=1)
    assert seconds_of(str(now - 30)) == 0


@pytest.mark.parametrize(
    "text", ["", "soon", "5 apples", "1s later", "-3", "nan", "inf", "-1s", "2026-11-20T10:00:00Z"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        seconds_of(text)


@given(header)
def test_a_duration_is_finite_and_not_below_zero_or_refused(text: str) -> None:
    try:
        seconds = seconds_of(text)
    except ValueError:
        return
    assert math.isfinite(seconds) and seconds >= 0


@given(header, header, header)
def test_hostile_headers_give_a_sensible_bucket_or_none(limit: str, remaining: str, reset: str) -> None:
    names = ("x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests")
    reading = read_bucket(dict(zip(names, (limit, remaining, reset), strict=True)), "requests")
    if reading is not None:
        assert 0 <= reading.remaining <= reading.limit < math.inf
        assert 0 <= reading.reset < math.inf


def test_headers_of_another_bucket_or_none_say_nothing() -> None:
    assert read_bucket({}, "requests") is None
    assert read_bucket({"x-ratelimit-limit-tokens": "5"}, "tokens") is None


def test_without_headers_all_may_pass() -> None:
    pacer = Pacer()
    for _ in range(1000):
        assert pacer.nap(1, 0.0) == 0
        pacer.spend(1)


def test_what_remains_by_the_headers_is_spent_and_then_it_waits_for_what_flows_in() -> None:
    pacer = Pacer()
    pacer.spend(1)
    pacer.observe(Reading(limit=10, remaining=3, reset=7.0), spent_then=1, sent=100.0, under_way=0, now=100.2)
    for _ in range(3):
        assert pacer.nap(1, 100.2) == 0
        pacer.spend(1)
    assert 0 < pacer.nap(1, 100.2) <= 1.0
    assert pacer.nap(1, 101.2) == 0


def test_an_answer_that_was_overtaken_does_not_turn_the_count_back() -> None:
    pacer = Pacer()
    for _ in range(5):
        pacer.spend(1)
    pacer.observe(Reading(limit=10, remaining=0, reset=10.0), spent_then=5, sent=1.0, under_way=0, now=1.2)
    pacer.observe(Reading(limit=10, remaining=9, reset=1.0), spent_then=1, sent=0.9, under_way=0, now=1.3)
    assert pacer.nap(1, 1.3) > 0


@given(st.floats(1, 1e9), st.floats(0, 1), st.floats(0, 1e9), st.floats(0, 1e6), st.floats(0, 1e6))
def test_headers_never_make_anybody_wait_long_or_a_negative_time(
    limit: float, share: float, reset: float, units: float, after: float
) -> None:
    pacer = Pacer()
    pacer.spend(units)
    pacer.observe(Reading(limit, limit * share, reset), spent_then=units, sent=50.0, under_way=0, now=51.0)
    assert 0 <= pacer.nap(units, 51.0 + after) <= LONGEST_NAP
