"""What a prompt asks for: a caption, question-answer pairs, an article with pairs, or one question."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from dataflow.core import Request
from dataflow.serving.embedded.words import NUMBERS

Wish = Literal["caption", "pairs", "article", "question"]

_MOST_PAIRS = 100

# Patterns for lower case: to ignore case costs three times as long.
_PAIRS = re.compile(
    r"question[\s-]*(?:and[\s-]*|[-/&–]\s*)?answer|\bq\s*&\s*as?\b|\bqas?\b|\bvqa\b|\bquestions\b[^.?!]{0,40}\banswers\b"
    r"|\b(?:write|generate|create|make|ask|produce|give)\b[^.?!]{0,40}\bquestions\b",
)
_ARTICLE = re.compile(r"\bwikipedia\b|\bencyclop\w+|\barticle\b|\bbackground (?:text|passage)\b")
_COUNT = re.compile(
    rf"\b(\d{{1,3}}|{'|'.join(NUMBERS[1:])})\s++(?:[\w'-]++[\s,]++){{0,4}}?"
    r"(?:question|questions|qas?|q&as?|pairs?|vqas?)\b|\b(?:num_qa|pairs|questions|count)\s*[:=]\s*(\d{1,3})\b",
)
_OTHERS = re.compile(
    r"other than|besides|apart from these|different from|do(?:es)? not (?:ask|repeat)|don't repeat"
    r"|already (?:asked|have|exist)"
    r"|\b(?:further|additional|missing|remaining|more) (?:\w+[\s-]+){0,3}(?:question|pair|qa)",
)
_SENTENCE = re.compile(r"[^.?!\n]*+[.?!\n]?")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request is after.

    Args:
        wish: what kind of answer.
        text: the words of the last user turn.
        count: pairs asked for; None where no number is named.
        others: the pairs that the text quotes are known: it wants others.
    """

    wish: Wish
    text: str
    count: int | None
    others: bool

    @property
    def question(self) -> str:
        """The last question of the text."""
        found = _questions(self.text)
        return found[-1].strip() if found else self.text


def asked(request: Request) -> Asked:
    """What a request is after, from its last user turn."""
    turns = [message.text for message in request.messages if message.role == "user" and message.text.strip()]
    text = turns[-1] if turns else ""
    return Asked(_wish(text), text, _count(text), bool(_OTHERS.search(text.lower())))


def _wish(text: str) -> Wish:
    words = text.lower()
    if _ARTICLE.search(words):
        return "article"
    if _PAIRS.search(words):
        return "pairs"
    questions = _questions(text)
    return "question" if questions and not _asks_for_caption(questions[-1]) else "caption"


def _questions(text: str) -> list[str]:
    return [sentence for sentence in _SENTENCE.findall(text) if sentence.endswith("?")]


def _asks_for_caption(question: str) -> bool:
    """`What is in this picture?` and its like want everything told."""
    return bool(
        re.search(
            r"\b(?:can|could|would|will) you (?:please )?(?:describe|tell|caption|explain|summari[sz]e)"
            r"|\bwhat(?:'s| is| do you see| can be seen| happens| is (?:shown|happening|going on|depicted))"
            r"\s*(?:(?:in|on|about|this|that|the|here)\s*)*(?:video|clip|picture|image|photo|it|here)?\s*\?$",
            question.strip(),
            re.IGNORECASE,
        )
    )


def _count(text: str) -> int | None:
    match = _COUNT.search(text.lower())
    if match is None:
        return None
    word = match.group(1) or match.group(2)
    count = NUMBERS.index(word) if word in NUMBERS else int(word)
    return min(count, _MOST_PAIRS) if count else None
