"""In which ways samples failed, in words: the same for the progress line, the summary, `status`, viewer and report."""

from __future__ import annotations

import re
from collections.abc import Mapping

WORDS = {
    "refused": "refused",
    "cut_off": "cut off",
    "answer": "without a usable answer",
    "request": "not answered",
    "media": "with unreadable media",
    "input": "with unusable input",
    "operator": "by an error in an operator",
}
"""The kinds of the failures file."""

_NAME = re.compile(r"[A-Za-z][\w-]{0,39}", re.ASCII)
"""How an operator of somebody else's may call a kind. What has another form is a file's content and is not repeated, be
it to a terminal or into Markdown."""


def kinds_in_words(kinds: Mapping[str, int]) -> str:
    """`10 refused, 3 cut off`: the most frequent first; empty where nothing failed.

    Args:
        kinds: how many samples failed, by kind.
    """
    order = list(WORDS)
    told = [(kind, count) for kind, count in kinds.items() if count]
    told.sort(key=lambda one: (-one[1], order.index(one[0]) if one[0] in WORDS else len(order)))
    return ", ".join(f"{count:,} {_word(kind)}" for kind, count in told)


def failed_in_words(failed: int, kinds: Mapping[str, int]) -> str:
    """`13 failed (10 refused, 3 cut off)`."""
    told = kinds_in_words(kinds)
    return f"{failed:,} failed ({told})" if failed and told else f"{failed:,} failed"


def _word(kind: str) -> str:
    return WORDS.get(kind) or (kind if _NAME.fullmatch(kind) else "in a way without a name")
