"""What kind of no answer a text is: one that the token limit cut off, a refusal, or one of another form."""

from __future__ import annotations

from dataflow.core import AnswerError, CutOffAnswer, RefusedAnswer

CUT_OFF = "the answer was cut off by the token limit"
CURE = "raise --max-tokens"


def cut_off(raw: str, before: str = "") -> CutOffAnswer:
    """The error for an answer that the token limit ended.

    Args:
        raw: the text as the model gave it.
        before: what was not complete yet, in words; empty where the whole text counts.
    """
    return CutOffAnswer(f"{CUT_OFF}{f' before {before} was complete' if before else ''}; {CURE}", raw=raw)


def told_apart(error: AnswerError, text: str, truncated: bool = False) -> AnswerError:
    """The error for a text in which nothing was found, by what the text is.

    A parser that looks for records says that there are none; whether the model declined or was cut off is what somebody
    has to know to mend it.

    Args:
        error: what the parser said.
        text: as the model gave it.
        truncated: whether the token limit cut it off.
    """
    from dataflow.parsing.free_text import free_text

    if isinstance(error, RefusedAnswer | CutOffAnswer):
        return error
    try:
        free_text(text)
    except RefusedAnswer as refusal:
        return refusal
    except AnswerError:  # nothing is left of it: what the parser said is more exact
        pass
    return cut_off(text, "anything that can be used") if truncated else error
