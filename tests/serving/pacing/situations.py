"""The eighteen endpoints of the study of limits (`LIMITER.md`), and what asking each of them takes."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from dataflow.core import Message, Request, Response, TextPart, TransientError
from dataflow.serving import ServingBase
from tests.serving.pacing.simulated_endpoints import Endpoint, Everybody, Places, Quota, Refused, Rule, TokenBucket
from tests.virtual_time import run_virtually


@dataclass(frozen=True)
class Situation:
    """One row.

    Args:
        name: as the study has it.
        rule: makes what the endpoint lets in.
        learned: seconds and refusals of the study's column of that name.
        floor: likewise of a semaphore that sleeps for as long as it is told.
        requests: how many are asked.
        workers: in flight at most.
        settings: of the endpoint.
    """

    name: str
    rule: Callable[[], Rule]
    learned: tuple[float, int]
    floor: tuple[float, int]
    requests: int = 1000
    workers: int = 64
    settings: Mapping[str, Any] | None = None

    def endpoint(self, seed: int, **settings: Any) -> Endpoint:
        """A fresh endpoint."""
        return Endpoint(self.rule(), **{"headers": {}, "seed": seed, **(self.settings or {}), **settings})


def untrue(per_second: int) -> dict[str, str]:
    """Headers whose limit is one of the minute, and whose bucket is always full again in a second."""
    return {
        "x-ratelimit-limit-requests": str(60 * per_second),
        "x-ratelimit-remaining-requests": str(per_second),
        "x-ratelimit-reset-requests": "1s",
    }


_B100 = partial(TokenBucket, 100, 100)
_UNTRUE, _TRUE, _MUTE, _FAR = {"headers": untrue(100)}, {"headers": None}, {"retry_after": "none"}, {"way": 0.1}
CHANCE = {"chance": 0.05}

SITUATIONS = (
    Situation("untrue headers, 100/s, burst 100", _B100, (10.5, 10), (10.8, 152), settings=_UNTRUE),
    Situation("no headers, 100/s, burst 100", _B100, (10.5, 10), (10.8, 152)),
    Situation("no headers, no Retry-After", _B100, (10.3, 10), (15.8, 357), settings=_MUTE),
    Situation("true headers, 100/s, burst 100", _B100, (10.5, 0), (10.8, 152), settings=_TRUE),
    Situation("no headers, 100/s, burst 10", partial(TokenBucket, 100, 10), (11.2, 23), (13.5, 317)),
    Situation("no headers, 100 ms away", _B100, (10.3, 16), (10.7, 50), settings=_FAR),
    Situation("untrue headers, 100 ms away", _B100, (10.3, 16), (10.7, 50), settings=_UNTRUE | _FAR),
    Situation("5 % random 429", Everybody, (22.7, 163), (24.9, 163), 3000, settings=CHANCE),
    Situation("5 % random 429, 100 ms away", Everybody, (27.7, 163), (29.8, 163), 3000, settings=CHANCE | _FAR),
    Situation("5 % random 429, and 100/s", _B100, (11.5, 67), (10.8, 177), settings=CHANCE),
    Situation("3000 a minute, Retry-After 1", partial(Quota, 3000), (132.2, 21), (128.8, 4987), 7000),
    Situation(
        "3000 a minute, Retry-After true",
        partial(Quota, 3000),
        (128.8, 8),
        (128.7, 128),
        7000,
        settings={"retry_after": "true"},
    ),
    Situation("32 at once", partial(Places, 32), (30.6, 46), (29.6, 901), 2000),
    Situation("a server that queues, 60/s", Everybody, (25.8, 0), (25.8, 0), 1500, settings={"queue": 60.0}),
    Situation(
        "100/s, from 5 s on 300/s", partial(TokenBucket, 100, 100, (5, 300)), (20.7, 180), (18.2, 2409), 4000, 256
    ),
    Situation("100/s, from 5 s on 30/s", partial(TokenBucket, 100, 100, (5, 30)), (19.5, 23), (19.7, 700)),
    Situation("no limit", Everybody, (21.9, 0), (21.9, 0), 3000),
    Situation(
        "untrue headers, 20/s, burst 20",
        partial(TokenBucket, 20, 20),
        (20.1, 266),
        (19.7, 3273),
        400,
        256,
        {"headers": untrue(20)},
    ),
)


class Asking(ServingBase):
    """Our own serving, with limiter and patience as they are, at a simulated endpoint."""

    def __init__(self, endpoint: Endpoint, workers: int) -> None:
        super().__init__(max_workers=workers)
        self._endpoint = endpoint

    @property
    def identity(self) -> Mapping[str, Any]:
        return {"serving": "simulated", "model": "simulated"}

    async def generate(self, request: Request) -> Response:
        raise NotImplementedError

    async def attempt(self, ready: Request, endpoint: str) -> tuple[Response, Mapping[str, str]]:
        try:
            return Response("an answer"), await self._endpoint.ask(int(ready.messages[0].text))
        except Refused as error:
            told = error.retry_after
            raise TransientError("429", status=429, retry_after=told, throttled=True, headers=error.headers) from None


async def ask_all(endpoint: Endpoint, requests: int, workers: int) -> float:
    """Ask through our serving; the seconds it takes."""
    serving = Asking(endpoint, workers)
    began = time.monotonic()
    asked = (Request((Message("user", (TextPart(str(number)),)),)) for number in range(requests))
    await asyncio.gather(*(serving.answer(request, order=number) for number, request in enumerate(asked)))
    return time.monotonic() - began


async def ask_plainly(endpoint: Endpoint, requests: int, workers: int) -> float:
    """The floor: a semaphore, and in it a sleep for as long as a refusal says, or for a doubling time at random."""
    began, room, rng = time.monotonic(), asyncio.Semaphore(workers), random.Random(1)

    async def one(number: int) -> None:
        async with room:
            for tries in range(1000):
                try:
                    await endpoint.ask(number)
                except Refused as error:
                    await asyncio.sleep(error.retry_after or rng.uniform(0, min(8.0, 0.5 * 2.0 ** min(tries, 9))))
                else:
                    return

    await asyncio.gather(*(one(number) for number in range(requests)))
    return time.monotonic() - began


def measure(
    ask: Callable[[Endpoint, int, int], Any], situation: Situation, seed: int, **settings: Any
) -> tuple[float, int]:
    """Seconds and refusals of one way to ask, in one situation."""
    endpoint = situation.endpoint(seed, **settings)
    with pytest.MonkeyPatch.context() as patch:
        seconds = run_virtually(patch, ask(endpoint, situation.requests, situation.workers))
    assert endpoint.answered == situation.requests
    return seconds, endpoint.refusals
