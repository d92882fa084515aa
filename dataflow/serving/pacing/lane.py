"""One endpoint as its answers show it: how much it carries at once, how fast, and whether it is alive."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from dataflow.core import EndpointState
from dataflow.serving.pacing.allowance import Charge
from dataflow.serving.pacing.doubts import Doubts
from dataflow.serving.pacing.evidence import Evidence
from dataflow.serving.pacing.gate import FIRST_WAIT, Closing, Gate
from dataflow.serving.pacing.rate import Rate
from dataflow.serving.pacing.refill import Refill, Spent
from dataflow.serving.pacing.room import Room

DEAD_AFTER = 5
"""Requests in a row without a complete reply after which an endpoint rests; then one request at a time tries it."""

REFILLED = 2.0
"""So many requests must have flowed in by the rate that is known before one feels whether they have."""

LONGEST_HOLD = 0.2
"""Seconds for which the others are held, at most, while one request shows whether a bucket is empty."""

FIRST_REST, LONGEST_REST = 2.0, 60.0

EVENLY, AT_A_TIME, UNFELT = 2.0, 2, 0.1
"""Times the mean rate at which is asked at most, but for so many at a time, where answers take longer than so many
seconds. Where all take equally long, requests come and go as one wave, and what an endpoint refuses of it would be
heard of when all of it is sent."""


Kind = Literal["ok", "empty", "throttled", "error", "broken", "unreached", "unasked"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one try ended.

    Args:
        kind: `ok`; `empty` (the model replied, but without an answer); `throttled` (refused because it is asked too
            much); `error` (any other complete reply); `broken` (no complete reply); `unreached` (likewise, but for a
            reason on this side); `unasked` (it ended for a reason of ours, and tells nothing of the endpoint).
        headers: of the reply.
        retry_after: seconds the endpoint asks to wait.
        tokens: what the request really took, where the reply says.
    """

    kind: Kind
    headers: Mapping[str, str] = field(default_factory=dict)
    retry_after: float | None = None
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class Pass:
    """Leave to ask, to be given back with the outcome.

    Args:
        lane: the endpoint.
        sent: when (monotonic seconds).
        tokens: what it is estimated to take.
        number: of the request, counted from 1.
        load: how many were in flight with it, itself included.
        spent: what was spent of the buckets that headers tell of.
        early: sent while the endpoint had little else to do.
        charge: what it takes of the tokens that the user allows.
    """

    lane: Lane
    sent: float
    tokens: float
    number: int
    load: int
    spent: Spent
    early: bool
    charge: Charge | None


