"""Headers of the user's own: how they are written, and that their values are shown nowhere."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping

from dataflow.core import PrerequisiteError, UsageError

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A header's name (RFC 9110, 5.1)."""

_OURS = frozenset({"content-length", "content-type", "transfer-encoding", "connection", "expect", "upgrade"})
"""Headers by which a request is cut out of the connection; another value would break it."""

_VARIABLE = re.compile(r"\$(?:\$|\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))", re.ASCII)
_UNPRINTABLE = re.compile(r"[^\t\x20-\x7e\x80-\xff]")


def check_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers as they may be sent.

    Args:
        headers: name -> value, in which `$NAME` or `${NAME}` stands for an environment variable and `$$` for a `$`.

    Raises:
        UsageError: a name or value is none; the value is not told.
    """
    for name, value in headers.items():
        if not isinstance(name, str) or not _TOKEN.fullmatch(name):
            raise UsageError(f"{_shown(name)} is no name of a header: write --header NAME:VALUE")
        if name.lower() in _OURS:
            raise UsageError(f"the header {name} is set by us, for the connection depends on it: leave it out")
        if not isinstance(value, str) or _UNPRINTABLE.search(value):
            raise UsageError(f"the value of the header {name} must be text of one line, in Latin-1")
    return dict(headers)


def parse_headers(words: Iterable[str]) -> dict[str, str]:
    """The headers of `--header NAME:VALUE`.

    Raises:
        UsageError: one is not of that form, or comes twice; no value is told.
    """
    headers: dict[str, str] = {}
    for number, word in enumerate(words, 1):
        name, colon, value = word.partition(":")
        name = name.strip()
        if not colon or not _TOKEN.fullmatch(name):
            raise UsageError(
                f"--header number {number} is no NAME:VALUE: write it like --header 'X-Team: $MY_VARIABLE'"
            )
        if name.lower() in map(str.lower, headers):
            raise UsageError(f"--header {name} is given twice: leave one out")
        headers[name] = value.strip()
    return check_headers(headers)


def filled(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers with environment variables put in, at the moment of sending, so that what is kept holds none.

    Raises:
        PrerequisiteError: a variable is not set, or holds what no header may; its name is told and not its value.
    """
    return {name: _filled(name, value) if "$" in value else value for name, value in headers.items()}


def _filled(name: str, value: str) -> str:
    def put_in(found: re.Match[str]) -> str:
        variable = found[1] or found[2]
        if variable is None:
            return "$"
        content = os.environ.get(variable, "").strip()
        if not content:
            raise PrerequisiteError(
                f"the header {name} wants the environment variable {variable}: export {variable}=..."
            )
        if _UNPRINTABLE.search(content):
            raise PrerequisiteError(
                f"the environment variable {variable} cannot be sent in the header {name}: it must "
                "be of one line, in Latin-1"
            )
        return content

    return _VARIABLE.sub(put_in, value)


def _shown(name: object) -> str:
    """A name that is none, which may well be a name with its value."""
    return repr(name.partition(":")[0]) if isinstance(name, str) and ":" in name else "what is given"
