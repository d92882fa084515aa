"""Words of a text in any script, for counting."""

from __future__ import annotations

import re
from itertools import islice

# Scripts that put no space between words are counted by character, as is usual for them.
_UNSPACED = r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
_SPACED = r"[^\W_]+(?:['’.-][^\W_]+)*"
_WORD = re.compile(f"{_UNSPACED}|{_SPACED}")
_WORD_OR_RUN = re.compile(f"({_UNSPACED}++)|{_SPACED}")
_FIRST_CHARACTERS = 200


def words_in(text: str, most: int | None = None) -> list[str]:
    """The words, in lower case; the first so many of them, where a number is given."""
    return [word.group() for word in islice(_WORD.finditer(text.casefold()), most)]


def count_words(text: str) -> int:
    """How many words there are."""
    found = _WORD_OR_RUN.findall(text)  # runs of characters, and nothing for each other word
    return sum(map(len, found)) + found.count("")


def first_words(text: str, number: int) -> str:
    """How a text begins."""
    return " ".join(words_in(text[:_FIRST_CHARACTERS], number))
