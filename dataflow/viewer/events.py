"""Server-sent events: what changed, to every page that is open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import orjson

HEARTBEAT_SECONDS = 15.0
_MOST_WAITING = 64


class Events:
    """Hands what is told to every listener. One that does not read loses the oldest, never the newest."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[dict[str, Any]]] = set()

    def tell(self, event: dict[str, Any]) -> None:
        """Tell all listeners; call it on the event loop."""
        for queue in self._listeners:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(event)

    async def listen(self, now: Callable[[], dict[str, Any]]) -> AsyncIterator[bytes]:
        """The stream for one page.

        Args:
            now: how things are; told at once, when nothing can be missed any more, and again after a long silence.
        """
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(_MOST_WAITING)
        self._listeners.add(queue)
        try:
            yield b"retry: 1000\n\n" + _event(now())
            while True:
                try:
                    yield _event(await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS))
                except TimeoutError:
                    yield _event(now())
        finally:
            self._listeners.discard(queue)


def _event(event: dict[str, Any]) -> bytes:
    return b"data: " + orjson.dumps(event) + b"\n\n"
