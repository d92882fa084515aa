"""One sample's discussion: puts questions to the roles, has a reply corrected that is none, keeps the transcript."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from dataflow.core import (
    AnswerError,
    LLMServingABC,
    Request,
    RequestRefused,
    Response,
    Run,
    SampleError,
)
from dataflow.operators.asking import messages_for
from dataflow.operators.core_vision.generate.multirole.material import Material
from dataflow.operators.structured import LONGEST_SHOWN, Parse, ask_once, with_correction

if TYPE_CHECKING:
    from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class Question:
    """What a role is asked.

    Args:
        stage: the name of the prompt.
        text: what is said after the video and what is wanted of all.
        schema: the form of the reply.
        form: the same in words.
        parse: makes data of the reply; raises AnswerError for what is none.
        where: the round, and whose turn it is, for messages.
    """

    stage: str
    text: str
    schema: type[BaseModel]
    form: str
    parse: Parse
    where: str = ""


class StageFailed(SampleError):
    """A role's reply could not be used, nor what it said when it was shown the fault.

    Args:
        message: what is wrong with it.
        raw: the reply.
        kind: what kind of no answer it is.
    """

    def __init__(self, message: str, raw: str | None, kind: str = "answer") -> None:
        super().__init__(message)
        self.raw = raw
        self.kind = kind


@dataclass(slots=True)
class Discussion:
    """The work of all roles on one sample.

    Args:
        run: the sample's way to ask.
        serving: who plays the roles.
        system: said first.
        material: the video, and what is wanted.
        transcript: what was said, in the form of the discussion file.
        warnings: what somebody should know of, a sentence each.
        left: how many stages are still to come at most.
    """

    run: Run
    serving: LLMServingABC
    system: str
    material: Material
    transcript: dict[str, Any] = field(default_factory=dict)
    left: int = 1
    warnings: list[str] = field(default_factory=list)

    async def ask(self, question: Question) -> Any:
        """The data of one role's reply; see `ask_all`."""
        (data,) = await self.ask_all([question])
        return data

    async def ask_all(self, questions: Sequence[Question]) -> list[Any]:
        """The data of several roles' replies, all asked at once.

        Which replies are corrected depends on their order and not on which came first, so that a resumed run asks for
        the same.

        Raises:
            StageFailed: a reply is none, even when corrected; or more are none than may be corrected.
            DataFlowError: a question could not be answered.
        """
        requests = [self._request(question) for question in questions]
        replies = await asyncio.gather(
            *(
                ask_once(self.run, self.serving, request, question.parse)
                for request, question in zip(requests, questions, strict=True)
            ),
            return_exceptions=True,
        )
        bad = [at for at, reply in enumerate(replies) if isinstance(reply, AnswerError)]
        for reply in replies:
            if isinstance(reply, BaseException) and not isinstance(reply, AnswerError):
                raise reply
        if not all(self.run.take_extra() for _ in bad):
            first = bad[0]
            self._fail(questions[first], replies[first], " No further correction may be asked for.")
        for at in bad:
            replies[at] = await self._correct(questions[at], requests[at], replies[at])
        self.left -= 1
        return [reply.data for reply in replies if isinstance(reply, Response)]

    def _request(self, question: Question) -> Request:
        messages = messages_for(self.system, self.material.parts, question.text)
        return Request(messages, schema=question.schema, prompt=question.stage, left=self.left, again=True)

    async def _correct(self, question: Question, request: Request, error: Any) -> Response:
        again = with_correction(request, error, question.form)
        try:
            return await ask_once(self.run, self.serving, again, question.parse)
        except AnswerError as second:
            self._fail(question, second)
        except RequestRefused:
            # As when reply and correction together are beyond the model's context: what is wrong is the first reply.
            self._fail(question, error)

    def _fail(self, question: Question, error: Any, more: str = "") -> NoReturn:
        stage = f"{question.stage}, {question.where}" if question.where else question.stage
        raw = (error.raw or "")[:LONGEST_SHOWN]
        self.transcript["failed"] = {"stage": stage, "message": str(error), "reply": raw}
        raise StageFailed(f"{stage}: {error}.{more}".replace("..", "."), error.raw, error.kind)
