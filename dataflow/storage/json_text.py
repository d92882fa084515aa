"""Rows to JSON text and back, through orjson, with its errors put so that the row and the place can be named."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import PurePath
from typing import Any

import orjson

from dataflow.core.causes import said_by
from dataflow.core.errors import SampleError
from dataflow.core.sample import Sample

SHOWN_CHARACTERS = 500
OPTIONS = orjson.OPT_SERIALIZE_NUMPY

DEEPEST = 100
"""Levels of lists and dicts within a field: orjson writes 254, but what is written gets into other structures, and a
list that holds itself has no end."""


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

    A whole number beyond 64 bits becomes a float, as in most readers of JSON. What lies too deep becomes text; see
    `shallow`.

    Raises:
        BadText: with the place of the error.
    """
    try:
        return shallow(orjson.loads(text), text)
    except orjson.JSONDecodeError as error:
        _check_encoding(text)
        if any(mark in text for mark in _ONLY_PYTHON_READS):
            try:
                return without_surrogates(shallow(json.loads(text, parse_constant=lambda _: None), text))
            except (ValueError, RecursionError):
                pass
        raise BadText(error.msg.partition(": line ")[0], error.lineno, error.colno) from None


def load_undecodable(text: bytes) -> Any:
    """Parse JSON in which there are bytes that are no UTF-8; they are lone surrogates afterwards, as in file names.

    Raises:
        ValueError, RecursionError: it is no JSON in any encoding.
    """
    return shallow(json.loads(text.decode("utf-8", "surrogateescape"), parse_constant=lambda _: None), text)


def shallow(value: Any, text: bytes) -> Any:
    """A value as it was read, or, where lists and dicts lie in it deeper than `DEEPEST`, with text in the place of
    those: nobody who handles it further down need fear for the stack.

    Args:
        value: what was read.
        text: of what; most texts have fewer brackets than that, and need no second look.
    """
    return plain(value) if text.count(b"[") + text.count(b"{") > DEEPEST and is_deep(value) else value


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
        UnwritableField: a field of it has no JSON form, or is nested deeper than `DEEPEST`; names the field.
    """
    try:
        text = dump(row)
    except TypeError as error:
        field, why = _blame(row, error)
        raise UnwritableField(f"the row cannot be written as JSON: {why}", field) from None
    # Most rows have fewer brackets than that, and need no second look.
    if text.count(b"[") + text.count(b"{") > DEEPEST:
        for name, value in row.items():
            if is_deep(value):
                raise UnwritableField(f"field {name!r} is nested deeper than {DEEPEST} levels", name)
    return text


def is_deep(value: Any) -> bool:
    """Whether lists and dicts lie deeper than `DEEPEST` levels in a value: more than some readers of JSON follow."""
    level = [value]
    for _ in range(DEEPEST):
        level = [
            held
            for outer in level
            if isinstance(outer, dict | list | tuple)
            for held in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(held, dict | list | tuple)
        ]
        if not level:
            return False
    return True


def plain(value: Any, depth: int = 0) -> Any:
    """Any value as one that JSON has; what has no JSON form, and what lies deeper than `DEEPEST`, becomes text, as
    Python shows it. What this gives can always be written."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict | list | tuple):
        if depth == DEEPEST:
            return plain(_repr(value))
        if isinstance(value, dict):
            names = (name if isinstance(name, str) else _repr(name) for name in value)
            return {plain(name): plain(held, depth + 1) for name, held in zip(names, value.values(), strict=True)}
        return [plain(held, depth + 1) for held in value]
    try:
        known = orjson.loads(dump(value))
    except (TypeError, ValueError):
        return plain(_repr(value))
    # What a class of somebody's writes may be a structure itself, and deep.
    return plain(known, depth) if isinstance(known, dict | list | str) else known


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
            dump({name: value})  # as deep as it stands in the row
        except TypeError as cause:
            return name, f"field {name!r}: {said_by(cause.__cause__ or cause)}"  # orjson hides what `_known` said
    return "", said_by(error)
