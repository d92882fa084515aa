"""How many requests an endpoint is given at once, and who goes next.

In-flight requests start at the ceiling, fall to what the endpoint demonstrably carries when a substantial share of a
round trip's answers is throttled, and grow back. Room is given in the order of the samples, so that the next question
of an early sample goes before the first question of a late one.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools

SUBSTANTIAL_SHARE = 0.2
"""Throttled answers in a round trip above which the endpoint is overasked; random refusals stay below it."""

GROWTH = 0.1
"""By how much of the ceiling the limit grows back after a round trip without substantial throttling."""


class Limiter:
    """Room for requests at one endpoint. Lives on the event loop.

    Args:
        ceiling: how many requests may be in flight at most.
    """

    def __init__(self, ceiling: int) -> None:
        self.ceiling = ceiling
        self.limit = float(ceiling)
        self.in_flight = 0
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._ticket = itertools.count()
        self._answers = 0
        self._throttled = 0

    async def acquire(self, order: int) -> None:
        """Wait for room; smaller orders go first, and among equals whoever came first."""
        if self.in_flight < int(self.limit) and not self._waiting:
            self.in_flight += 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (order, next(self._ticket), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.release()
            raise

    def release(self, *, throttled: bool | None = None) -> None:
        """Give room back.

        Args:
            throttled: whether the endpoint refused because it is asked too much; None when the try says nothing of
                that (a timeout, a dropped connection).
        """
        self.in_flight -= 1
        if throttled is not None:
            self._answers += 1
            self._throttled += throttled
            if self._answers >= max(8, int(self.limit)):
                self._adapt()
        self._wake()

    def _adapt(self) -> None:
        share = self._throttled / self._answers
        if share > SUBSTANTIAL_SHARE:
            self.limit = max(1.0, self.limit * (1 - share))
        else:
            self.limit = min(float(self.ceiling), self.limit + max(1.0, GROWTH * self.ceiling))
        self._answers = self._throttled = 0

    def _wake(self) -> None:
        while self._waiting and self.in_flight < int(self.limit):
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():
                self.in_flight += 1
                turn.set_result(None)
