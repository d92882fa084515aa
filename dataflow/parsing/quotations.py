"""Sentences of a text, and its quotations blanked out: what a caption quotes is said by a sign or a person, not by
it."""

from __future__ import annotations

import re
from collections.abc import Iterator

BLANK = "\u25a1"
_QUOTED = re.compile(
    r"\"[^\"\n]{0,600}+\"|“[^”\n]{0,600}+”|„[^“”\"\n]{0,600}+[“”\"]|«[^»\n]{0,600}+»|»[^«\n]{1,600}+«|"
    r"「[^」\n]{0,600}+」|『[^』\n]{0,600}+』"
    r"|`[^`\n]{1,600}+`|《[^》\n]{0,200}+》|‹[^›\n]{0,600}+›|(?<![^\W_])[‘'](?=[^\s'’])(?:[^'’\n]|"
    r"['’](?=[^\W_])){1,600}+['’](?![^\W_])"
)
_MARKS = "\"'“„«»「『`《‹‘"
_END = re.compile(
    r"[.!?…。！？．\n](?:(?<=[。！？．\n])[。！？．]{0,2}|(?<=[.!?…])[.!?…]{0,2}[)\]*_]{0,3}(?=\s|\Z))\s*"
)
_ABBREVIATIONS = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|No|vs|etc|e\.g|i\.e|z\.B|[A-Z])\.)\Z")


def without_quotations(text: str) -> str:
    """The text, as long as it was, with what stands between quotation marks blanked out, marks included."""
    if not any(mark in text for mark in _MARKS):
        return text
    return _QUOTED.sub(lambda quoted: BLANK * len(quoted.group()), text)


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