class Lane:
    """The way to one endpoint. Lives on the event loop.

    Args:
        url: the endpoint.
        ceiling: how many requests may be in flight at most.
    """

    def __init__(self, url: str, ceiling: int) -> None:
        self.url = url
        self.in_flight = self.asked = self.refusals = 0
        self.doubts = Doubts()
        self.room = Room(ceiling, time.monotonic())
        self.rate = Rate()
        self.refill = Refill()
        self.gate = Gate()
        self._evidence = Evidence()
        self._under_way: dict[int, Pass] = {}
        self._resting_until = 0.0
        self._broken = 0
        self._dead = False
        self._rest = FIRST_REST
        self._judged = 0
        self._least = ceiling
        self._latency = 0.0
        self._next_at = 0.0

    def nap(self, tokens: float, now: float) -> float:
        """Seconds until this endpoint may be asked; 0 when now, infinity when only an answer can make room."""
        if self.gate.opens(now):
            self._open(now)
        if self.in_flight >= (1 if self._dead else int(self.room.limit)):
            return float("inf")
        pace = self.rate.nap(now) if self.gate.closing is None else self.gate.nap(now)
        return max(self._resting_until - now, pace, self.refill.nap(tokens, now), self._next_at - now, 0.0)

    @property
    def load(self) -> float:
        """In-flight requests as a share of what the endpoint carries."""
        return self.in_flight / self.room.limit

    @property
    def limited(self) -> bool:
        """Whether it lets nobody through because it is asked too much: who was refused need not wait alone."""
        return self.gate.closing is not None

    def state(self, now: float, epoch: float) -> EndpointState:
        """How it stands at present, which is `now` (monotonic) and `epoch` (since the epoch)."""
        rests = self.rests_for(now)
        return EndpointState(
            url=self.url,
            in_flight=self.in_flight,
            room=int(self.room.limit),
            per_second=self.rate.per_second,
            resting_until=epoch + rests if rests else None,
            asked=self.asked,
            refusals=self.refusals,
        )

    def alive(self, now: float) -> bool:
        """Whether it answered of late."""
        return not self._dead or now >= self._resting_until

    def rests_for(self, now: float) -> float:
        """Seconds for which it asks everybody to wait, or is left out."""
        return max(0.0, self._resting_until - now, self.gate.rests_for(now))

    def rest_until(self, when: float) -> None:
        """Leave it alone until then (monotonic seconds)."""
        self._resting_until = max(self._resting_until, when)

    def enter(self, tokens: float, now: float, charge: Charge | None = None) -> Pass:
        """Count a request that is sent now."""
        early = self.room.is_early(self.in_flight)
        self.in_flight += 1
        self.asked += 1
        if self._latency > UNFELT:
            apart = self._latency / (EVENLY * self.room.limit)
            self._next_at = max(self._next_at, now - AT_A_TIME * apart) + apart
        self.rate.spend(now)
        self.gate.entered(self.asked, now)
        spent = self.refill.spend(tokens, now)
        leave = Pass(self, now, tokens, self.asked, self.in_flight, spent, early, charge)
        self._under_way[leave.number] = leave
        return leave

    def leave(self, leave: Pass, outcome: Outcome, *, alone: bool) -> None:
        """Learn from how a request ended.

        Args:
            alone: there is no other endpoint that could be asked while this one rests.
        """
        now = time.monotonic()
        self.in_flight -= 1
        del self._under_way[leave.number]
        self.refill.read(outcome.headers, leave.spent, leave.sent, self._under_way.values(), now)
        if outcome.kind == "throttled":
            self._refused(leave, outcome.retry_after, now)
        elif self.gate.is_feeler(leave.number):
            if outcome.kind in ("unasked", "broken", "unreached"):
                self.gate.lost()
            else:
                self._open(now)
        if outcome.kind == "unasked":
            return
        if outcome.kind in ("broken", "unreached"):
            self._count_broken(now, alone)
            return
        self._broken, self._dead, self._rest = 0, False, FIRST_REST
        if outcome.kind in ("ok", "empty"):
            self._latency += (now - leave.sent - self._latency) / self.room.ceiling
            self.room.answered(now - leave.sent, leave.load, self.in_flight, now, early=leave.early)

    def _refused(self, leave: Pass, told: float | None, now: float) -> None:
        """Learn from a refusal: it is a matter of chance, of how many there are at once, or of an empty bucket."""
        self.refusals += 1
        self.rate.refused(leave.number)
        self.gate.heard(now - leave.sent)
        self._least = min(self._least, leave.load)
        closing = self.gate.closing
        if closing is not None:
            if self.gate.is_feeler(leave.number):
                self.gate.close_again(told, now)
        elif self.room.took_too_many(leave.load, now) or leave.number < self._judged:
            return
        elif self._evidence.refused(leave.number, expected=self.rate.expects_empty(leave.sent)):
            self.refill.was_empty(leave.spent)
            per_second = self.rate.per_second
            self.gate.close(
                Closing(leave.sent, leave.number, self.asked + 1),
                told,
                now,
                REFILLED / per_second if per_second else FIRST_WAIT,
            )
        else:
            self.rate.probe(
                min(self.gate.known_by(now), now + LONGEST_HOLD) if self._evidence.nearly(self.asked) else now
            )

    def _open(self, now: float) -> None:
        """Go on, with what the refusals have shown."""
        closing = self.gate.open(now)
        if closing is None:
            return
        self._judged = closing.beyond
        let_in = max((other.load for other in self._under_way.values()), default=0)
        rate_known = self.rate.per_second is not None or self.rate.groping
        if not self.room.judge(self._least, let_in, now, rate_known=rate_known):
            self.rate.emptied(closing.sent, closing.number, self.asked + 1, now)
        self._least = self.room.ceiling

    def _count_broken(self, now: float, alone: bool) -> None:
        self._broken += 1
        # Those that were in flight when it died break together: that is one death, and one rest.
        if self._broken >= DEAD_AFTER and not alone and now >= self._resting_until:
            self._dead = True
            self._resting_until = now + self._rest
            self._rest = min(2 * self._rest, LONGEST_REST)
