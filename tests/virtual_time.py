"""An event loop whose time passes only where everybody waits, so that an hour takes a moment and a busy machine changes
nothing: a test of waits then has one outcome."""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest

T = TypeVar("T")


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """Jumps to the next timer where nothing else is to be done.

    Args:
        start: what the clock shows first (seconds).
    """

    def __init__(self, start: float = 1000.0) -> None:
        super().__init__(_Jumps(self))
        self.now = start

    def time(self) -> float:
        return self.now


class _Jumps(selectors.DefaultSelector):  # type: ignore[valid-type, misc]
    """Waits for timers by moving the clock, and for files not at all: there are none in such tests."""

    def __init__(self, loop: VirtualTimeLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> Any:
        if timeout is None:
            raise AssertionError("everybody waits, and nothing will ever wake them")
        # A timer is due when the clock has passed it by less than its resolution, which sums of floats may miss.
        self._loop.now += timeout + (1e-9 if timeout else 0.0)
        return super().select(0)


def run_virtually(monkeypatch: pytest.MonkeyPatch, coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in virtual time, which `time.monotonic` and `time.time` show too; one that would wait for ever is
    an AssertionError."""
    loop = VirtualTimeLoop()
    epoch = time.time() - loop.now
    with monkeypatch.context() as patched:
        patched.setattr(time, "monotonic", lambda: loop.now)
        patched.setattr(time, "time", lambda: epoch + loop.now)
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            return runner.run(coroutine)
