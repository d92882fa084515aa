"""Rows to JSON text and back, through orjson, with its errors put so that the row and the place can be named."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import PurePath
from typing import Any

import orjson

from dataflow.core.errors import SampleError
from dataflow.core.sample import Sample

SHOWN_CHARACTERS = 500
OPTIONS = orjson.OPT_SERIALIZE_NUMPY


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
    """Parse JSON. `NaN` and `Infinity`, which Python's own json writes, become None.

    A whole number beyond 64 bits becomes a float, as in most readers of JSON.

    Raises:
        BadText: with the place of the error.
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        if b"NaN" in text or b"Infinity" in text:
            try:
                return json.loads(text, parse_constant=lambda _: None)
            except ValueError:
                pass
        _check_encoding(text)
        raise BadText(error.msg.partition(": line ")[0], error.lineno, error.colno) from None


def dump(value: Any) -> bytes:
    """The JSON of a value: numpy, paths, dates and pydantic models included, NaN as null.

    Raises:
        TypeError: something in it has no JSON form.
    """
    return orjson.dumps(value, default=_known, option=OPTIONS)


def dump_row(row: Sample) -> bytes:
    """The JSON of a row, without a line end.

    Raises:
        SampleError: a field of it has no JSON form; names the field.
    """
    try:
        return dump(row)
    except TypeError as error:
        raise SampleError(f"the row cannot be written as JSON: {_blame(row, error)}") from None


def plain(value: Any) -> Any:
    """Any value as one that JSON has; what has no JSON form becomes text, as Python shows it."""
    if isinstance(value, dict):
        return {plain(str(name)): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    try:
        dump(value)
    except TypeError:
        return plain(repr(value))
    return value


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


def _blame(row: Sample, error: TypeError) -> str:
    for name, value in row.items():
        if not isinstance(name, str):
            return f"the column name {name!r} is not a string"
        try:
            dump(value)
        except TypeError as cause:
            return f"field {name!r}: {cause.__cause__ or cause}"  # orjson hides what `_known` said
    return str(error)
