"""The text of a csv cell, without loss: a cell means JSON where it is JSON, else the text itself, and empty is nothing.

So `clip.mp4` is a string, `["a.png", "b.png"]` a list, `7` a number, `null` a null, and an empty cell a field that the
row does not have. A string that would read as something else (`7`, `[draft]` with valid JSON in it, the empty string)
is written as a JSON string, in quotes. A whole number of more digits than JSON readers keep stays text.
"""

from __future__ import annotations

import re
from typing import Any

import orjson

from dataflow.storage.json_text import dump, shallow

# Everything else cannot begin a JSON value, and most strings are told apart here.
JSON_STARTS = frozenset('[{"-0123456789tfn \t\n\r')
_MAY_BE_JSON = re.compile(r"[ \t\n\r]*+(?:[\[{\"]|-?\d|true|false|null)")
# One of these outside quotes in a head without commas is taken for the separator.
SEPARATORS = ";\t|"


FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""With what a text begins that spreadsheets take for a formula, and run (OWASP, CSV Injection)."""


def encode_cell(value: Any, safe: bool = False) -> str:
    """The cell of a JSON value.

    Args:
        value: the value.
        safe: write a text that begins like a formula as a JSON string: the quote before it makes it text to
            spreadsheets, and reading it gives the same text again.
    """
    if isinstance(value, str) and _stands_for_itself(value) and not (safe and begins_formula(value)):
        return value
    return dump(value).decode()


def begins_formula(cell: str) -> bool:
    """Whether spreadsheets take the text of a cell for a formula."""
    return cell.startswith(FORMULA_STARTS)


def decode_cell(cell: str) -> Any:
    """The value of a cell that is not empty."""
    if cell.isdecimal() and cell.isascii() and len(cell) < 19 and (cell[0] != "0" or cell == "0"):
        return int(cell)
    # To be told by an error costs ten times as much as these two looks.
    if cell[0] not in JSON_STARTS or not _MAY_BE_JSON.match(cell):
        return cell
    try:
        value = orjson.loads(cell)
    except orjson.JSONDecodeError:
        return cell
    if isinstance(value, list | dict):
        return shallow(value, cell.encode())
    if isinstance(value, float) and cell.strip().removeprefix("-").isdigit():
        return cell
    return value


def encode_name(name: str, safe: bool = False) -> str:
    """The head cell of a column; a name is always text, so only awkward ones need quotes; if `safe`, formulas too."""
    awkward = not name.strip() or name[0] in '"\ufeff' or _breaks_line(name) or any(mark in name for mark in SEPARATORS)
    return dump(name).decode() if awkward or (safe and begins_formula(name)) else name


def decode_name(cell: str) -> str:
    """The name of a column."""
    if cell.startswith('"'):
        try:
            return str(orjson.loads(cell))
        except orjson.JSONDecodeError:
            pass
    return cell


def _stands_for_itself(text: str) -> bool:
    return bool(text) and not _breaks_line(text) and decode_cell(text) is text


def _breaks_line(text: str) -> bool:
    # The csv module does not quote a lone carriage return, and readers differ about NUL.
    return "\r" in text or "\0" in text
