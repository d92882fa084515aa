"""Tells a refusal from an answer: a model that declines, or says that it was shown nothing, at the start.

Precision comes first: a caption describes in third person, so only sentences that open in the first or second person,
with an apology or with a missing picture are looked at; what stands between quotation marks, or is said to be written
or spoken, is content.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from dataflow.parsing.quotations import BLANK, sentences, without_quotations
from dataflow.parsing.refusal_grammar import Grammar
from dataflow.parsing.refusal_words import LANGUAGES

_HEAD = 1500
"""Characters at the beginning of a text in which a refusal is looked for."""
_SENTENCES = 4
_SHORT = 220
_MARKS = re.compile(r"[*_#>~\u200b\u2060\ufeff\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]")
_SPACES = re.compile(r"[ \t\u00a0\u202f]+")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal.

    Args:
        saw_nothing: the model says that it has or sees no picture; False when it declines.
    """

    saw_nothing: bool

    @property
    def message(self) -> str:
        """What is wrong with the answer, in words."""
        return "the model says that it was shown nothing" if self.saw_nothing else "the model declines to answer"


def refusal_in(text: str) -> Refusal | None:
    """The refusal that a text is, or None: it is an answer.

    Args:
        text: an answer without reasoning, special tokens and chatter before it.
    """
    head = _plain(text[:_HEAD])
    if head and head == BLANK * len(head):
        # The whole answer stands in quotation marks: an answer quoted, or a sign's. Only a missing picture tells which.
        found = refusal_in(text.strip()[1:-1])
        return found if found and found.saw_nothing else None
    short = len(text) < _SHORT
    return next((found for grammar in LANGUAGES if (found := _refusal(head, grammar, short))), None)


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFC", _SPACES.sub(" ", _MARKS.sub("", text))).strip()
    return without_quotations(text).replace("’", "'").replace("ʼ", "'")


def _refusal(head: str, grammar: Grammar, short: bool) -> Refusal | None:
    regretted = False
    for number, (start, end) in enumerate(sentences(head)):
        sentence = head[start:end].strip()
        if number >= _SENTENCES:
            return None
        if grammar.quoting.search(sentence):
            return None
        if not grammar.starts.match(sentence) and not regretted:
            return None
        rest = head[start : start + 600]
        if (found := grammar.seeing_nothing.search(rest)) and found.start() < len(sentence):
            return Refusal(True)
        if grammar.declining.search(sentence):
            return Refusal(False)
        regrets = bool(grammar.regrets.match(sentence))
        if (regrets or regretted) and grammar.weakly.search(sentence):
            return Refusal(False)
        if (short or regretted) and grammar.asking.match(sentence):
            return Refusal(True)
        if not regrets and not regretted:
            return None
        regretted = regretted or regrets
    return Refusal(False) if regretted and grammar.regrets.fullmatch(head.rstrip(" .!…。！")) else None
