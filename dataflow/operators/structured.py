"""Asks for an answer of a stated form. A reply that has not that form is shown to the model with its error, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dataflow.core import AnswerError, LLMServingABC, Message, Request, RequestRefused, Response, Run, TextPart
from dataflow.prompts import correction

if TYPE_CHECKING:
    from pydantic import BaseModel

    from dataflow.parsing.pair import QAPair

Parse = Callable[[Response], Any]

LONGEST_SHOWN = 8000
"""Characters of its reply that a model is shown: a reply that went on and on is not paid for twice."""


async def ask_checked(run: Run, serving: LLMServingABC, request: Request, parse: Parse, form: str) -> Response:
    """Ask, and where the reply does not parse ask once more in a turn that shows the model its own text and the error.

    Everything goes through `run.ask`: a resumed run replays both replies and asks nothing. A run pays for at most two
    replies here, whatever earlier runs have tried.

    Args:
        run: the sample's way to ask.
        serving: who answers.
        request: the question; its prompt should state the form too.
        parse: makes the response's `data` of it; raises AnswerError for what is no answer.
        form: the form of the reply, in words.

    Raises:
        AnswerError: the second reply is no answer either; carries its text.
    """
    try:
        return await ask_once(run, serving, request, parse)
    except AnswerError as error:
        first = error
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
    """
    from dataflow.parsing.json_text import json_spans
    from dataflow.parsing.qa_text import as_lines, pairs_in_json, pairs_in_text, parse_qa, prepare

    if not response.truncated:
        return parse_qa(response.text)
    body = prepare(response.text)
    # In text nothing closes a pair, so the last one may go on.
    found = pairs_in_json(json_spans(body)) or pairs_in_text(as_lines(body))[:-1]
    if not found:
        message = "the answer was cut off by the token limit before its first question-answer pair was complete"
        raise AnswerError(message, raw=response.text)
    return [located.pair for located in found]


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
            error.raw = response.text
            if not response.fresh:
                raise
            return error

    response = await run.ask(serving, request, parse=judge)
    if isinstance(response.data, AnswerError):
        raise response.data
    return response


def with_correction(request: Request, error: AnswerError, form: str) -> Request:
    """The question with the reply that cannot be used, and a turn that says why and states the form once more."""
    reply = error.raw or ""
    shown = reply if len(reply) <= LONGEST_SHOWN else f"{reply[:LONGEST_SHOWN]} [...]"
    said = Message("assistant", (TextPart(shown),))
    told = Message("user", (TextPart(correction.build(str(error), form)),))
    return replace(request, messages=(*request.messages, said, told), prompt=request.prompt + correction.SUFFIX)
