"""Two tries for each picture, so that those which take long keep no others waiting.

A first try is short, and all take their turn in it. What has not ended then is made aside, one after another, while
whoever asked is told to ask again: a browser has six connections for one server, and a picture that is waited for holds
one. What cost its process is remembered, and not tried again while its file stays as it is.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from dataflow.core.errors import DataFlowError, MediaError
from dataflow.media.byte_cache import ByteCache
from dataflow.media.pool import Costly, Room, TooSlow

T = TypeVar("T")
_log = logging.getLogger(__name__)

FIRST_CPU_SECONDS = 1.5
"""Of the first try: the import of the decoders and a photo of 24 megapixels take half of it."""
FIRST_SECONDS = 20.0
"""The same for what waits instead of computing, and for machines on which others compute."""
LAST_SECONDS = 30.0
"""Of the second try: a hundred million pixels take ten."""
MOST_WAITING = 64
"""Pictures in the slow lane; further ones come in when they are asked for again."""
MOST_REMEMBERED = 10_000


class StillDecoding(DataFlowError):
    """The picture takes long and is being made; ask again."""


@dataclass(frozen=True, slots=True)
class Try:
    """How long one try may take, and whose places it takes; as for `run_isolated`.

    Args:
        timeout: seconds.
        cpu_seconds: of computing; 0 is no bound.
        room: its places; none is that of its kind.
    """

    timeout: float
    cpu_seconds: float = 0.0
    room: Room | None = None


FIRST = Try(FIRST_SECONDS, FIRST_CPU_SECONDS)
LAST = Try(LAST_SECONDS, room="slow")


class Lanes(Generic[T]):
    """Makes what is asked for in one of two tries, and keeps it.

    Args:
        max_bytes: of what is kept.
        size: the bytes of a value.
    """

    def __init__(self, max_bytes: int, size: Callable[[T], int]) -> None:
        self.made: ByteCache[T] = ByteCache(max_bytes, size)
        self._under_way: dict[Hashable, asyncio.Task[None]] = {}
        self._known: OrderedDict[Hashable, str] = OrderedDict()  # why it failed; nothing where it is merely slow

    async def get(self, key: Hashable, make: Callable[[Try], Awaitable[T]]) -> T:
        """What is kept, or can be made in a first try.

        Args:
            key: everything that changes the value.
            make: makes it, within the try that it is given.

        Raises:
            StillDecoding: it takes long, and is made meanwhile.
            MediaError: it cannot be made.
        """
        if self._known.get(key):
            raise MediaError(self._known[key])
        if key in self.made:
            return await self.made.get(key, lambda: make(FIRST))
        if key not in self._known:
            try:
                return await self.made.get(key, lambda: make(FIRST))
            except TooSlow:
                self._remember(key, "")
            except Costly as error:
                self._remember(key, str(error))
                raise
        if key not in self._under_way and len(self._under_way) < MOST_WAITING:
            self._under_way[key] = asyncio.ensure_future(self._last(key, make))
        raise StillDecoding("this takes long to decode; ask again")

    async def _last(self, key: Hashable, make: Callable[[Try], Awaitable[T]]) -> None:
        try:
            await self.made.get(key, lambda: make(LAST))
        except DataFlowError as error:  # who asks next is told
            _log.info("not tried again while its file stays as it is: %s", error)
            self._remember(key, str(error))
        finally:
            self._under_way.pop(key, None)

    def _remember(self, key: Hashable, why: str) -> None:
        self._known[key] = why
        self._known.move_to_end(key)
        if len(self._known) > MOST_REMEMBERED:
            self._known.popitem(last=False)
