"""`dataflow run` against an endpoint with limits: it asks as much as it may, and waits when it is told to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.questions import ask, questions
from tests.servers import ModelServer


def test_random_refusals_cost_one_more_request_each(model_server: ModelServer, tmp_path: Path) -> None:
    # That they do not shrink what is in flight is told by the tests of the lane, in simulated time.
    questions(tmp_path, 500)
    model_server.configure(latency=0.05, gather={".": 32}, faults={"429": 0.05}, retry_after_s=0.2)
    ask(model_server, tmp_path, "--max-workers", "32")
    stats = model_server.stats()
    assert stats["delivered"] == 500 and stats["paid_twice"] == 0 and stats["refusals"] > 8
    assert stats["requests"] == 500 + stats["refusals"] and stats["peak_in_flight"] == 32


UNTRUE = {
    "x-ratelimit-limit-requests": "6000",
    "x-ratelimit-remaining-requests": "100",
    "x-ratelimit-reset-requests": "1s",
}


@pytest.mark.parametrize(
    ("headers", "most"),
    [({}, 10), ({"said_headers": UNTRUE}, 400), ({"rate_headers": False}, 400)],
    ids=["true headers", "untrue headers", "none"],
)
def test_a_rate_limit_is_kept_or_found_and_all_are_answered(
    model_server: ModelServer, tmp_path: Path, headers: dict[str, Any], most: int
) -> None:
    # How few are refused without true ones is told in virtual time, by `tests/engine/test_situations.py`: here it
    # depends on the load.
    questions(tmp_path, 400)
    model_server.configure(requests_per_second=100, **headers)
    ask(model_server, tmp_path)
    stats = model_server.stats()
    assert stats["delivered"] == 400 and stats["paid_twice"] == 0
    assert stats["requests"] == 400 + stats["refusals"] and stats["refusals"] <= most


def test_a_limit_on_what_is_in_flight_is_found_and_kept(model_server: ModelServer, tmp_path: Path) -> None:
    questions(tmp_path, 150)
    model_server.configure(latency=0.1, max_in_flight=8, retry_after_s=0.2)
    ask(model_server, tmp_path)
    stats = model_server.stats()
    assert stats["delivered"] == 150 and stats["paid_twice"] == 0
    assert stats["requests"] == 150 + stats["refusals"] and stats["refusals"] < 150


@pytest.mark.parametrize(("form", "seconds"), [("seconds", 2.0), ("date", 2.0)])
def test_retry_after_holds_back_the_refused_request_alone(
    model_server: ModelServer, tmp_path: Path, form: str, seconds: float
) -> None:
    # Two seconds, for one is what endpoints say for anything shorter: there a refused request may be the one that feels
    # whether there is room again.
    questions(tmp_path, 100)
    model_server.configure(latency=0.02, faults={"429": 0.05}, retry_after=form, retry_after_s=seconds, seed=3)
    ask(model_server, tmp_path, "--max-workers", "8")
    log = model_server.requests()
    refused = {r["digest"]: r["out"] for r in log if r["outcome"] == "429" and r["attempt"] == 0}
    again = {r["digest"]: r["in"] for r in log if r["attempt"] == 1}
    assert len(refused) >= 2 and again.keys() == refused.keys()
    assert all(again[digest] - out >= seconds - 0.05 for digest, out in refused.items())
    others = [r["out"] for r in log if r["digest"] not in refused]
    first = min(refused.values())
    assert any(first < out < min(again.values()) for out in others)


def test_requests_per_minute_are_kept(model_server: ModelServer, tmp_path: Path) -> None:
    questions(tmp_path, 60)
    ask(model_server, tmp_path, "--requests-per-minute", "1200")
    came = [request["in"] for request in model_server.requests()]
    # At 20 a second 60 take three seconds, and no load makes them quicker; a first one that came late makes it less.
    assert len(came) == 60 and max(came) - min(came) > 1.5


def test_tokens_per_minute_are_kept(model_server: ModelServer, tmp_path: Path) -> None:
    questions(tmp_path, 60)
    ask(model_server, tmp_path, "--tokens-per-minute", "120000", "--max-workers", "4")
    stats = model_server.stats()
    assert stats["delivered"] == 60
    came = [request["in"] for request in model_server.requests()]
    seconds = (stats["prompt_tokens"] + stats["completion_tokens"]) / 2000
    assert seconds > 3 and max(came) - min(came) > seconds / 2
