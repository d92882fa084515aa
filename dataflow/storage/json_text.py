"""Rows to JSON text and back, through orjson, with its errors put so that the row and the place can be named."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import PurePath
from typing import Any

import orjson

from dataflow.core.errors import SampleError
from dataflow.core.sample import Sample

SHOWN_CHARACTERS = 500
OPTIONS = orjson.OPT_SERIALIZE_NUMPY

DEEPEST = 100
"""Levels of lists and dicts that `plain` goes down: orjson writes 254, and one that holds itself has no end."""


_ONLY_PYTHON_READS = (b"NaN", b"Infinity", b"\\ud", b"\\uD")
_SURROGATE = re.compile("[\ud800-\udfff]")


class UnwritableField(SampleError):
    """A field of a row has no JSON form.

    Args:
        message: which, and why.
        field: its name; empty where it is the row as a whole.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class BadText(ValueError):
    """The text is not JSON.

    Args:
        problem: what is wrong.
        line: where, from 1.
        column: where in that line, in characters from 1.
    """

    def __init__(self, problem: str, line: int, column: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line
        self.column = column


def load(text: bytes) -> Any:
    """Parse JSON. `NaN` and `Infinity`, which Python's own json writes, become None, half a surrogate pair U+FFFD.

    A whole number beyond 64 bits becomes a float, as in most readers of JSON.

    Raises:
        BadText: with the place of the error.
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        _check_encoding(text)
        if any(mark in text for mark in _ONLY_PYTHON_READS):
            try:
                return without_surrogates(json.loads(text, parse_constant=lambda _: None))
            except (ValueError, RecursionError):
                pass
        raise BadText(error.msg.partition(": line ")[0], error.lineno, error.colno) from None


def load_undecodable(text: bytes) -> Any:
    """Parse JSON in which there are bytes that are no UTF-8; they are lone surrogates afterwards, as in file names.

    Raises:
        ValueError, RecursionError: it is no JSON in any encoding.
    """
    return json.loads(text.decode("utf-8", "surrogateescape"), parse_constant=lambda _: None)


def has_surrogate(value: Any) -> bool:
    """Whether text in a JSON value, however deep, holds a lone surrogate, which no file can."""
    if isinstance(value, str):
        return not value.isascii() and _SURROGATE.search(value) is not None
    if isinstance(value, dict):
        return any(has_surrogate(name) or has_surrogate(held) for name, held in value.items())
    return isinstance(value, list) and any(map(has_surrogate, value))


def without_surrogates(value: Any) -> Any:
    """A JSON value with U+FFFD, the replacement character, for lone surrogates."""
    if not has_surrogate(value):
        return value
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {without_surrogates(name): without_surrogates(held) for name, held in value.items()}
    return [without_surrogates(held) for held in value]


def dump(value: Any) -> bytes:
    """The JSON of a value: numpy, paths, dates and pydantic models included, NaN as null.

    Raises:
        TypeError: something in it has no JSON form.
    """
    return orjson.dumps(value, default=_known, option=OPTIONS)


def dump_row(row: Sample) -> bytes:
    """The JSON of a row, without a line end.

    Raises:
        UnwritableField: a field of it has no JSON form; names the field.
    """
    try:
        return dump(row)
    except TypeError as error:
        field, why = _blame(row, error)
        raise UnwritableField(f"the row cannot be written as JSON: {why}", field) from None


def plain(value: Any, depth: int = 0) -> Any:
    """Any value as one that JSON has; what has no JSON form becomes text, as Python shows it."""
    if depth < DEEPEST and isinstance(value, dict):
        return {plain(str(name)): plain(item, depth + 1) for name, item in value.items()}
    if depth < DEEPEST and isinstance(value, list | tuple):
        return [plain(item, depth + 1) for item in value]
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    try:
        dump(value)
    except TypeError:
        return plain(_repr(value))
    return value


def _repr(value: Any) -> str:
    try:
        return repr(value)
    except Exception:  # a class may fail at showing itself, a structure be too deep to show
        return f"<{type(value).__name__}>"


def shown(text: bytes | str) -> str:
    """A row as it stands in a file, cut to what a person reads."""
    if isinstance(text, bytes):
        text = text[: 4 * SHOWN_CHARACTERS].decode("utf-8", "replace")
    return text.strip()[:SHOWN_CHARACTERS]


def decode(text: bytes, line: int = 1) -> str:
    """UTF-8 text.

    Args:
        text: the bytes.
        line: the line of the file on which they begin.

    Raises:
        BadText: it is in another encoding; says where, and how to convert it.
    """
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        before = text[: error.start]
        column = len(before.rpartition(b"\n")[2].decode("utf-8")) + 1
        raise BadText(
            f"not UTF-8 (byte 0x{text[error.start]:02x}; Latin-1, perhaps). "
            "Convert the file: iconv -f LATIN1 -t UTF-8 OLD > NEW",
            line + before.count(b"\n"),
            column,
        ) from None


def _check_encoding(text: bytes) -> None:
    decode(text)


def _known(value: Any) -> Any:
    """What orjson does not know by itself."""
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, Decimal):
        return float(value)
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    for method in ("model_dump", "tolist", "isoformat"):  # pydantic, numpy arrays and scalars, pandas timestamps
        if hasattr(value, method):
            return getattr(value, method)()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _blame(row: Sample, error: TypeError) -> tuple[str, str]:
    """The field that has no JSON form, and why."""
    for name, value in row.items():
        if not isinstance(name, str):
            return "", f"the column name {name!r} is not a string"
        try:
            dump(value)
        except TypeError as cause:
            return name, f"field {name!r}: {cause.__cause__ or cause}"  # orjson hides what `_known` said
    return "", str(error)
