"""Small files are read where they are needed while the disk is fast, and on threads once it has shown to be slow.

A hop to a thread costs more than reading a small file from a fast disk; a slow one, over a network, must never hold up
the event loop.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

SMALL_BYTES = 1 << 20
SLOW_SECONDS = 0.02
SLOW_AFTER = 3
"""Slow reads after which all go to threads: a single one may be the machine's doing and not the disk's."""

THREADS = 16

_slow_reads = 0
_threads: ThreadPoolExecutor | None = None


async def read_small(at_once: Callable[[], T | None], at_leisure: Callable[[], T]) -> T:
    """Do something that reads a file.

    Args:
        at_once: does it if that takes no time to speak of, and gives None if it would; called on the loop.
        at_leisure: does it in any case; called on a thread.
    """
    global _slow_reads
    if _slow_reads < SLOW_AFTER:
        begun = time.perf_counter()
        found = at_once()
        _slow_reads += time.perf_counter() - begun > SLOW_SECONDS
        if found is not None:
            return found
    return await asyncio.get_running_loop().run_in_executor(_pool(), at_leisure)


def _pool() -> ThreadPoolExecutor:
    global _threads
    if _threads is None:
        _threads = ThreadPoolExecutor(THREADS, thread_name_prefix="dataflow-read")
    return _threads
