"""One question on its way, and how those of one run are told from those of another."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Call:
    """One question on its way to its answer, over all tries.

    Args:
        order: the place of the sample in the dataset.
        bill: the run that asks; `give_up` ends the waiting of one run's calls only.
    """

    __slots__ = ("_preparing", "bill", "given_up", "order", "turn")

    def __init__(self, order: int = 0, bill: object = None) -> None:
        self.order = order
        self.bill = bill
        self.given_up: Exception | None = None
        self.turn: asyncio.Future[Any] | None = None
        """What it waits for: room, another try, or a verdict."""
        self._preparing: asyncio.Task[Any] | None = None

    @property
    def sample(self) -> tuple[int, int]:
        """What tells its sample from those of other calls, whatever run they belong to."""
        return id(self.bill), self.order

    def give_up(self, reason: Exception) -> None:
        """Hand it the reason, at once where it waits or is made ready, and else before its next try."""
        first, self.given_up = self.given_up is None, reason
        if self._preparing is not None:
            if first:
                self._preparing.cancel()
        elif self.turn is not None and not self.turn.done():
            self.turn.set_exception(reason)

    @contextmanager
    def made_ready(self) -> Iterator[None]:
        """In this block media are fetched and decoded. Nothing of it was paid: it ends when the call is given up.

        Raises:
            Exception: what the call was given up for.
        """
        if self.given_up is not None:
            raise self.given_up
        task = self._preparing = asyncio.current_task()
        try:
            yield
        except asyncio.CancelledError:
            if self.given_up is None or task is None or task.uncancel() > 0:
                raise  # somebody else's
            raise self.given_up from None
        finally:
            self._preparing = None
