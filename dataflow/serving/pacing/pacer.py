"""How fast an endpoint may be asked: a mirror of its own bucket, kept from the headers of its answers.

An endpoint that refuses above a rate keeps a bucket: so much fits in, so much is left, so much flows in per second.
Whoever knows the bucket need not run into refusals to learn it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|h|m|s)")
_DURATIONS = re.compile(rf"(?:{_DURATION.pattern})+")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_EPOCH = 1e9
"""A reset above this is a point in time, not a duration."""

TRANSIT_SECONDS = 0.15
"""How long a request may take to arrive; those sent within this time may overtake each other."""

LONGEST_NAP = 5.0
"""Seconds after which a bucket that looks empty is tried all the same: headers can lie."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer's headers say of a bucket.

    Args:
        limit: what fits in.
        remaining: what is left.
        reset: seconds until it is full again.
    """

    limit: float
    remaining: float
    reset: float


class Pacer:
    """Mirrors one bucket of requests or tokens; lets everything pass until headers have told of it."""

    def __init__(self) -> None:
        self._rate: float | None = None
        self._limit = self._left = 0.0
        self._at = self._full_at = 0.0
        self._spent = self._spent_then = 0.0

    @property
    def spent(self) -> float:
        """Units spent so far; a request remembers the figure, so that its answer's headers can be placed in time."""
        return self._spent

    def spend(self, units: float) -> None:
        """Count what a request takes."""
        self._spent += units

    def left(self, now: float) -> float:
        """Units that should be left by what the headers said; infinite before they have said anything."""
        if self._rate is None:
            return float("inf")
        return min(self._limit, self._left + self._rate * (now - self._at)) - (self._spent - self._spent_then)

    def nap(self, units: float, now: float) -> float:
        """Seconds until so many units may be spent; 0 when they may be now."""
        if self._rate is None:
            return 0.0
        lacking = min(units, self._limit) - self.left(now)
        if lacking <= 1e-9:
            return 0.0
        return max(0.001, min(lacking / self._rate, self._full_at - now if self._full_at > now else 0.001, LONGEST_NAP))

    def observe(self, reading: Reading, spent_then: float, sent: float, under_way: float, now: float) -> None:
        """Take what an answer's headers say.

        Args:
            reading: the bucket as the answer tells it.
            spent_then: `spent` right after that request was counted.
            sent: when it was sent (monotonic seconds).
            under_way: units of unanswered requests that were sent just before it: they may have arrived after it.
            now: the present time.
        """
        if spent_then < self._spent_then:
            return  # an answer that overtook this one has told a later state
        self._limit, self._left = reading.limit, reading.remaining - under_way
        self._at, self._spent_then = min(now, sent + TRANSIT_SECONDS), spent_then
        self._full_at = now + reading.reset
        used = reading.limit - reading.remaining
        if reading.reset > 0 and used >= 1:
            rate = used / reading.reset
            # A bucket that refills in steps (all at the end of a minute) seems to refill the faster the nearer its end
            # is; its lowest rate is the safe one, and a steady bucket has only one.
            self._rate = rate if self._rate is None else min(self._rate * 1.05, rate)


def read_bucket(headers: Mapping[str, str], what: str) -> Reading | None:
    """What the `x-ratelimit-*` headers say of requests or tokens.

    The names are those of OpenAI's API ("Rate limits", rate limits in headers), which vLLM gateways copy.

    Args:
        headers: of an answer.
        what: `requests` or `tokens`.
    """
    try:
        limit = float(headers[f"x-ratelimit-limit-{what}"])
        remaining = float(headers[f"x-ratelimit-remaining-{what}"])
        reset = seconds_of(headers[f"x-ratelimit-reset-{what}"])
    except (KeyError, ValueError):
        return None
    sensible = 0 < limit < float("inf") and 0 <= remaining <= limit
    return Reading(limit, remaining, reset) if sensible else None


def seconds_of(text: str) -> float:
    """A duration as such headers write it: `1s`, `6m0s`, `20ms`, `0.5`, or a point in time as seconds of the epoch.

    Raises:
        ValueError: it is none of these.
    """
    text = text.strip()
    if _DURATIONS.fullmatch(text):
        return sum(float(number) * _SECONDS[unit] for number, unit in _DURATION.findall(text))
    value = float(text)
    if not 0 <= value < float("inf"):
        raise ValueError(f"{text!r} is no duration")
    return max(0.0, value - time.time()) if value > _EPOCH else value
