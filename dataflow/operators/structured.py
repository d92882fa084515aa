"""Asks for an answer of a stated form. A reply that has not that form is shown to the model with its error, once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dataflow.core import (
    AnswerError,
    CutOffAnswer,
    LLMServingABC,
    Message,
    RefusedAnswer,
    Request,
    RequestRefused,
    Response,
    Run,
    TextPart,
)
from dataflow.operators.no_answer import cut_off, told_apart
from dataflow.prompts import correction

_log = logging.getLogger(__name__)

if TYPE_CHECKING:
    from pydantic import BaseModel

    from dataflow.parsing.checks import Dropped
    from dataflow.parsing.pair import QAPair

Parse = Callable[[Response], Any]

LONGEST_SHOWN = 8000
"""Characters of its reply that a model is shown: a reply that went on and on is not paid for twice."""

NO_WORDS = "..."
"""What stands for a reply without words."""

LONGEST_CUT_OFF = 400
"""Likewise, of one that was cut off: it was too long, and is to be written anew, not continued."""


async def ask_checked(run: Run, serving: LLMServingABC, request: Request, parse: Parse, form: str) -> Response:
    """Ask, and where the reply does not parse ask once more in a turn that shows the model its own text and the error.

    Everything goes through `run.ask`: a resumed run replays both replies and asks nothing. A run pays for at most two
    replies here, whatever earlier runs have tried; for one, where the sample has had its further questions already.

    Args:
        run: the sample's way to ask.
        serving: who answers.
        request: the question; its prompt should state the form too.
        parse: makes the response's `data` of it; raises AnswerError for what is no answer.
        form: the form of the reply, in words.

    Raises:
        AnswerError: the second reply is no answer either; carries its text, and says whether it was cut off
            (CutOffAnswer) or the model declined (RefusedAnswer).
    """
    try:
        return await ask_once(run, serving, request, parse)
    except AnswerError as error:
        first = error
    if not run.take_extra():
        raise first
    _log.info("asked once more, with a correction: %s", first)
    try:
        return await ask_once(run, serving, with_correction(request, first, form), parse)
    except RequestRefused as refusal:
        # As when reply and correction together are beyond the model's context: what is wrong is the first reply.
        raise first from refusal


def in_schema(schema: type[BaseModel]) -> Parse:
    """A parser that makes an instance of the schema of a reply; of a truncated one, of its complete records."""
    from dataflow.parsing.schema import validate

    return lambda response: validate(response.text, schema, response.truncated)


def complete_pairs(response: Response) -> list[QAPair]:
    """The question-answer pairs of a reply, in whatever shape; of a truncated one those that are complete.

    Raises:
        AnswerError: there is none.
        CutOffAnswer: there is none that is complete.
    """
    from dataflow.parsing.json_text import json_spans
    from dataflow.parsing.qa_text import as_lines, pairs_in_json, pairs_in_text, parse_qa, prepare

    if not response.truncated:
        return parse_qa(response.text)
    body = prepare(response.text)
    # In text nothing closes a pair, so the last one may go on.
    found = pairs_in_json(json_spans(body)) or pairs_in_text(as_lines(body))[:-1]
    if not found:
        raise cut_off(response.text, "its first question-answer pair")
    return [located.pair for located in found]


def usable_pairs(response: Response) -> tuple[list[QAPair], list[Dropped]]:
    """The pairs of a reply that can be used, and those that cannot.

    Raises:
        AnswerError: there is none that can.
    """
    from dataflow.parsing.checks import clean_pairs

    kept, dropped = clean_pairs(complete_pairs(response))
    if not kept:
        raise nothing_usable("the answer", [one.reason for one in dropped], response.text)
    return kept, dropped


def nothing_usable(what: str, reasons: Iterable[str], raw: str) -> AnswerError:
    """The error for a reply whose pairs all have a fault.

    Args:
        what: the reply, in words.
        reasons: why each cannot be used.
        raw: the text as the model gave it.
    """
    from dataflow.parsing.checks import DECLINES

    said = "; ".join(sorted(set(reasons))) or "it is empty"
    kind = RefusedAnswer if said == DECLINES else AnswerError
    return kind(f"{what} holds no usable question-answer pair: {said}", raw=raw)


async def ask_once(run: Run, serving: LLMServingABC, request: Request, parse: Parse) -> Response:
    """Ask for one reply at most.

    `run.ask` asks anew as often as earlier runs have failed this sample, which is right for a reply that the ledger
    replays, but for a question that came up only now would be several requests in one run: so a fresh reply that does
    not parse is handed out rather than refused.

    Raises:
        AnswerError: the reply does not parse; carries its text.
    """

    def judge(response: Response) -> Any:
        try:
            return parse(response)
        except AnswerError as error:
            told = told_apart(error, response.text, response.truncated)
            told.raw = response.text
            if not response.fresh:
                raise told from None
            return told

    response = await run.ask(serving, request, parse=judge)
    if isinstance(response.data, AnswerError):
        raise response.data
    return response


def with_correction(request: Request, error: AnswerError, form: str) -> Request:
    """The question with the reply that cannot be used, and a turn that says why and states the form once more."""
    from dataflow.parsing.special_tokens import without_special_tokens

    was_cut_off = isinstance(error, CutOffAnswer)
    longest = LONGEST_CUT_OFF if was_cut_off else LONGEST_SHOWN
    # An endpoint reads special tokens in a turn as what they are, and some refuse a turn without words.
    reply = without_special_tokens(error.raw or "").strip() or NO_WORDS
    said = Message("assistant", (TextPart(reply if len(reply) <= longest else f"{reply[:longest]} [...]"),))
    words = correction.build_shorter(form) if was_cut_off else correction.build(str(error), form)
    told = Message("user", (TextPart(words),))
    return replace(request, messages=(*request.messages, said, told), prompt=request.prompt + correction.SUFFIX)
