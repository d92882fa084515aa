"""What was dear to get, kept while it is likely to be wanted again: a caption's frames for the question after it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class ByteCache(Generic[T]):
    """The values used last, bounded in bytes. Identical requests at the same time share one making.

    Args:
        max_bytes: of values kept; one larger than that is handed out and not kept.
        size: the bytes of a value.
    """

    def __init__(self, max_bytes: int, size: Callable[[T], int]) -> None:
        self.max_bytes = max_bytes
        self.held_bytes = 0
        self.made = 0
        """How many values were really made; tests read it."""
        self._size = size
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._under_way: dict[Hashable, asyncio.Task[T]] = {}

    def __contains__(self, key: Hashable) -> bool:
        return key in self._kept

    async def get(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """The value of a key, made unless it is kept or being made.

        Args:
            key: everything that changes the value.
            make: makes it; what it raises reaches all who wait for it, and is not kept.
        """
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        task = self._under_way.get(key)
        if task is None or task.get_loop() is not asyncio.get_running_loop():
            self.made += 1
            task = asyncio.ensure_future(self._make(key, make))
            self._under_way[key] = task
        # one waiter's end must not be the others'
        return await asyncio.shield(task)

    async def _make(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        try:
            value = await make()
        finally:
            self._under_way.pop(key, None)
        self._keep(key, value)
        return value

    def _keep(self, key: Hashable, value: T) -> None:
        size = self._size(value)
        if size > self.max_bytes:
            return
        self._kept[key] = value
        self.held_bytes += size
        while self.held_bytes > self.max_bytes:
            _, oldest = self._kept.popitem(last=False)
            self.held_bytes -= self._size(oldest)
