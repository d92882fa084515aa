"""How long one request is asked again: what its waits are, and when they end."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass

from dataflow.core import EndpointFatal, RequestRefused, TransientError
from dataflow.core.times import duration

FIRST_WAIT = 0.5
FIRST_WAIT_AFTER_A_BREAK = 0.05
"""A kept-alive connection that the endpoint has closed says nothing of the endpoint: a new one is tried soon."""

LONGEST_WAIT = 60.0

LONGEST_TOLD = 900.0
"""Seconds for which a run stands still because the endpoint says so. Beyond that it ends, and says when to go on."""

TOLD_IN_ALL = 3600.0
"""Seconds that one request is told to wait over all its tries; more is no limit that passes."""

ACCOUNT_TRIES = 3
"""Times that a request is refused for the account's sake, by an endpoint that has answered others, before it fails."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Seconds until the next try, and whether the endpoint asks for them."""

    seconds: float
    told: bool = False

    @property
    def too_long(self) -> bool:
        """Whether a run should end rather than stand still for it."""
        return self.told and self.seconds > LONGEST_TOLD


class Patience:
    """What one request has been through.

    Args:
        seconds: for which it is asked again. They begin with its first failure, and neither a wait for room nor one
            that the endpoint asks for is counted: those are not its fault.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._deadline: float | None = None
        self._tries = 0
        self._paid_for = 0
        self._of_the_account = 0
        self.told = 0.0

    def after(self, error: TransientError) -> Wait:
        """How long to wait before another try.

        Raises:
            RequestRefused: there is none; says what the last try met.
        """
        self._tries += 1
        now = time.monotonic()
        self._deadline = self._deadline or now + self._seconds
        if error.tries is not None:
            self._paid_for += 1
            if self._paid_for >= error.tries:
                raise RequestRefused(f"gave up after {_times(self._paid_for)}: {error}") from error
        if error.retry_after:
            return Wait(error.retry_after, told=True)
        return self._own(error, error.status is None)

    def after_all(self, error: TransientError) -> Wait:
        """How long to wait where others are answered although this request was told to wait very long.

        Raises:
            RequestRefused: patience is used up.
        """
        return self._own(error, broken=False)

    def of_the_account(self, error: EndpointFatal) -> Wait:
        """How long to wait before a request is tried again that was refused for the account's sake.

        Raises:
            RequestRefused: it has been tried often enough.
        """
        self._tries += 1
        self._of_the_account += 1
        if self._of_the_account >= ACCOUNT_TRIES:
            raise RequestRefused(
                f"refused {_times(self._of_the_account)} by an endpoint that has answered others: {error}"
            ) from error
        return Wait(_backoff(self._of_the_account, FIRST_WAIT))

    def forgive(self, seconds: float) -> None:
        """Leave out a wait that was not the request's fault."""
        if self._deadline is not None:
            self._deadline += seconds

    def waited_for_room(self, seconds: float, told: float, untold: float) -> None:
        """Leave out a wait for room, but not what of it an endpoint that is asked too much did not explain.

        Args:
            seconds: of the wait.
            told: of them, those for which the endpoint asked everybody to wait.
            untold: those for which it was left alone without having said for how long.
        """
        if self._deadline is not None:
            self._deadline += max(0.0, seconds - untold)
            self.told += told

    def _own(self, error: TransientError, broken: bool) -> Wait:
        """Exponential with full jitter; an endpoint that says `0` has said nothing.

        The jitter follows M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
        """
        wait = _backoff(self._tries - 1, FIRST_WAIT_AFTER_A_BREAK if broken else FIRST_WAIT)
        if self._deadline is not None and time.monotonic() + wait > self._deadline:
            said = f"gave up after {_times(self._tries)} in {duration(self._seconds)}"
            raise RequestRefused(f"{said}: {error}") from error
        return Wait(wait)


def _backoff(tries: int, first: float) -> float:
    return random.uniform(0, min(LONGEST_WAIT, first * 2 ** min(tries, 60)))


def _times(tries: int) -> str:
    return f"{tries} tries" if tries > 1 else "1 try"
