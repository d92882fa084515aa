"""Where a string of JSON ends, whatever quotation marks it is written with, and what its escapes stand for."""

from __future__ import annotations

import re

from dataflow.parsing.latex import keep_latex_in_string

QUOTES = {
    '"': '"',
    "'": "'",
    "“": '”“"',
    "”": '”“"',
    "„": '”“"',
    "‘": "’‘'",
    "’": "’‘'",
    "«": "»",
    "`": "`",
    "「": "」",
}
_KEY_AHEAD = (
    r"\"[^\"\n]{0,200}+(?:\"\s*+(?:[:：]|=>)|\"?\s*+\Z)|'[^'\n]{0,200}+(?:'\s*+(?:[:：]|=>)|'?\s*+\Z)"
    r"|[“„][^”\"\n]{0,200}+(?:[”\"]\s*+[:：]|[”\"]?\s*+\Z)|‘[^’\n]{0,200}+(?:’\s*+[:：]|’?\s*+\Z)|[\w$][\w$ "
    r"-]{0,40}+\s*+[:：]"
)
_VALUE_AHEAD = r"[\"'“„‘\[{(\])}]|[-+.]?\d|(?:true|false|null|none|nan)\b|\.\.\."
# What may stand behind a quotation mark that closes a string; any other mark is part of the text, left unescaped.
_AFTER = {
    "member": (
        rf"\s*+(?:\Z|[}}\])]|(?:[,，;]\s*+)++(?:\Z|[}}\]]|\{{\s*+[\"'“]|//|/\*|#|{_KEY_AHEAD})|(?://|/\*|#)|"
        rf"{_KEY_AHEAD}|```)"
    ),
    "item": rf"\s*+(?:\Z|[}}\])]|(?:[,，]\s*+)++(?:\Z|//|/\*|#|{_VALUE_AHEAD})|//|/\*|```)|[ \t\r]*+\n\s*+[\"'“{{]",
}


def _string_pattern(closers: str, place: str) -> re.Pattern[str]:
    marks = "".join(re.escape(closer) for closer in closers)
    if place == "key":
        return re.compile(rf"(?:[^{marks}\\\n]++|\\.)*+(?P<end>[{marks}])?", re.DOTALL)
    # A line that begins with a key shows that the string before it was never closed; one that begins with a fence, that
    # it was cut.
    return re.compile(
        rf"(?:[^{marks}\\\n]++|\\.|\n(?![ \t]*+(?:\"\w{{1,40}}+\"[ \t]*+:|```))|[{marks}](?!{_AFTER[place]}))*+"
        rf"(?P<end>[{marks}]|\n(?=[ \t]*+\"\w{{1,40}}+\"[ \t]*+:))?",
        re.DOTALL | re.IGNORECASE,
    )


STRINGS = {
    (mark, place): _string_pattern(closers, place)
    for mark, closers in QUOTES.items()
    for place in ("key", "member", "item")
}
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "/": "/", "\\": "\\", '"': '"', "'": "'", "\n": "\n"}


def unescape(text: str) -> str:
    """A string's content with its escapes resolved; a backslash that escapes nothing stays."""
    if "\\" not in text:
        return text
    return whole_characters(_ESCAPE.sub(_escaped, keep_latex_in_string(text)))


def whole_characters(text: str) -> str:
    """The text with surrogate pairs joined and lone ones replaced, so that it can be written as UTF-8."""
    if text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _escaped(match: re.Match[str]) -> str:
    code = match[1]
    if len(code) == 5:
        return chr(int(code[1:], 16))
    return _ESCAPES.get(code, match[0])
