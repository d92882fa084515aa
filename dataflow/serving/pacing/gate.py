"""Whether an endpoint whose bucket is believed empty may be asked again: after a wait, by one request that feels it."""

from __future__ import annotations

from dataclasses import dataclass

FIRST_WAIT, LONGEST_WAIT = 0.1, 8.0
"""Seconds before the first feeler, and at most between two."""

TELLING = 2.0
"""Seconds that Retry-After must say to be taken for a time: it has no fractions, so 1 means anything shorter."""

SETTLING = 0.02
"""Seconds beyond the time that a refusal takes, after which a feeler that was not refused is taken to be let in."""


@dataclass(frozen=True, slots=True)
class Closing:
    """Why and since when nobody is let through.

    Args:
        sent: when the refused request was sent (monotonic seconds).
        number: its number.
        beyond: the number of the first request that had not been sent yet.
    """

    sent: float
    number: int
    beyond: int


class Gate:
    """Open, closed, or waiting for what becomes of a feeler."""

    def __init__(self) -> None:
        self.closing: Closing | None = None
        self.feelers = 0
        self._until = 0.0
        self._wait = FIRST_WAIT
        self._told = False
        self._feeler: int | None = None
        self._heard_by = 0.0
        self._refusal_takes = 0.0
        self._since = 0.0
        self._told_seconds = self._untold_seconds = 0.0

    @property
    def beyond(self) -> int:
        """Requests with smaller numbers were sent before the gate was closed."""
        return self.closing.beyond if self.closing is not None else 0

    def rests_for(self, now: float) -> float:
        """Seconds until a feeler may be sent."""
        return max(0.0, self._until - now) if self.closing is not None else 0.0

    def nap(self, now: float) -> float:
        """Seconds until somebody may pass, or until it is known that the feeler did."""
        if self.closing is None:
            return 0.0
        return max(0.0, (self._until if self._feeler is None else self._heard_by) - now)

    def opens(self, now: float) -> bool:
        """Whether a feeler's silence says by now that it was let in."""
        return self._feeler is not None and now >= self._heard_by

    def entered(self, number: int, now: float) -> None:
        """A request is sent: while the gate is closed, it is the feeler."""
        if self.closing is not None:
            self._feeler = number
            self._heard_by = self.known_by(now)

    def known_by(self, now: float) -> float:
        """When it shows whether a request that is sent now is refused."""
        return now + 1.5 * self._refusal_takes + SETTLING

    def is_feeler(self, number: int) -> bool:
        """Whether that request is what is waited for."""
        return number == self._feeler

    def heard(self, seconds: float) -> None:
        """Note how long a refusal took to come."""
        self._refusal_takes = max(0.9 * self._refusal_takes, seconds)

    def close(self, closing: Closing, told: float | None, now: float, wait: float = FIRST_WAIT) -> None:
        """Let nobody through.

        Args:
            closing: why.
            told: seconds that the endpoint asks to wait.
            now: the present.
            wait: seconds until the first feeler.
        """
        self.closing, self._since = closing, now
        self.feelers = 0
        self._wait = min(LONGEST_WAIT, wait)
        self._rest(told, now)

    def close_again(self, told: float | None, now: float) -> None:
        """The feeler was refused too."""
        self.feelers += 1
        self._count(now)
        self._wait = min(LONGEST_WAIT, max(2 * self._wait, told or 0.0))
        self._rest(told, now)

    def closed_seconds(self, now: float) -> tuple[float, float]:
        """For how long it has been closed in all: where the endpoint asked for a wait, and where it did not."""
        running = now - self._since if self.closing is not None else 0.0
        return (
            (self._told_seconds + running, self._untold_seconds)
            if self._told
            else (self._told_seconds, self._untold_seconds + running)
        )

    def lost(self) -> None:
        """The feeler ended without telling anything: another one may go."""
        self._feeler = None

    def open(self, now: float) -> Closing | None:
        """Let everybody through; why it was closed."""
        self._count(now)
        closing, self.closing, self._feeler = self.closing, None, None
        return closing

    def _rest(self, told: float | None, now: float) -> None:
        self._feeler = None
        self._told = told is not None
        self._until = now + (told if told is not None and told >= TELLING else self._wait)

    def _count(self, now: float) -> None:
        self._told_seconds, self._untold_seconds = self.closed_seconds(now)
        self._since = now
