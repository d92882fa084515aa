"""What is secret is taken out of whatever is kept or shown: command lines, addresses, replies, logs."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

_LOGIN = re.compile(r"://[^/?#\s]*@")
_QUERY = re.compile(r"(://[^?#\s]*+)(?:[?#]\S*)?")
_SECRET_NAME = re.compile(
    r"(?i)(\w+[-_])?(api[-_]?key|key|(?<!eos_)(?<!bos_)(?<!pad_)token|secret|password|authorization)"
)
_SHORTEST = 6
"""Shorter values (`1`, `true`) are no secrets, and taking them out of a message would leave it unreadable."""


def without_credentials(text: str) -> str:
    """A text with user names, passwords and query strings taken out of the addresses in it."""
    return _QUERY.sub(r"\1", _LOGIN.sub("://", text))


def shown_command(words: Sequence[str]) -> list[str]:
    """A command line without what may be secret in it: the values of headers, and of addresses all but the place."""
    shown: list[str] = []
    for before, word in zip(("", *words), words, strict=False):
        option, equals, value = word.partition("=")
        if before in _SHOWN:
            word = _SHOWN[before](word)
        elif equals and option in _SHOWN:
            word = f"{option}={_SHOWN[option](value)}"
        shown.append(without_credentials(word))
    return shown


def _without_value(header: str) -> str:
    """A header's name; what has no name may be all value."""
    name, colon, _ = header.partition(":")
    return f"{name}:***" if colon else "***"


def without_named_secrets(value: object) -> object:
    """JSON without the texts of fields whose names say that they are secret, as in the body of a request."""
    if isinstance(value, Mapping):
        return {
            name: "***"
            if isinstance(text, str) and len(text) >= _SHORTEST and _SECRET_NAME.fullmatch(str(name))
            else without_named_secrets(text)
            for name, text in value.items()
        }
    return [without_named_secrets(entry) for entry in value] if isinstance(value, list | tuple) else value


def _shown_json(text: str) -> str:
    try:
        return json.dumps(without_named_secrets(json.loads(text)), ensure_ascii=False)
    except (ValueError, RecursionError):
        return "***"


_SHOWN = {"--header": _without_value, "--headers": _without_value, "--extra-body": _shown_json}
"""Options whose values may hold secrets, and how such a value is shown."""


def secrets_in(headers: Mapping[str, str]) -> list[bytes]:
    """What of the headers of a request must not be shown: whole values, and each word of them (`Bearer WORD`)."""
    words = {word for value in headers.values() for word in (value, *value.split())}
    return [word.encode("latin-1", "replace") for word in words if len(word) >= _SHORTEST]


def without_secrets(body: bytes, secrets: Sequence[bytes]) -> bytes:
    """A reply without the values that an endpoint repeats from the request's headers, also as JSON writes them."""
    for secret in sorted(secrets, key=len, reverse=True):
        escaped = secret.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
        for form in (secret, escaped, escaped.replace(b"/", b"\\/")):
            if form in body:
                body = body.replace(form, b"***")
    return body
