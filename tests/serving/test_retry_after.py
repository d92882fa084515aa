"""How long an endpoint asks to wait, in all the forms in which endpoints say it. Replies are hostile input."""

from __future__ import annotations

import math
import time
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.serving.openai_api.retry_after import retry_after


def header(value: str) -> float | None:
    return retry_after({"Retry-After": value})


def test_it_is_seconds_or_a_date() -> None:
    assert retry_after({}) is None
    assert header("2.5") == 2.5
    assert header(formatdate(time.time() + 3000, usegmt=True)) == pytest.approx(3000, abs=100)
    assert header(formatdate(time.time() - 3000, usegmt=True)) == 0
    assert header("-5") == 0
    for nonsense in ("soon", "", "nan", "inf", "Mon, 99999999999999999999 Jan 2020 00:00:00 GMT"):
        assert header(nonsense) is None


def test_some_write_a_duration_or_a_time_of_the_epoch() -> None:
    assert header("30s") == 30
    assert header("6m0s") == 360
    assert header(str(time.time() + 3000)) == pytest.approx(3000, abs=100)
    assert header(str(1000 * (time.time() + 3000))) == pytest.approx(3000, abs=100)


def test_milliseconds_are_more_exact_than_seconds() -> None:
    assert retry_after({"retry-after-ms": "250", "Retry-After": "1"}) == 0.25
    assert retry_after({"retry-after-ms": "soon", "Retry-After": "1"}) == 1


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        (b'{"error": {"message": "Rate limit reached. Please try again in 6m0s."}}', 360),
        (b'{"error": {"message": "Please try again in 20ms. Visit ..."}}', 0.02),
        (b'{"error": {"message": "Please retry after 34 seconds."}}', 34),
        (b'{"error": {"message": "Try again in about 2 hours"}}', 7200),
        (
            b'{"error": {"details": [{"@type": "google.rpc.RetryInfo", "retryDelay": "34.5s"}]}}',
            34.5,
        ),
        (b'{"error": {"message": "Please try again later."}}', None),
        (b'{"error": {"message": "Try again in 20 different ways"}}', None),
    ],
)
def test_where_no_header_says_it_the_message_does(body: bytes, seconds: float | None) -> None:
    assert retry_after({}, body) == seconds


@given(
    st.text(max_size=40)
    | st.floats().map(str)
    | st.builds("{} {} {} {}:{}:{} {}".format, *[st.integers(-5, 10**20)] * 2, st.integers(-5, 10**6),
                *[st.integers(-5, 99)] * 3, st.sampled_from(["GMT", "+9999", "-99999999999", "", "+2359"])),
    st.binary(max_size=60) | st.from_regex(rb"(try again|retry) (in|after) .{0,20}", fullmatch=True),
)  # fmt: skip
def test_whatever_is_said_is_a_finite_time_or_none(text: str, body: bytes) -> None:
    for headers in ({"Retry-After": text}, {"retry-after-ms": text}, {}):
        seconds = retry_after(headers, body)
        assert seconds is None or (math.isfinite(seconds) and seconds >= 0)
