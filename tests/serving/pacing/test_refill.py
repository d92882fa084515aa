"""What headers say counts for as long as it proves right."""

from __future__ import annotations

from dataflow.serving.pacing.refill import Refill


def headers(limit: int, remaining: int, reset: str) -> dict[str, str]:
    return {
        "x-ratelimit-limit-requests": str(limit),
        "x-ratelimit-remaining-requests": str(remaining),
        "x-ratelimit-reset-requests": reset,
    }


def test_what_remains_by_the_headers_holds_the_next_request() -> None:
    refill = Refill()
    spent = refill.spend(0, 10.0)
    refill.read(headers(10, 0, "5s"), spent, 10.0, [], 10.1)
    assert refill.nap(0, 10.2) > 0 and refill.nap(0, 11.0) == 0


def test_headers_that_had_plenty_left_for_a_request_that_met_an_empty_bucket_are_not_believed_any_more() -> None:
    refill = Refill()
    refill.read(headers(10, 9, "1s"), refill.spend(0, 10.0), 10.0, [], 10.1)
    refill.was_empty(refill.spend(0, 10.5))
    refill.read(headers(10, 0, "60s"), refill.spend(0, 10.6), 10.6, [], 10.7)
    assert not refill.believed and refill.nap(0, 10.8) == 0


def test_headers_that_had_foretold_an_empty_bucket_and_those_not_seen_yet_stay_believed() -> None:
    refill = Refill()
    refill.was_empty(refill.spend(0, 9.0))
    assert refill.believed
    refill.read(headers(10, 1, "60s"), refill.spend(0, 10.0), 10.0, [], 10.1)
    refill.was_empty(refill.spend(0, 10.2))
    assert refill.believed and refill.nap(0, 10.3) > 0
