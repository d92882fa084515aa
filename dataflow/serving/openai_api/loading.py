"""A reply's bytes as JSON, read as leniently as Python's own reader does: a paid answer is never thrown away over bytes
that nobody reads."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

from dataflow.serving.openai_api.event_stream import completion_of, is_event_stream

_BEFORE = re.compile(r"(?:[\ufeff\s]|:[^\r\n]*+(?:[\r\n]|\Z))*+")
"""What may come first: a byte order mark, empty lines, and comments that keep the connection alive."""

_LONGEST_NUMBER = 300
"""Digits of a number beyond which Python's own reader is slow or gives up (sys.int_info)."""


def load_reply(body: bytes) -> Any:
    """A reply as JSON; an event stream is put together into one.

    Half a surrogate pair, a cut character, a control character, a NaN, a number of any length, UTF-16 and UTF-32, a
    byte order mark, comments that keep the connection alive, and bytes behind the end cost no answer.

    Raises:
        ValueError: it is neither.
    """
    try:
        return orjson.loads(body)
    except ValueError:
        pass
    text = body.decode(json.detect_encoding(body), "replace")
    text = _BEFORE.sub("", text, count=1)
    if is_event_stream(text):
        return completion_of(text, _lenient)
    return _lenient(text)


def _lenient(text: str) -> Any:
    try:
        reply, _ = json.JSONDecoder(strict=False, parse_int=_number).raw_decode(text.lstrip())
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    return reply


def _number(digits: str) -> int | float:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else float(digits)
