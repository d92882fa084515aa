"""Asks for an answer that is kept as text. Only whole answers are, unless told otherwise; a refusal never is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dataflow.core import AnswerError, LLMServingABC, RefusedAnswer, Request, Response, Run, Sample
from dataflow.operators.no_answer import cut_off
from dataflow.operators.structured import ask_checked
from dataflow.prompts import correction

KEPT_CUT_OFF = "cut off by the token limit"
"""What stands in `{key}_status` of a row whose text was kept although it was cut off."""


@dataclass(frozen=True, slots=True)
class FreeText:
    """An answer as it is written into a row.

    Args:
        text: special tokens, reasoning and chatter taken off.
        status: what is missing in it; empty for nothing.
        pairs: the question-answer pairs in it; None where it was not read for any.
    """

    text: str
    status: str = ""
    pairs: list[dict[str, Any]] | None = None


async def ask_free_text(run: Run, serving: LLMServingABC, request: Request, *, keep_cut_off: bool = False) -> FreeText:
    """Ask for text. A refusal, and text that was cut off, is answered with a correction once.

    Args:
        run: the sample's way to ask.
        serving: who answers.
        request: the question.
        keep_cut_off: take text that the token limit cut off as it is; its status says so.

    Raises:
        RefusedAnswer: the model declines, the second time too.
        CutOffAnswer: the answer is cut off, the second time too.
        AnswerError: nothing is left of the answer.
    """

    def read(response: Response) -> FreeText:
        return read_free_text(response, keep_cut_off=keep_cut_off)

    response = await ask_checked(run, serving, request, read, correction.TEXT_FORM)
    answer: FreeText = response.data
    return answer


def read_free_text(response: Response, *, keep_cut_off: bool = False) -> FreeText:
    """A response as text worth keeping.

    Raises:
        RefusedAnswer: the model declines, or says that it was shown nothing.
        CutOffAnswer: the token limit ended it, and that is not to be kept or left nothing but reasoning.
        AnswerError: nothing is left of it.
    """
    from dataflow.parsing.free_text import free_text

    try:
        text = free_text(response.text)
    except RefusedAnswer:
        raise
    except AnswerError as error:
        raise (cut_off(response.text, "a word of it") if response.truncated else error) from None
    if response.truncated and not keep_cut_off:
        raise cut_off(response.text)
    return FreeText(text, KEPT_CUT_OFF if response.truncated else "")


def status_of(column: str) -> str:
    """The column that says what is missing in another."""
    return f"{column}_status"


def with_text(sample: Sample, column: str, answer: FreeText, **made: Any) -> Sample:
    """The row with the answer in a column, and what is missing in it beside; a status of an earlier run does not stay.

    Args:
        sample: the row.
        column: where the text goes.
        answer: the answer.
        made: further columns.
    """
    row = {name: value for name, value in sample.items() if name != status_of(column)}
    row |= {**made, column: answer.text}
    return {**row, status_of(column): answer.status} if answer.status else row
