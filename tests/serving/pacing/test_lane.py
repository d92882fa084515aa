"""How much one endpoint is given at once, as its answers show what it carries."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable

import pytest

from dataflow.serving.pacing.lane import LONGEST_HOLD, Lane, Outcome, Pass

CEILING = 64


class Simulation:
    """A full lane over simulated time: what is let in is answered after its latency."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        self.rng = random.Random(5)
        monkeypatch.setattr("dataflow.serving.pacing.lane.time.monotonic", lambda: self.now)
        self.lane = Lane("a", CEILING)
        self.limits: list[float] = []
        self.pending: list[tuple[float, int, Pass, str]] = []
        self.sent = 0

    def run(self, answers: int, outcome: Callable[[int], str], latency: Callable[[int], float]) -> float:
        """Answer so many requests, always as many in flight as the lane lets; the throughput of the second half.

        Args:
            outcome: what a request gets, by how many are in flight.
            latency: seconds, likewise.
        """
        pending = self.pending
        good: list[float] = []
        for _ in range(answers):
            while self.lets_through():
                leave = self.lane.enter(0, self.now)
                kind = outcome(self.lane.in_flight)
                took = 0.01 if kind == "throttled" else latency(self.lane.in_flight)
                self.sent += 1
                heapq.heappush(pending, (self.now + took, self.sent, leave, kind))
            at, _, leave, kind = heapq.heappop(pending)
            self.now = max(self.now, at)
            self.lane.leave(leave, Outcome(kind), alone=True)
            self.limits.append(self.lane.room.limit)
            if kind == "ok":
                good.append(self.now)
        half = good[len(good) // 2 :]
        return (len(half) - 1) / (half[-1] - half[0])

    def lets_through(self) -> bool:
        """Whether the lane lets the next one through before the next answer comes; the clock goes on until then."""
        while (nap := self.lane.nap(0, self.now)) > 0:
            if self.pending and self.now + nap > self.pending[0][0]:
                return False
            self.now += nap
        return True


def test_five_percent_of_random_refusals_do_not_shrink_it_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    lane = Simulation(monkeypatch)
    lane.run(6000, lambda _: "throttled" if lane.rng.random() < 0.05 else "ok", lambda _: lane.rng.uniform(0.2, 0.6))
    assert sum(lane.limits) / len(lane.limits) > 0.95 * CEILING
    assert lane.limits[-1] > 0.9 * CEILING


def test_it_falls_to_what_the_endpoint_carries_and_grows_back(monkeypatch: pytest.MonkeyPatch) -> None:
    lane = Simulation(monkeypatch)
    lane.run(3000, lambda n: "throttled" if n > 16 else "ok", lambda _: 0.3)
    steady = lane.limits[1500:]
    assert 10 < sum(steady) / len(steady) < 24
    lane.run(4000, lambda _: "ok", lambda _: 0.3)
    assert lane.limits[-1] == CEILING


def test_a_server_that_queues_instead_of_refusing_gets_less_and_answers_as_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    knee = 16
    lane = Simulation(monkeypatch)
    throughput = lane.run(6000, lambda _: "ok", lambda n: 0.3 * max(1.0, n / knee) * lane.rng.uniform(0.9, 1.1))
    steady = lane.limits[3000:]
    assert sum(steady) / len(steady) < CEILING * 0.75
    assert throughput > 0.9 * knee / 0.3


def test_latency_that_is_the_endpoints_nature_costs_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    lane = Simulation(monkeypatch)
    lane.run(6000, lambda _: "ok", lambda _: lane.rng.lognormvariate(-0.9, 0.6))
    assert lane.limits[-1] == CEILING
    assert sum(lane.limits) / len(lane.limits) > 0.95 * CEILING


def test_latency_that_rises_for_good_is_tried_out_and_then_taken_for_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    lane = Simulation(monkeypatch)
    lane.run(600, lambda _: "ok", lambda _: 0.3 * lane.rng.lognormvariate(0, 0.4))
    lane.limits.clear()
    lane.run(3000, lambda _: "ok", lambda _: 0.9 * lane.rng.lognormvariate(0, 0.4))
    assert min(lane.limits) >= CEILING / 4
    assert sum(lane.limits) / len(lane.limits) > 0.9 * CEILING
    assert lane.limits[-1] == CEILING


def test_everybody_waits_for_retry_after_only_when_refusals_follow_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    lane = Simulation(monkeypatch)
    for share, seconds in ((0.2, LONGEST_HOLD), (1.0, 7.0)):
        for number in range(20):
            leave = lane.lane.enter(0, lane.now)
            refused = number % 5 < share * 5
            outcome = Outcome("throttled", retry_after=7.0) if refused else Outcome("ok")
            lane.lane.leave(leave, outcome, alone=True)
        assert lane.lane.nap(0, lane.now) <= seconds
    assert lane.lane.nap(0, lane.now) == pytest.approx(7.0)


def test_headers_that_say_nothing_remains_hold_the_next_request(monkeypatch: pytest.MonkeyPatch) -> None:
    lane = Simulation(monkeypatch)
    leave = lane.lane.enter(0, lane.now)
    headers = {
        "x-ratelimit-limit-requests": "10",
        "x-ratelimit-remaining-requests": "0",
        "x-ratelimit-reset-requests": "5s",
    }
    lane.lane.leave(leave, Outcome("ok", headers), alone=True)
    assert 0 < lane.lane.nap(0, lane.now) <= 5
    lane.now += 1
    assert lane.lane.nap(0, lane.now) == 0
