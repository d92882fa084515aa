"""The rate limits of the test endpoint: token buckets, and the headers that tell a client about them."""

from __future__ import annotations

import math
import time
from email.utils import formatdate


class Bucket:
    """A token bucket.

    Args:
        rate: refill per second.
        size: how much it holds; it starts full.
        now: seconds of a monotonic clock.
    """

    def __init__(self, rate: float, size: float, now: float) -> None:
        self.rate = rate
        self.size = size
        self.level = size
        self.filled_at = now

    def take(self, amount: float, now: float) -> bool:
        """Take that much, or nothing where there is less."""
        self.level = min(self.size, self.level + (now - self.filled_at) * self.rate)
        self.filled_at = now
        if self.level < min(amount, self.size):
            return False
        self.level -= amount
        return True

    def seconds_until(self, amount: float) -> float:
        """How long until that much is there."""
        return max(0.0, min(amount, self.size) - self.level) / self.rate

    def headers(self, what: str) -> list[tuple[str, str]]:
        """The `x-ratelimit-*` headers; `reset` is the time until the bucket is full again, as OpenAI defines it."""
        return [
            (f"x-ratelimit-limit-{what}", str(int(self.size))),
            (f"x-ratelimit-remaining-{what}", str(max(0, int(self.level)))),
            (f"x-ratelimit-reset-{what}", format_duration(self.seconds_until(self.size))),
        ]


def format_duration(seconds: float) -> str:
    """Seconds as these headers write them: `17ms`, `1.2s`, `6m0s`."""
    if seconds < 1:
        return f"{math.ceil(seconds * 1000)}ms"
    minutes, rest = divmod(round(seconds, 3), 60)
    return f"{int(minutes)}m{rest:g}s" if minutes else f"{rest:g}s"


def retry_after_header(form: str, seconds: float) -> list[tuple[str, str]]:
    """Retry-After in the form `seconds` (decimals where they are needed), `date` or `none`.

    A date has whole seconds (RFC 9110, 5.6.7) and is rounded up, so that who keeps to it is not too early.
    """
    if form == "none":
        return []
    if form == "date":
        return [("retry-after", formatdate(math.ceil(time.time() + seconds), usegmt=True))]
    return [("retry-after", f"{seconds:g}")]
