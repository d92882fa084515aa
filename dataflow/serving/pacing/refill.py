"""What an endpoint's headers say of its buckets, taken as a hint: it counts for as long as it proves right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from dataflow.serving.pacing.pacer import TRANSIT_SECONDS, Pacer, read_bucket

PLENTY = 3.0
"""Units that must have been left by the headers, where there was nothing, for them to have been wrong."""


class Sent(Protocol):
    """A request on its way; see `Pass`."""

    @property
    def sent(self) -> float: ...
    @property
    def tokens(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Spent:
    """The counts of both buckets right after a request, and what the headers had left for it then."""

    requests: float
    tokens: float
    left: float


class Refill:
    """The buckets of requests and tokens, as the headers tell of them."""

    def __init__(self) -> None:
        self._requests, self._tokens = Pacer(), Pacer()
        self.believed = True

    def nap(self, tokens: float, now: float) -> float:
        """Seconds until a request of so many tokens has what it takes, by the headers."""
        if not self.believed:
            return 0.0
        return max(self._requests.nap(1, now), self._tokens.nap(tokens, now))

    def spend(self, tokens: float, now: float) -> Spent:
        """Count a request that is sent."""
        left = min(self._requests.left(now), self._tokens.left(now) - tokens)
        self._requests.spend(1)
        self._tokens.spend(tokens)
        return Spent(self._requests.spent, self._tokens.spent, left)

    def read(
        self, headers: Mapping[str, str], spent: Spent, sent: float, under_way: Iterable[Sent], now: float
    ) -> None:
        """Take what the headers of an answer say.

        Args:
            headers: of the answer.
            spent: what `spend` gave for its request.
            sent: when that was sent (monotonic seconds).
            under_way: the requests that are not answered yet.
            now: the present.
        """
        if not self.believed:
            return
        for what, pacer, spent_then in (
            ("requests", self._requests, spent.requests),
            ("tokens", self._tokens, spent.tokens),
        ):
            if (reading := read_bucket(headers, what)) is None:
                continue
            near = [other for other in under_way if sent - TRANSIT_SECONDS <= other.sent <= sent]
            units = sum(other.tokens for other in near) if what == "tokens" else len(near)
            pacer.observe(reading, spent_then, sent, units, now)

    def was_empty(self, spent: Spent) -> None:
        """A request met an empty bucket: where the headers had left enough for it, they are not believed any more."""
        if PLENTY <= spent.left < float("inf"):
            self.believed = False
