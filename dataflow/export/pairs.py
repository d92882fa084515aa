"""The question-answer pairs of a sample as an export reads them, and as the viewer counts them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dataflow.core import AnswerError, Sample, SampleError, as_list
from dataflow.export.columns import Columns

Pair = tuple[str, str, str]
"""Question, answer, label (empty where there is none)."""


def count_pairs(sample: Sample, columns: Columns) -> int:
    """How many pairs an export would write of a sample; none where it refuses one of them, and with it the sample."""
    told = [column for column in columns.filled(sample) if column not in columns.captions]
    try:
        return sum(len(pairs_in(column, sample[column])[0]) for column in told)
    except SampleError:
        return 0


def pairs_in(column: str, value: Any) -> tuple[list[Pair], str]:
    """The question-answer pairs of a column, and the article that they are about.

    Args:
        column: its name, for messages.
        value: a pair, a list of pairs, `{context, qas}`, or text in which a model wrote pairs.

    Raises:
        SampleError: it is none of these.
    """
    if isinstance(value, Mapping) and "qas" in value:
        return [_pair(pair, column) for pair in as_list(value["qas"])], str(value.get("context") or "").strip()
    if isinstance(value, Mapping):
        return [_pair(value, column)], ""
    if isinstance(value, list | tuple):
        return [_pair(pair, column) for pair in value], ""
    if not isinstance(value, str):
        raise SampleError(f"column {column!r} holds neither text nor pairs, but {type(value).__name__}")
    from dataflow.parsing.qa_text import parse_qa

    try:
        return [(pair.question, pair.answer, "") for pair in parse_qa(value)], ""
    except AnswerError:  # an answer to a prompt of another kind
        return [], ""


def _pair(value: Any, column: str) -> Pair:
    if not isinstance(value, Mapping):
        raise SampleError(f"column {column!r}: a pair must be an object with question and answer, not {value!r:.80}")
    fields = {str(name).casefold(): text for name, text in value.items()}
    question, answer = fields.get("question"), fields.get("answer")
    if not isinstance(question, str) or not isinstance(answer, str) or not question.strip() or not answer.strip():
        raise SampleError(f"column {column!r}: a pair without a question or without an answer")
    label = fields.get("label") or fields.get("type") or ""
    return question, answer, label if isinstance(label, str) else ""
