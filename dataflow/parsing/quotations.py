"""Sentences of a text, and its quotations blanked out: what a caption quotes is said by a sign or a person, not by
it."""

from __future__ import annotations

import re
from collections.abc import Iterator

BLANK = "\u25a1"
_QUOTED_OR_OPENED = re.compile(r"\"[^\"\n]{0,600}+\"|`[^`\n]{1,600}+`|[“„«»「『《‹]|(?<![^\W_])[‘'](?=[^\s'’])")
_APOSTROPHE = re.compile(r"\n|['’](?![^\W_])")
_ENDS = {
    "“": (re.compile(r"[”\n]"), 0, 600),
    "„": (re.compile(r"[“”\"\n]"), 0, 600),
    "«": (re.compile(r"[»\n]"), 0, 600),
    "»": (re.compile(r"[«\n]"), 1, 600),
    "「": (re.compile(r"[」\n]"), 0, 600),
    "『": (re.compile(r"[』\n]"), 0, 600),
    "《": (re.compile(r"[》\n]"), 0, 200),
    "‹": (re.compile(r"[›\n]"), 0, 600),
    "‘": (_APOSTROPHE, 1, 600),
    "'": (_APOSTROPHE, 1, 600),
}
"""Where a quotation ends, if a line does not before, and how many characters it has at least and at most."""
_END = re.compile(
    r"[.!?…。！？．\n](?:(?<=[。！？．\n])[。！？．]{0,2}|(?<=[.!?…])[.!?…]{0,2}[)\]*_]{0,3}(?=\s|\Z))\s*"
)
_ABBREVIATIONS = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|No|vs|etc|e\.g|i\.e|z\.B|[A-Z])\.)\Z")


def without_quotations(text: str) -> str:
    """The text, as long as it was, with what stands between quotation marks blanked out, marks included."""
    pieces: list[str] = []
    done = at = 0
    open_until: dict[str, int] = {}  # before it, none of these marks is closed: they are followed once, not each
    while opened := _QUOTED_OR_OPENED.search(text, at):
        start, at = opened.span()
        if at == start + 1:
            mark = text[start]
            if start < open_until.get(mark, 0):
                continue
            pattern, least, most = _ENDS[mark]
            found = pattern.search(text, at)
            end = found.start() if found else len(text)
            if not found or found.group() == "\n":
                open_until[mark] = end
                continue
            if not least <= end - at <= most:
                open_until[mark] = end - most - 1
                continue
            at = end + 1
        pieces += text[done:start], BLANK * (at - start)
        done = at
    return "".join(pieces) + text[done:]


def in_quotation(text: str, start: int, end: int, reach: int, apostrophes: bool = False) -> bool:
    """Whether quotation marks or backticks are open on the line before a part of a text, and close behind it.

    Args:
        text: the text.
        start: where the part begins.
        end: where it ends.
        reach: how many characters before and behind it are looked at.
        apostrophes: whether an apostrophe at the start of a word counts too.
    """
    from_here = max(0, start - reach)
    before = text[max(from_here, text.rfind("\n", from_here, start) + 1) : start]
    marks = ""
    if before.count('"') % 2:
        marks += '"'
    if before.count("`") % 2:
        marks += "`"
    if before.rfind("“") > before.rfind("”"):
        marks += "”"
    if apostrophes and (at := before.rfind("'")) >= 0 and (at == 0 or before[at - 1].isspace()):
        marks += "'"
    if not marks:
        return False
    after = text[end : end + reach].partition("\n")[0]
    return any(mark in after for mark in marks)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence; a line break ends one too."""
    start = 0
    for end in _END.finditer(text):
        if _ABBREVIATIONS.search(text[max(0, end.start() - 5) : end.start() + 1]):
            continue
        if text[start : end.end()].strip():
            yield start, end.end()
            start = end.end()
    if text[start:].strip():
        yield start, len(text)
