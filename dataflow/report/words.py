"""Words of a text in any script, for counting."""

from __future__ import annotations

import re

# Scripts that put no space between words are counted by character, as is usual for them.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_]+(?:['’.-][^\W_]+)*")
_FIRST_CHARACTERS = 200


def words_in(text: str) -> list[str]:
    """The words, in lower case."""
    return _WORD.findall(text.casefold())


def count_words(text: str) -> int:
    """How many words there are."""
    return len(_WORD.findall(text))


def first_words(text: str, number: int) -> str:
    """How a text begins."""
    return " ".join(words_in(text[:_FIRST_CHARACTERS])[:number])
