"""The one event loop of the process, on a thread of its own.

Servings, their connections and their engines live here, so they survive from one `run` to the next, and a caller may
sit in a script, in another thread or in a notebook whose own loop is running.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")

_lock = threading.Lock()
_loop: asyncio.AbstractEventLoop | None = None
_owner: int | None = None
_closing: list[Callable[[], Coroutine[Any, Any, None]]] = []

CLOSE_SECONDS = 5.0


def _new_loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop
    except ImportError:  # not on this platform: asyncio's own loop does the same work, slower
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


def event_loop() -> asyncio.AbstractEventLoop:
    """The loop of this process, started at the first call; a forked child gets one of its own."""
    global _loop, _owner
    with _lock:
        if _loop is None or _owner != os.getpid():
            loop = _new_loop()
            threading.Thread(target=loop.run_forever, name="dataflow-loop", daemon=True).start()
            _loop, _owner = loop, os.getpid()
        return _loop


def submit(coroutine: Coroutine[Any, Any, T]) -> Future[T]:
    """Start a coroutine on the loop and return at once."""
    return asyncio.run_coroutine_threadsafe(coroutine, event_loop())


def run_blocking(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on the loop and wait for its result.

    Raises:
        RuntimeError: when called from the loop itself, which would wait for itself for ever.
    """
    if threading.current_thread().name == "dataflow-loop":
        coroutine.close()
        raise RuntimeError("this call waits for the event loop and must not be made on it; await the async method")
    return submit(coroutine).result()


def close_at_exit(close: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Have something on the loop closed when the process ends, so that no connection is left open."""
    if not _closing:
        atexit.register(_close_all)
    _closing.append(close)


def _close_all() -> None:
    if _owner != os.getpid():
        return
    for close in _closing:
        with suppress(Exception):  # the process ends either way
            submit(close()).result(timeout=CLOSE_SECONDS)
