"""The text that refiners read: what a model wrote, or the data that it became on its way through a file."""

from __future__ import annotations

from typing import Any

import orjson

from dataflow.core import SampleError


def text_of(value: Any, column: str) -> str:
    """A field as a model's text; lists and objects as the JSON that they were.

    Raises:
        SampleError: it is neither.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, list | dict):
        return orjson.dumps(value, default=str).decode()
    raise SampleError(f"{column!r} must hold the text that a model wrote, not {type(value).__name__}")
