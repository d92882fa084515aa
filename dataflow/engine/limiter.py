"""Who may ask next, and which endpoint.

Room is given in the order of the samples, so that the next question of an early sample goes before the first question
of a late one. Until the first answer has shown that the endpoint works at all, only a few are asked.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import re
import time
from collections.abc import Sequence
from typing import Any

from dataflow.engine.allowance import Allowance
from dataflow.engine.lane import Lane, Outcome, Pass

PROOF = 20
"""Requests that are asked before an endpoint has shown that it works; when all of them fail alike, the run ends."""

PROOF_SECONDS = 0.04
"""A wrong parameter is refused at once. An endpoint that takes longer is at work, and is given the rest."""

PROOF_LOOKS = 4
"""Looks within that time: between them a busy loop reads what has arrived, so that its own delay proves nothing."""


_Waiting = tuple[int, int, int, int, float, "asyncio.Future[Pass]"]
"""Who waits for room: rank, place of the sample, ticket, questions left, tokens, and where to hand the pass."""


class Limiter:
    """Room for requests at one or several endpoints. Lives on the event loop.

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
        self._last_stretch = False
        self._waiting: list[_Waiting] = []
        self._resting: set[asyncio.Future[None]] = set()
        self._closed: Exception | None = None
        self._ticket = itertools.count()
        self._alarm: asyncio.TimerHandle | None = None
        self._rings_at = 0.0
        self._open = self._proven = False
        self._asked = 0
        self._failures: list[str] = []

    async def acquire(self, order: int, tokens: float = 0.0, left: int = 1) -> Pass:
        """Wait for room; smaller orders go first, and among equals whoever came first.

        Args:
            order: the place of the sample in the dataset.
            tokens: what the request is estimated to take.
            left: how many questions in a row the sample still has, this one included.

        Raises:
            Exception: what the limiter was closed with.
        """
        if self._closed is not None:
            raise self._closed
        if not self._waiting:
            now = time.monotonic()
            _, lane = self._next(tokens, now)
            if lane is not None:
                return self._grant(lane, tokens, now)
        turn: asyncio.Future[Pass] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (self._rank(left), order, next(self._ticket), left, tokens, turn))
        self._admit()
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.release(turn.result(), Outcome("unasked"))
            raise

    def last_stretch(self, begun: bool) -> None:
        """From now on those with the most questions left go first, or no longer."""
        self._last_stretch = begun
        self._waiting = [(self._rank(entry[3]), *entry[1:]) for entry in self._waiting]
        heapq.heapify(self._waiting)

    def _rank(self, left: int) -> int:
        return -left if self._last_stretch else 0

    async def rest(self, seconds: float) -> None:
        """Wait before another try.

        Raises:
            Exception: what the limiter was closed with meanwhile.
        """
        if self._closed is not None:
            raise self._closed
        loop = asyncio.get_running_loop()
        nap: asyncio.Future[None] = loop.create_future()
        alarm = loop.call_later(seconds, _wake, nap)
        self._resting.add(nap)
        try:
            await nap
        finally:
            alarm.cancel()
            self._resting.discard(nap)

    def close(self, reason: Exception) -> None:
        """Let nobody ask any more: whoever waits, for room or for another try, is handed the reason, and so is whoever
        comes later. What is at the endpoint comes in."""
        self._closed = reason
        waiting: list[asyncio.Future[Any]] = [*(turn for *_, turn in self._waiting), *self._resting]
        for turn in waiting:
            if not turn.done():
                turn.set_exception(reason)
        self._waiting.clear()

    def release(self, leave: Pass, outcome: Outcome) -> None:
        """Give room back, and learn from how the request ended."""
        self.in_flight -= 1
        now = time.monotonic()
        leave.lane.leave(leave, outcome, alone=not any(x.alive(now) for x in self.lanes if x is not leave.lane))
        if outcome.kind in ("ok", "throttled"):
            self._open = self._proven = True
        elif outcome.kind == "unasked":
            self._asked -= 1
        if self._tokens is not None and leave.charge is not None and outcome.tokens:
            self._tokens.correct(leave.charge, outcome.tokens)
        self._admit()

    def all_failed_alike(self, message: str) -> bool:
        """Count a failed request; whether it is the last of the first ones, and all of them failed in the same way."""
        if self._proven or len(self._failures) >= PROOF:
            return False
        self._failures.append(re.sub(r"https?://\S+|\w*\d\w*", "#", message))
        if len(self._failures) < PROOF:
            return False
        self._open = self._proven = len(set(self._failures)) > 1
        self._admit()
        return not self._proven

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
        self._asked += 1
        if self._requests is not None:
            self._requests.spend(1, now)
        charge = None if self._tokens is None else self._tokens.spend(tokens, now)
        if self._asked == PROOF:
            asyncio.get_running_loop().call_later(PROOF_SECONDS / PROOF_LOOKS, self._open_up, PROOF_LOOKS)
        return lane.enter(tokens, now, charge)

    def _next(self, tokens: float, now: float) -> tuple[float, Lane | None]:
        """The endpoint to ask now, or how long (seconds) nobody may be asked."""
        if self.in_flight >= self.ceiling or (not self._open and self._asked >= PROOF):
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

    def _open_up(self, looks: int) -> None:
        """Let the rest go where nothing has come back yet: that endpoint is at work, or far away."""
        if self._failures or self._open:
            return
        if looks > 1:
            asyncio.get_running_loop().call_later(PROOF_SECONDS / PROOF_LOOKS, self._open_up, looks - 1)
            return
        self._open = True
        self._admit()


def _wake(nap: asyncio.Future[None]) -> None:
    if not nap.done():
        nap.set_result(None)
