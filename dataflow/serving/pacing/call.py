"""One question on its way, and how those of one run are told from those of another."""

from __future__ import annotations

import asyncio
from typing import Any


class Call:
    """One question on its way to its answer, over all tries.

    Args:
        order: the place of the sample in the dataset.
        bill: the run that asks; `give_up` ends the waiting of one run's calls only.
    """

    __slots__ = ("bill", "given_up", "order", "turn")

    def __init__(self, order: int = 0, bill: object = None) -> None:
        self.order = order
        self.bill = bill
        self.given_up: Exception | None = None
        self.turn: asyncio.Future[Any] | None = None
        """What it waits for: room, another try, or a verdict."""

    @property
    def sample(self) -> tuple[int, int]:
        """What tells its sample from those of other calls, whatever run they belong to."""
        return id(self.bill), self.order

    def give_up(self, reason: Exception) -> None:
        """Hand it the reason, at once where it waits, and else before its next try."""
        self.given_up = reason
        if self.turn is not None and not self.turn.done():
            self.turn.set_exception(reason)
