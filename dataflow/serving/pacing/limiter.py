"""Who may ask next, and which endpoint.

Room is given in the order of the samples, so that the next question of an early sample goes before the first question
of a late one. Until the first answer has shown that the endpoint works at all, only a few are asked.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
import time
from collections.abc import Sequence

from dataflow.core import EndpointState
from dataflow.core.times import duration
from dataflow.serving.pacing.allowance import Allowance
from dataflow.serving.pacing.call import Call
from dataflow.serving.pacing.doubts import Verdict
from dataflow.serving.pacing.lane import Lane, Outcome, Pass
from dataflow.serving.pacing.proof import Proof

_log = logging.getLogger(__name__)

BREATH_SECONDS = 1.0
"""For so long others can still arrive before one refusal is taken for that of all."""

_Waiting = tuple[int, int, int, int, float, "asyncio.Future[Pass]"]
"""Who waits for room: rank, place of the sample, ticket, questions left, tokens, and where to hand the pass."""


class Limiter:
    """Room for requests at one or several endpoints. Lives on the event loop, and over all the runs that ask here.

    Args:
        urls: the endpoints; each request goes to the least loaded.
        ceiling: how many requests may be in flight at most at each of them together.
        requests_per_minute: what the user allows; None allows all.
        tokens_per_minute: likewise.
    """

    def __init__(
        self,
        urls: Sequence[str],
        ceiling: int,
        requests_per_minute: float | None = None,
        tokens_per_minute: float | None = None,
    ) -> None:
        self.ceiling = ceiling
        self.in_flight = 0
        self.lanes = [Lane(url, ceiling) for url in urls]
        self._requests = Allowance(requests_per_minute) if requests_per_minute else None
        self._tokens = Allowance(tokens_per_minute) if tokens_per_minute else None
        self._prefer_longest = False
        self._waiting: list[_Waiting] = []
        self._calls: set[Call] = set()
        self._told: dict[Call, float] = {}
        self._closed: Exception | None = None
        self._ticket = itertools.count()
        self._alarm: asyncio.TimerHandle | None = None
        self._rings_at = 0.0
        self._proof = Proof(self._admit)

    def begin(self, order: int = 0, bill: object = None) -> Call:
        """Register a question for as long as it is on its way; `end` takes it back."""
        call = Call(order, bill)
        self._calls.add(call)
        return call

    def end(self, call: Call) -> None:
        """A question has its answer, or will have none."""
        self._calls.discard(call)
        if any(lane.doubts.held for lane in self.lanes):
            self._look_later()

    async def acquire(self, call: Call, tokens: float = 0.0, left: int = 1) -> Pass:
        """Wait for room; smaller orders go first, and among equals whoever came first.

        Args:
            call: who asks.
            tokens: what the request is estimated to take.
            left: how many questions in a row the sample still has, this one included.

        Raises:
            Exception: what the call was given up for, or the limiter was closed with.
        """
        self._check(call)
        if not self._waiting:
            now = time.monotonic()
            _, lane = self._next(tokens, now)
            if lane is not None:
                return self._grant(lane, tokens, now)
        turn: asyncio.Future[Pass] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (self._rank(left), call.order, next(self._ticket), left, tokens, turn))
        self._admit()
        call.turn = turn
        try:
            leave = await turn
            # Given up between being let in and waking up, as by the answer before it that spent the budget.
            self._check(call)
            return leave
        except BaseException:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self.release(turn.result(), Outcome("unasked"))
            raise
        finally:
            call.turn = None

    def prefer_longest(self, on: bool) -> None:
        """From now on those with the most questions left go first, or no longer."""
        self._prefer_longest = on
        self._waiting = [(self._rank(entry[3]), *entry[1:]) for entry in self._waiting]
        heapq.heapify(self._waiting)

    def _rank(self, left: int) -> int:
        return -left if self._prefer_longest else 0

    async def rest(self, call: Call, seconds: float, *, told: bool = False) -> None:
        """Wait before another try.

        Args:
            call: who waits.
            seconds: how long.
            told: the endpoint asks for it.

        Raises:
            Exception: what the call was given up for meanwhile.
        """
        self._check(call)
        loop = asyncio.get_running_loop()
        nap: asyncio.Future[None] = loop.create_future()
        alarm = loop.call_later(seconds, _wake, nap)
        call.turn = nap
        if told:
            self._told[call] = time.time() + seconds
        try:
            await nap
        finally:
            alarm.cancel()
            call.turn = None
            self._told.pop(call, None)

    @property
    def answers(self) -> int:
        """How many replies of the model have come, whatever they held."""
        return sum(lane.doubts.answers for lane in self.lanes)

    @property
    def waits_until(self) -> float | None:
        """When (seconds since the epoch) somebody may ask again, where nobody may now because the endpoint says so. May
        be read from any thread."""
        told = tuple(self._told.values())
        return min(told) if told and not self.in_flight else None

    def states(self) -> tuple[EndpointState, ...]:
        """How each endpoint stands. May be called from any thread."""
        now, epoch = time.monotonic(), time.time()
        return tuple(lane.state(now, epoch) for lane in self.lanes)

    async def verdict(self, call: Call, lane: Lane) -> Verdict:
        """Count a refusal, and wait to see what it is about: whether the endpoint answers another request after all,
        refuses a streak of samples, or all that there are.

        Raises:
            Exception: what the call was given up for meanwhile.
        """
        self._check(call)
        if lane.doubts.refused(call.sample):
            return Verdict.STREAK
        verdict: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        call.turn = verdict
        lane.doubts.hold(verdict)
        self._look_later()
        try:
            return await verdict
        finally:
            call.turn = None

    def _look_later(self) -> None:
        """Look whether all calls are held, after a moment in which others can arrive."""
        asyncio.get_running_loop().call_later(BREATH_SECONDS, self._look)

    def _look(self) -> None:
        if sum(lane.doubts.held for lane in self.lanes) >= len(self._calls):
            for lane in self.lanes:
                lane.doubts.nobody_is_left()

    def leave_alone(self, lane: Lane, seconds: float, longest: float) -> float | None:
        """Ask an endpoint nothing for so long; how long it takes until any may be asked, or None where that is within
        `longest` seconds."""
        now = time.monotonic()
        lane.rest_until(now + seconds)
        soonest = min(other.rests_for(now) for other in self.lanes)
        return soonest if soonest > longest else None

    def give_up(self, reason: Exception, bill: object = None) -> None:
        """Hand the reason to the calls on this bill (None: to all) that wait or will; what is at the endpoint comes
        in."""
        for call in self._calls:
            if bill is None or call.bill is bill:
                call.give_up(reason)

    def close(self, reason: Exception) -> None:
        """Let nobody ask any more: all calls are handed the reason, and so is whoever comes later."""
        self._closed = reason
        self.give_up(reason)

    def _check(self, call: Call) -> None:
        if call.given_up is not None:
            raise call.given_up
        if self._closed is not None:
            raise self._closed

    def release(self, leave: Pass, outcome: Outcome) -> None:
        """Give room back, and learn from how the request ended."""
        self.in_flight -= 1
        now = time.monotonic()
        rested = leave.lane.rests_for(now)
        leave.lane.leave(leave, outcome, alone=not any(x.alive(now) for x in self.lanes if x is not leave.lane))
        if (rests := leave.lane.rests_for(now)) and not rested:
            _log.info("%s is left alone for %s (%s)", leave.lane.url, duration(rests), outcome.kind)
        if outcome.kind in ("ok", "empty"):
            leave.lane.doubts.answered()
        if outcome.kind in ("ok", "throttled"):
            self._proof.give()
        elif outcome.kind in ("unasked", "unreached"):
            self._proof.take_back()
        if self._tokens is not None and leave.charge is not None and outcome.tokens:
            self._tokens.correct(leave.charge, outcome.tokens)
        self._admit()

    def vouch(self) -> None:
        """The endpoint is known to answer, from before: it need not show it."""
        self._proof.give()
        self._admit()

    def all_failed_alike(self, message: str, lane: Lane) -> bool:
        """Count a failed request; whether it is the last of the first ones, and all of them failed in the same way, at
        every endpoint that was asked."""
        return self._proof.all_failed_alike(message, lane, [other for other in self.lanes if other.in_flight])

    def _admit(self) -> None:
        now = time.monotonic()
        while self._waiting:
            *_, tokens, turn = self._waiting[0]
            if turn.done():
                heapq.heappop(self._waiting)
                continue
            nap, lane = self._next(tokens, now)
            if lane is None:
                self._wake_in(nap)
                return
            heapq.heappop(self._waiting)
            turn.set_result(self._grant(lane, tokens, now))

    def _grant(self, lane: Lane, tokens: float, now: float) -> Pass:
        """Count a request that may be asked now."""
        self.in_flight += 1
        self._proof.count()
        if self._requests is not None:
            self._requests.spend(1, now)
        charge = None if self._tokens is None else self._tokens.spend(tokens, now)
        return lane.enter(tokens, now, charge)

    def _next(self, tokens: float, now: float) -> tuple[float, Lane | None]:
        """The endpoint to ask now, or how long (seconds) nobody may be asked."""
        if self.in_flight >= self.ceiling or self._proof.awaited:
            return float("inf"), None
        nap = max(
            self._requests.nap(1, now) if self._requests is not None else 0.0,
            self._tokens.nap(tokens, now) if self._tokens is not None else 0.0,
        )
        if nap > 0:
            return nap, None
        naps = [(lane.nap(tokens, now), lane.load, number) for number, lane in enumerate(self.lanes)]
        nap, _, number = min(naps)
        return nap, self.lanes[number] if nap <= 0 else None

    def _wake_in(self, seconds: float) -> None:
        if seconds == float("inf"):
            return
        # The time is kept here: uvloop's handle of an immediate call does not know its own.
        when = time.monotonic() + seconds
        if self._alarm is not None:
            if self._rings_at <= when:
                return
            self._alarm.cancel()
        self._rings_at = when
        self._alarm = asyncio.get_running_loop().call_later(seconds, self._ring)

    def _ring(self) -> None:
        # Cleared first: a timer that rings a little early must be able to set itself anew.
        self._alarm = None
        self._admit()


def _wake(nap: asyncio.Future[None]) -> None:
    if not nap.done():
        nap.set_result(None)
