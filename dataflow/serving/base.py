"""What all servings share: room for so many requests at once, and asking again where that can help."""

from __future__ import annotations

import asyncio
import random
import time
from abc import abstractmethod
from typing import Any

from dataflow.core import Request, RequestRefused, Response, TransientError, VLMServingABC
from dataflow.engine.limiter import Limiter

FIRST_WAIT = 0.5
LONGEST_WAIT = 60.0


class ServingBase(VLMServingABC):
    """A serving with a limiter and patience. Write `generate` and `identity`.

    Args:
        max_workers: how many requests may be in flight at most.
        patience: seconds for which a request that could succeed later is asked again.
    """

    def __init__(self, max_workers: int = 64, patience: float = 900.0) -> None:
        if max_workers < 1:
            raise ValueError(f"max_workers must be at least 1, not {max_workers}")
        self.max_workers = max_workers
        self.patience = patience
        self._limiter: Limiter | None = None

    @abstractmethod
    async def generate(self, request: Request) -> Response:
        """Answer one request, once."""

    async def answer(self, request: Request, *, order: int = 0) -> Response:
        """Answer one request within the limits, asking again where that can help.

        Raises:
            RequestRefused: patience is used up; the message says what the last try met.
        """
        limiter = self._limiter
        if limiter is None:
            limiter = self._limiter = Limiter(self.max_workers)
        deadline = time.monotonic() + self.patience
        tries = 0
        while True:
            await limiter.acquire(order)
            throttled: bool | None = None
            try:
                response = await self.generate(request)
                throttled = False
                return response
            except TransientError as error:
                throttled = error.throttled if error.status is not None else None
                wait = _wait(error, tries)
                if time.monotonic() + wait > deadline:
                    raise RequestRefused(f"gave up after {tries + 1} tries in {self.patience:g} s: {error}") from error
            finally:
                limiter.release(throttled=throttled)
            tries += 1
            await asyncio.sleep(wait)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_limiter": None}


def _wait(error: TransientError, tries: int) -> float:
    """Seconds until the next try: what the endpoint says, else exponential with full jitter.

    The jitter follows M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
    """
    if error.retry_after is not None:
        return error.retry_after
    return random.uniform(0, min(LONGEST_WAIT, FIRST_WAIT * 2**tries))
