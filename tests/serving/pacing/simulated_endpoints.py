"""Endpoints in virtual time, as the study of limits (`LIMITER.md`) has them: what each takes, refuses, and says."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Protocol

from tests.server.draws import draw_latency, uniform_pair
from tests.server.limits import Bucket

LATENCY, SIGMA = 0.4, 0.5
"""Seconds: the median and the sigma of a lognormal distribution, with which the study's times come out."""

MINUTE = 60.0


class Refused(Exception):
    """A reply that says the endpoint is asked too much."""

    def __init__(self, retry_after: float | None, headers: Mapping[str, str]) -> None:
        super().__init__("429")
        self.retry_after = retry_after
        self.headers = headers


class Rule(Protocol):
    """What an endpoint lets in."""

    def take(self, now: float, in_flight: int) -> float | None:
        """Let a request in (None), or refuse it: seconds until another can be let in."""

    def headers(self) -> Mapping[str, str]:
        """What it truly holds, where it can be told."""


class TokenBucket:
    """So many a second, with a reserve; from a moment on at another rate.

    Args:
        rate: per second.
        size: of the reserve, which is full at first.
        later: seconds from the first request, and the rate from then on.
    """

    def __init__(self, rate: float, size: float, later: tuple[float, float] | None = None) -> None:
        self._bucket = Bucket(rate, size, 0.0)
        self._later = later
        self._began: float | None = None

    def take(self, now: float, in_flight: int) -> float | None:
        if self._began is None:
            self._began = self._bucket.filled_at = now
        if self._later is not None and now >= self._began + self._later[0]:
            self._bucket.take(0, self._began + self._later[0])
            self._bucket.rate, self._later = self._later[1], None
        return None if self._bucket.take(1, now) else self._bucket.seconds_until(1)

    def headers(self) -> dict[str, str]:
        """What it holds, as OpenAI's headers tell it."""
        return dict(self._bucket.headers("requests"))


class Quota:
    """So many a minute, counted anew with every minute."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._began: float | None = None
        self._taken = 0

    def take(self, now: float, in_flight: int) -> float | None:
        if self._began is None or now >= self._began + MINUTE:
            self._began = now if self._began is None else self._began + (now - self._began) // MINUTE * MINUTE
            self._taken = 0
        if self._taken >= self._per_minute:
            return self._began + MINUTE - now
        self._taken += 1
        return None

    def headers(self) -> Mapping[str, str]:
        return {}


class Places:
    """So many at once."""

    def __init__(self, most: int) -> None:
        self._most = most

    def take(self, now: float, in_flight: int) -> float | None:
        return None if in_flight < self._most else LATENCY

    def headers(self) -> Mapping[str, str]:
        return {}


class Everybody:
    """All that come."""

    def take(self, now: float, in_flight: int) -> float | None:
        return None

    def headers(self) -> Mapping[str, str]:
        return {}


class Endpoint:
    """Answers after a latency with a long tail, and counts.

    Args:
        rule: what it lets in.
        way: seconds that a request and its reply are on their way together.
        chance: share of requests that are refused although they could be let in.
        queue: answers per second, one after the other; 0 answers all at once.
        retry_after: `one` (always 1 second), `true` (rounded up to seconds), or `none`.
        headers: sent with every reply; None sends what is true.
        seed: of latencies and chance, drawn by request and by how often it was let in.
        sigma: of the latencies; 0 is no tail.
    """

    def __init__(
        self,
        rule: Rule,
        *,
        way: float = 0.0,
        chance: float = 0.0,
        queue: float = 0.0,
        retry_after: str = "one",
        headers: Mapping[str, str] | None = None,
        seed: int = 1,
        sigma: float = SIGMA,
    ) -> None:
        self._rule, self._way, self._chance, self._queue = rule, way, chance, queue
        self._retry_after, self._headers, self._seed, self._sigma = retry_after, headers, seed, sigma
        self._tries: dict[int, int] = {}
        self._free_at = 0.0
        self.in_flight = self.answered = self.refusals = 0

    async def ask(self, number: int) -> Mapping[str, str]:
        """The headers of an answer to request `number`.

        Raises:
            Refused: it is asked too much, or says so.
        """
        await asyncio.sleep(self._way / 2)
        now = time.monotonic()
        wait = self._rule.take(now, self.in_flight)
        headers = self._headers if self._headers is not None else self._rule.headers()
        if wait is None:
            tries = self._tries.get(number, 0)
            self._tries[number] = tries + 1
            u_chance, u_latency = uniform_pair(self._seed, b"%d" % number, tries)
            if u_chance < self._chance:
                wait = 1.0
            else:
                await self._work(now, draw_latency(LATENCY, self._sigma, u_latency))
        await asyncio.sleep(self._way / 2)
        if wait is not None:
            self.refusals += 1
            raise Refused(self._says(wait), headers)
        self.answered += 1
        return headers

    async def _work(self, now: float, seconds: float) -> None:
        if self._queue:
            self._free_at = max(self._free_at, now) + 1 / self._queue
            seconds += self._free_at - now
        self.in_flight += 1
        await asyncio.sleep(seconds)
        self.in_flight -= 1

    def _says(self, wait: float) -> float | None:
        return {"one": 1.0, "true": float(-(-wait // 1)), "none": None}[self._retry_after]
