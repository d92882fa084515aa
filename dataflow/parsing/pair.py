"""A question with its answer, and the place in a text where it was found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QAPair:
    """One question and its answer.

    Args:
        question: the question, the choices of a multiple choice question included.
        answer: the answer.
        label: what kind of question it is, where the model said so.
    """

    question: str
    answer: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Located:
    """A pair and the stretch of text, in characters, from the start of its first line to the end of its answer."""

    pair: QAPair
    start: int
    end: int
