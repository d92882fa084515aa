"""How long an endpoint asks to wait, in the forms in which endpoints say it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dataflow.core.retry_after import seconds_until, within_reason
from dataflow.serving.pacing.pacer import seconds_of

_DELAY = re.compile(rb'"retryDelay"\s{0,9}:\s{0,9}"([0-9.]{1,15}s)"')
_LOADING = re.compile(rb'"estimated_time"\s{0,9}:\s{0,9}([0-9.]{1,15})')
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
    some write as a duration (`30s`) or a time of the epoch, in Google's `RetryInfo.retryDelay`, in Hugging Face's
    `estimated_time` until a model is loaded, or in the words of the message ("Please try again in 6m0s").

    Args:
        headers: of the reply.
        body: of the reply.
    """
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return within_reason(milliseconds / 1000)
    if (value := headers.get("Retry-After")) is not None:
        return within_reason(_seconds(value))
    if delay := _DELAY.search(body) or _LOADING.search(body):
        return within_reason(_seconds(delay[1].decode()))
    if (said := _SAID.search(body)) and (time_said := _TIME.match(body, said.end())):
        if time_said[1]:
            return within_reason(_seconds(time_said[1].decode()))
        return within_reason(float(time_said[2]) * _UNITS[time_said[3]])
    return None


def _seconds(value: str) -> float | None:
    if (seconds := seconds_until(value)) is not None:
        return seconds
    try:
        return seconds_of(value)
    except ValueError:
        return None


def _number(value: str | None) -> float | None:
    try:
        return float(value) if value is not None else None
    except ValueError:
        return None
