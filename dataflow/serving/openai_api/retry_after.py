"""How long an endpoint asks to wait, in the forms in which endpoints say it."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from math import isfinite

from dataflow.engine.pacer import seconds_of

_EPOCH_IN_MILLISECONDS = 1e11
"""Above this a number of seconds since the epoch is one of milliseconds."""

_LONGEST = 366 * 86400.0
"""Seconds. Nobody waits longer than a year, and times beyond it need not be shown."""

_DELAY = re.compile(rb'"retryDelay"\s{0,9}:\s{0,9}"([0-9.]{1,15}s)"')
_SAID = re.compile(
    rb"(?:try again|retry(?:ing)?(?: your request| the request)?) (?:in|after) (?:about )?", re.IGNORECASE
)
_TIME = re.compile(
    rb"((?:\d{1,9}(?:\.\d{1,9})?(?:ms|h|m(?![a-z])|s(?![a-z])))+)|(\d{1,9}(?:\.\d{1,9})?) ?(sec|min|hour)"
)
_UNITS = {b"sec": 1.0, b"min": 60.0, b"hour": 3600.0}


def retry_after(headers: Mapping[str, str], body: bytes = b"") -> float | None:
    """Seconds that an endpoint asks to wait, or None where it does not say.

    It stands in `retry-after-ms` (Azure, OpenAI), in `Retry-After` as seconds or an HTTP date (RFC 9110, 10.2.3), which
    some write as a duration (`30s`) or a time of the epoch, in Google's `RetryInfo.retryDelay`, or in the words of the
    message ("Please try again in 6m0s").

    Args:
        headers: of the reply.
        body: of the reply.
    """
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return _within(milliseconds / 1000)
    if (value := headers.get("Retry-After")) is not None:
        return _within(_seconds(value))
    if delay := _DELAY.search(body):
        return _within(_seconds(delay[1].decode()))
    if (said := _SAID.search(body)) and (time_said := _TIME.match(body, said.end())):
        if time_said[1]:
            return _within(_seconds(time_said[1].decode()))
        return _within(float(time_said[2]) * _UNITS[time_said[3]])
    return None


def _seconds(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        try:
            return seconds_of(value)
        except ValueError:
            return _until_date(value)
    if number > 1e9:
        return number / (1000 if number > _EPOCH_IN_MILLISECONDS else 1) - time.time()
    return number


def _until_date(value: str) -> float | None:
    try:
        when = parsedate_to_datetime(value)
        return when.replace(tzinfo=when.tzinfo or UTC).timestamp() - time.time()
    except (ValueError, OverflowError):
        return None


def _number(value: str | None) -> float | None:
    try:
        return float(value) if value is not None else None
    except ValueError:
        return None


def _within(seconds: float | None) -> float | None:
    if seconds is None or not isfinite(seconds):
        return None
    return min(max(0.0, seconds), _LONGEST)
