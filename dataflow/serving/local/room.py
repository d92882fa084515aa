"""Who may enter an engine, and when: by the tokens that its cache holds, in the order of the samples.

An engine that is given all requests at once fills its cache with new samples, and by the time the second question of a
sample comes, the prefix that the first one left there is overwritten. So half of the cache is kept for them, as long as
questions do come back; where none do, as in a step of its own, all of it is used.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections import deque

KEPT = 0.5
"""Share of the cache for prefixes of answered requests: all that run may end in the same step and leave one each."""

FEW = 16
"""Answers without a second question after which at the earliest none is expected any more."""


class Room:
    """Counts the tokens of what runs in an engine. Lives on an event loop.

    Args:
        tokens: what the cache holds.
    """

    def __init__(self, tokens: int) -> None:
        self._tokens = tokens
        self._used = 0
        self._running = 0
        self._waiting: list[tuple[int, int, int, asyncio.Future[None]]] = []
        self._ticket = itertools.count()
        self._answered: deque[int] = deque()
        self._alone = 0
        self._keeps = True

    @property
    def limit(self) -> int:
        """Tokens that may run at once."""
        return int(self._tokens * KEPT) if self._keeps else self._tokens

    async def enter(self, order: int, tokens: int) -> int:
        """Wait for room; smaller orders go first, and nobody is overtaken for being large.

        Args:
            order: the place of the sample in the dataset.
            tokens: what the request is expected to take.

        Returns:
            The tokens to hand back to `leave`.
        """
        if order in self._answered:
            self._alone, self._keeps = 0, True
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (order, next(self._ticket), tokens, turn))
        self._admit()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._give_back(tokens)
            raise
        return tokens

    def correct(self, tokens: int, really: int) -> int:
        """Count what a request in the engine really takes; returns that."""
        self._used += really - tokens
        self._admit()
        return really

    def leave(self, order: int, tokens: int) -> None:
        """Give room back after an answer."""
        many = max(FEW, 2 * self._running)
        self._alone += 1
        self._keeps = self._keeps and self._alone < many
        self._answered.append(order)
        while len(self._answered) > many:
            self._answered.popleft()
        self._give_back(tokens)

    def _give_back(self, tokens: int) -> None:
        self._used -= tokens
        self._running -= 1
        self._admit()

    def _admit(self) -> None:
        while self._waiting:
            _, _, tokens, turn = self._waiting[0]
            if turn.done():
                heapq.heappop(self._waiting)
                continue
            if self._running and self._used + tokens > self.limit:
                return
            heapq.heappop(self._waiting)
            self._used += tokens
            self._running += 1
            turn.set_result(None)
