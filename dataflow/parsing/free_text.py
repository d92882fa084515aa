"""What of a model's text is a free text answer: the one place that decides it for every operator that keeps text."""

from __future__ import annotations

import re

from dataflow.core.errors import AnswerError, RefusedAnswer
from dataflow.parsing.reasoning import split_reasoning
from dataflow.parsing.refusals import refusal_in
from dataflow.parsing.small_talk import without_small_talk
from dataflow.parsing.special_tokens import without_special_tokens

_FENCED = re.compile(
    r"(?:```|~~~)[ \t]*(?:text|txt|plaintext|markdown|md)?[ \t]*\n(?P<inside>.*)\n[ \t]*(?:```|~~~)", re.DOTALL
)


def free_text(text: str) -> str:
    """The text worth keeping: reasoning, special tokens and the chatter before and after it taken off.

    Args:
        text: what the model printed.

    Raises:
        RefusedAnswer: the model declines, or says that it was shown nothing.
        AnswerError: nothing is left.
    """
    answer, reasoning = split_reasoning(text)
    answer = without_special_tokens(answer).strip()
    if fenced := _FENCED.fullmatch(answer):
        answer = fenced["inside"].strip()
    if not answer:
        raise AnswerError("the answer is only reasoning" if reasoning else "the answer is empty", raw=text)
    kept = without_small_talk(answer)
    if refusal := refusal_in(kept) or refusal_in(answer):
        raise RefusedAnswer(refusal.message, raw=text)
    if not kept:
        raise AnswerError("the answer is only chatter", raw=text)
    return kept
