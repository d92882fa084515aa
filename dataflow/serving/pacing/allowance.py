"""What the user allows in a minute, of requests or of tokens: never more in any 60 seconds, and spread over them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

MINUTE = 60.0

AT_ONCE_SECONDS = 0.25
"""So much of the minute's worth may go at once: endpoints that allow so much a minute often count by the second."""


@dataclass(slots=True)
class Charge:
    """What one request takes.

    Args:
        at: when it was sent (monotonic seconds).
        units: estimated at first, corrected when the answer says.
    """

    at: float
    units: float


class Allowance:
    """Counts what was spent in the last minute.

    Args:
        per_minute: units that may be spent in any 60 seconds.
    """

    def __init__(self, per_minute: float) -> None:
        self._limit = per_minute
        self._charges: deque[Charge] = deque()
        self._spent = 0.0
        self._due = float("-inf")

    def nap(self, units: float, now: float) -> float:
        """Seconds until so many units may be spent; 0 when they may be now. More than a minute's worth waits for an
        empty minute."""
        self._forget(now)
        over = self._spent + min(units, self._limit) - self._limit
        free_at = self._due
        for charge in self._charges:
            if over <= 1e-9:
                break
            over -= charge.units
            free_at = max(free_at, charge.at + MINUTE)
        return max(0.0, free_at - now)

    def spend(self, units: float, now: float) -> Charge:
        """Count what a request takes; its charge may be corrected later."""
        charge = Charge(now, units)
        self._charges.append(charge)
        self._spent += units
        self._due = max(self._due, now - AT_ONCE_SECONDS) + units / self._limit * MINUTE
        return charge

    def correct(self, charge: Charge, units: float) -> None:
        """Replace an estimate by what the request really took."""
        difference = units - charge.units
        if self._charges and charge.at >= self._charges[0].at:
            self._spent += difference
            self._due += difference / self._limit * MINUTE
        charge.units = units

    def _forget(self, now: float) -> None:
        while self._charges and self._charges[0].at <= now - MINUTE:
            self._spent -= self._charges.popleft().units
        if not self._charges:
            self._spent = 0.0
