"""Limiters in a known state, for tests of who may ask."""

from __future__ import annotations

import asyncio

from dataflow.serving.pacing.call import Call
from dataflow.serving.pacing.lane import Outcome
from dataflow.serving.pacing.limiter import Limiter

OK = Outcome("ok")


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def opened(*urls: str, ceiling: int) -> Limiter:
    """A limiter whose endpoint has already answered once."""
    limiter = Limiter(urls or ("a",), ceiling)
    limiter.release(await limiter.acquire(Call(0)), OK)
    return limiter
