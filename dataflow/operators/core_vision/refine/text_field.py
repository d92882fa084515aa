"""What refiners read: text that a model wrote, or the data that it became on its way through a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import orjson

from dataflow.core import AnswerError, Sample, SampleError
from dataflow.operators.free_text import KEPT_CUT_OFF, status_of
from dataflow.operators.no_answer import told_apart

T = TypeVar("T")


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


def read_text(text: str, parse: Callable[[str], T]) -> T:
    """What a parser makes of a model's text.

    Raises:
        RefusedAnswer: it finds nothing, and the text is a refusal.
        AnswerError: it finds nothing.
    """
    try:
        return parse(text)
    except AnswerError as error:
        raise told_apart(error, text) from None


def is_cut_off(sample: Sample, column: str) -> bool:
    """Whether a row says that the text in a column was kept although it was cut off, so that its last pair is none."""
    return sample.get(status_of(column)) == KEPT_CUT_OFF
