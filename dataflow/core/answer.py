"""Whether a response holds an answer at all; looked at before anybody reads its text, so that no operator has to."""

from __future__ import annotations

from dataflow.core.errors import AnswerError, CutOffAnswer, RefusedAnswer
from dataflow.core.request import Response

LONGEST_SHOWN = 300

ALL_IN_REASONING = (
    "the model put its whole answer into `reasoning` and left the answer itself empty; turn its thinking off "
    "(extra_body={'chat_template_kwargs': {'enable_thinking': False}} where the endpoint takes that), or check its "
    "reasoning parser"
)


def require_answer(response: Response) -> None:
    """Let a response pass whose text may be an answer.

    Raises:
        AnswerError: it is none; see `no_answer`.
    """
    if (error := no_answer(response)) is not None:
        raise error


def no_answer(response: Response) -> AnswerError | None:
    """Why a response is no answer; None where its text may be one.

    Returns:
        RefusedAnswer: the model declined, or a filter withheld its words, by the finish reason.
        CutOffAnswer: the token limit was reached before the first word of the answer.
        AnswerError: there is no text for another reason.
    """
    text, finish = response.text, response.finish_reason
    if finish == "refusal":
        return RefusedAnswer(f"the model refused: {text[:LONGEST_SHOWN]}", raw=text)
    if finish == "content_filter":
        return RefusedAnswer("the endpoint's content filter withheld the answer", raw=text)
    if text.strip():
        return None
    if response.truncated:
        spent = " by the model's reasoning" if response.reasoning else ""
        cure = "raise --max-tokens (max_tokens)" + (", or turn its thinking off" if response.reasoning else "")
        return CutOffAnswer(f"the token limit was used up{spent} before the answer began; {cure}", raw=text)
    if response.reasoning:
        return AnswerError(ALL_IN_REASONING, raw=text)
    return AnswerError("the model ended its answer without a word", raw=text)
