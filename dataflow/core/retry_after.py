"""How long a server asks to wait, in the forms that HTTP knows."""

from __future__ import annotations

import time
from datetime import UTC
from email.utils import parsedate_to_datetime
from math import isfinite

_EPOCH = 1e9
_EPOCH_IN_MILLISECONDS = 1e11
"""Above these a number of seconds is a point in time, in seconds or in milliseconds."""

_LONGEST = 366 * 86400.0
"""Seconds. Nobody waits longer than a year, and times beyond it need not be shown."""


def seconds_until(value: str) -> float | None:
    """Seconds from now, for a `Retry-After` (RFC 9110, 10.2.3): a number of them, an HTTP date, or, as some write it, a
    time of the epoch. None where it is none of these.
    """
    try:
        number = float(value)
    except ValueError:
        return _until_date(value)
    if number > _EPOCH:
        return number / (1000 if number > _EPOCH_IN_MILLISECONDS else 1) - time.time()
    return number


def within_reason(seconds: float | None) -> float | None:
    """A wait that can be waited for: not negative, and no longer than a year."""
    if seconds is None or not isfinite(seconds):
        return None
    return min(max(0.0, seconds), _LONGEST)


def _until_date(value: str) -> float | None:
    try:
        when = parsedate_to_datetime(value)
        return when.replace(tzinfo=when.tzinfo or UTC).timestamp() - time.time()
    except (ValueError, OverflowError):
        return None
