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
        self._listeners: set[asyncio.Queue[dict[str, Any] | None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended = False

    def end(self) -> None:
        """End all streams, so that the server need not break them off; call it from anywhere."""
        self._ended = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.tell, None)

    def tell(self, event: dict[str, Any] | None) -> None:
        """Tell all listeners, or end them with None; call it on the event loop."""
        for queue in self._listeners:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(event)

    async def listen(self, now: Callable[[], dict[str, Any]]) -> AsyncIterator[bytes]:
        """The stream for one page.

        Args:
            now: how things are; told at once, when nothing can be missed any more, and again after a long silence.
        """
        queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue(_MOST_WAITING)
        self._loop = asyncio.get_running_loop()
        self._listeners.add(queue)
        try:
            yield b"retry: 1000\n\n" + _event(now())
            while not self._ended:
                try:
                    event = await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    event = now()
                if event is None:
                    return
                yield _event(event)
        finally:
            self._listeners.discard(queue)


def _event(event: dict[str, Any]) -> bytes:
    return b"data: " + orjson.dumps(event) + b"\n\n"
