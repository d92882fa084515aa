"""Manners towards the hosts that media are fetched from: few requests at once, and none while a host asks for rest."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from re import compile as pattern
from weakref import WeakKeyDictionary

from dataflow.core.errors import MediaError
from dataflow.core.retry_after import seconds_until, within_reason

AT_ONCE = 32
"""Fetches in flight at most: enough to hide the network."""

PER_HOST = 8
"""Of them at one host; browsers open six connections to one. Halved when it refuses, and slowly restored."""

MOST_WAITED = 300.0
"""Seconds that one fetch waits because a host asks for it. Beyond that its sample fails, and says what to do."""

_FIRST_REST, _LONGEST_REST = 1.0, 60.0
"""Seconds that a host is left alone that refuses without saying for how long, doubled each time."""

_RESET = pattern(r"(?:^|[,;\s])(?:t|reset)\s{0,3}=\s{0,3}(\d{1,9})")
_log = logging.getLogger(__name__)


class Patience:
    """What one fetch waits for others' sake: bounded, and not taken from its own time.

    Args:
        name: of the URL, for messages.
        clock: limits the time of the fetch.
    """

    def __init__(self, name: str, clock: asyncio.Timeout) -> None:
        self._name = name
        self._clock = clock
        self._waited = 0.0

    @contextmanager
    def uncounted(self) -> Iterator[None]:
        """Time that is not the fetch's own."""
        loop = asyncio.get_running_loop()
        ends = self._clock.when()
        left = None if ends is None else ends - loop.time()
        self._clock.reschedule(None)
        try:
            yield
        finally:
            self._clock.reschedule(None if left is None else loop.time() + left)

    async def wait(self, seconds: float, said: str) -> None:
        """Wait as somebody asks.

        Raises:
            MediaError: it is too long.
        """
        self._waited += seconds
        if self._waited > MOST_WAITED:
            raise MediaError(
                f"{self._name} was not fetched: {said}, and is to be asked again in {_rounded(seconds)}: run the same "
                "command then, it goes on from here"
            )
        _log.info("%s waits %s: %s", self._name, _rounded(seconds), said)
        with self.uncounted():
            await asyncio.sleep(seconds)


class Host:
    """One host, as all fetches of this process see it.

    Args:
        name: of it, for messages.
        everywhere: the room for fetches from all hosts.
    """

    def __init__(self, name: str, everywhere: asyncio.Semaphore) -> None:
        self._name = name
        self._everywhere = everywhere
        self._most = float(PER_HOST)
        self._in_flight = 0
        self._freed = asyncio.Event()
        self._rests_until = 0.0
        self._refusals = 0
        self._said = ""

    @asynccontextmanager
    async def room(self, patience: Patience) -> AsyncIterator[None]:
        """Room for one request.

        Raises:
            MediaError: the host asks to be left alone for too long.
        """
        await self._enter(patience)
        try:
            with patience.uncounted():
                await self._everywhere.acquire()
            try:
                yield
            finally:
                self._everywhere.release()
        finally:
            self._in_flight -= 1
            freed, self._freed = self._freed, asyncio.Event()
            freed.set()

    async def _enter(self, patience: Patience) -> None:
        while True:
            if (rest := self._rests_until - asyncio.get_running_loop().time()) > 0:
                await patience.wait(rest, self._said)
            elif self._in_flight < int(self._most):
                self._in_flight += 1
                return
            else:
                with patience.uncounted():
                    await self._freed.wait()

    def answered(self) -> None:
        """It gave what was asked for."""
        self._refusals = 0
        self._most = min(float(PER_HOST), self._most + 1 / self._most)

    def refused(self, status: int, headers: Mapping[str, str]) -> None:
        """It is asked too much: all leave it alone for as long as it says, or for longer at every refusal."""
        now = asyncio.get_running_loop().time()
        if now >= self._rests_until:  # those that were under way together are one refusal
            self._most = max(1.0, self._most / 2)
            self._refusals += 1
        rest = told_wait(headers)
        if rest is None:
            rest = min(_LONGEST_REST, _FIRST_REST * 2 ** min(self._refusals - 1, 20))
        self._rests_until = max(self._rests_until, now + max(rest, _FIRST_REST))
        self._said = f"{self._name} answers {status}"
        _log.info("%s, and is asked again in %s", self._said, _rounded(rest))


def told_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds that a server asks to wait, or None where it does not say.

    It stands in `Retry-After`; where that is missing, in `RateLimit: "api";r=0;t=30` (draft-ietf-httpapi-ratelimit-
    headers, as Hugging Face sends it) or in `RateLimit-Reset` and `X-RateLimit-Reset` (GitHub).
    """
    if (value := headers.get("Retry-After")) is not None:
        return within_reason(seconds_until(value))
    if found := _RESET.search(headers.get("RateLimit", "")):
        return within_reason(float(found[1]))
    value = headers.get("RateLimit-Reset", headers.get("X-RateLimit-Reset"))
    return None if value is None else within_reason(seconds_until(value))


_hosts: WeakKeyDictionary[asyncio.AbstractEventLoop, tuple[asyncio.Semaphore, dict[str, Host]]] = WeakKeyDictionary()


def host_of(name: str) -> Host:
    """What is known of a host on the running loop."""
    everywhere, known = _hosts.setdefault(asyncio.get_running_loop(), (asyncio.Semaphore(AT_ONCE), {}))
    return known.setdefault(name, Host(name, everywhere))


def _rounded(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
