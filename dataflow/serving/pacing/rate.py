"""How many requests per second an endpoint takes, learnt between two moments at which nothing was left.

Between two such moments nothing was saved and nothing was owed, so what was let in is what flowed in. From there on it
is asked a tenth below that, rising along a cubic that is flat where the limit was and steep beyond, as CUBIC does for
TCP (RFC 9438), for a limit can rise.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

BELOW = 0.1
"""By which share of the rate asking begins lower after the bucket was empty."""

BEYOND = 1.25
"""Times the rate, from where the limit is taken to be gone; asking then doubles every `DOUBLING` seconds."""

DOUBLING = 0.5

HIGHER = 1.15
"""Times the rate that was known, above which a new one is measured afresh."""

SHORTEST, LONGEST = 0.5, 3.0
"""Seconds in which asking rises to the rate."""

ALIKE = 1.01
"""Times the rate that was known, up to which a new one confirms it."""

UNSURE = 1.0
"""Seconds likewise, where the rate may well be another."""

GROPING = 0.1
"""Seconds in which asking doubles while the rate is not known."""

SLOWEST_START = 48.0
"""Per second, from where it doubles."""

ENOUGH = 4
"""Requests let in on which a rate can be told."""

LONG_CLOSED, AT_ONCE = 2.0, 20
"""Seconds of nothing, followed by so many let in: this is a quota that comes back all at once, and no rate."""

CATCH_UP = 0.02
"""Seconds by which asking may be late and make up for it: timers and busy loops are never quite on time."""


@dataclass(frozen=True, slots=True)
class _Empty:
    """A moment at which nothing was left: when, and the number of the request that was refused."""

    at: float
    number: int


class Rate:
    """Learns one endpoint's rate and paces by it. Lets everything pass until it has shown a limit."""

    def __init__(self) -> None:
        self.per_second: float | None = None
        self._start: float | None = None
        self._since = 0.0
        self._rises_in = SHORTEST
        self._empties: list[_Empty] = []
        self._refused: list[int] = []
        self._opened: _Empty | None = None
        self._closed_for = 0.0
        self._next_at = 0.0
        self._probe = False
        self._held_until = 0.0

    @property
    def groping(self) -> bool:
        """Whether a limit has shown and its rate is not known yet."""
        return self.per_second is None and self._start is not None

    def pace(self, now: float) -> float | None:
        """Requests per second to send at present; None as many as there are."""
        age = now - self._since
        if self.per_second is None:
            if self._start is None:
                return None
            doubled = age / GROPING
            return self._start * 2.0**doubled if doubled < 10 else None
        step = age / self._rises_in - 1
        share = 1 + BELOW * step**3
        if share <= BEYOND:
            return self.per_second * share
        beyond_since = self._rises_in * (1 + ((BEYOND - 1) / BELOW) ** (1 / 3))
        doubled = (age - beyond_since) / DOUBLING
        return self.per_second * BEYOND * 2.0**doubled if doubled < 10 else None

    def expects_empty(self, now: float) -> bool:
        """Whether asking is just where the bucket should run empty."""
        pace = self.pace(now)
        if pace is None:
            return False
        return self.per_second is None or 0.95 * self.per_second <= pace <= 2 * BEYOND * self.per_second

    def nap(self, now: float) -> float:
        """Seconds until the next request is due."""
        if self._probe:
            return 0.0
        paced = self.per_second is not None or self._start is not None
        return max(0.0, self._held_until - now, self._next_at - now if paced else 0.0)

    def spend(self, now: float) -> None:
        """Count a request that is sent."""
        self._probe = False
        if (pace := self.pace(now)) is not None:
            self._next_at = max(self._next_at, now - CATCH_UP) + 1 / pace

    def probe(self, until: float) -> None:
        """Let the next request pass at once: an empty bucket refuses it too, and chance hardly ever.

        Args:
            until: when (monotonic seconds) others may follow; by then it is known.
        """
        self._probe, self._held_until = True, until

    def refused(self, number: int) -> None:
        """A request took nothing."""
        self._refused.append(number)

    def emptied(self, at: float, number: int, beyond: int, now: float) -> None:
        """Learn from a moment at which nothing was left; asking goes on now.

        Args:
            at: when the refused request was sent (monotonic seconds).
            number: of that request.
            beyond: of the next request to be sent.
            now: the present.
        """
        moment = _Empty(at, number)
        pace = self.pace(at)
        before, self.per_second = self.per_second, None
        if self._is_quota(moment):
            self._empties.clear()
        else:
            self._measure(moment, at_least=0.5 * (before or self._start or 0.0))
        if before is not None and self.per_second is not None:
            if self.per_second > HIGHER * before:
                self.per_second = None  # it rose on the way, by more than a mean over the way can tell
                self._empties.clear()
            elif pace is not None and pace < 0.95 * before:
                self._rises_in = UNSURE  # much lower all at once, or a mistake
            elif (pace is None or pace > BEYOND * before) and self.per_second > ALIKE * before:
                # What came in while the bucket was full is missing from the mean: it lies between that and the pace.
                self.per_second = (self.per_second + BEYOND * before) / 2
                self._rises_in = UNSURE
        self._empties.append(moment)
        self._refused.sort()
        if self.per_second is None:
            self._start = max(SLOWEST_START, before or 0.0, 0.5 * self._let_in_of_late(moment))
        self._since, self._next_at = now, now
        self._opened, self._closed_for = _Empty(now, beyond), now - at
        del self._empties[:-8], self._refused[: bisect_right(self._refused, self._empties[0].number)]

    def _measure(self, moment: _Empty, at_least: float) -> None:
        self._refused.sort()
        for earlier in reversed(self._empties):
            seconds = moment.at - earlier.at
            let_in = self._let_in(earlier.number, moment.number)
            if let_in >= ENOUGH and seconds > 0:
                self.per_second = max(at_least, let_in / seconds)
                self._rises_in = min(LONGEST, max(SHORTEST, seconds))
                return

    def _is_quota(self, moment: _Empty) -> bool:
        if self._opened is None or self._closed_for < LONG_CLOSED:
            return False
        return self._let_in(self._opened.number, moment.number) >= AT_ONCE

    def _let_in_of_late(self, moment: _Empty) -> float:
        since = self._opened
        if since is None or moment.at - since.at <= 0.2:
            return 0.0
        return self._let_in(since.number, moment.number) / (moment.at - since.at)

    def _let_in(self, after: int, until: int) -> int:
        """Requests with numbers in (after, until] that were not refused."""
        refused = bisect_right(self._refused, until) - bisect_right(self._refused, after)
        return until - after - refused
