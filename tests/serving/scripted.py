"""A serving that replies as a script says, and what it charges, for tests in simulated time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from dataflow.core import (
    DataFlowError,
    Message,
    Request,
    Response,
    TextPart,
    TransientError,
    Usage,
)
from dataflow.serving import ServingBase

Reply = Response | DataFlowError

BUSY = TransientError("busy", status=500)


class Scripted(ServingBase):
    """Gives each request what a function of its text and of how often it was asked says.

    Args:
        script: the reply, by the text and the number of the try (from 0).
        seconds: that a reply takes.
    """

    def __init__(self, script: Callable[[str, int], Reply], seconds: float = 1.0, **settings: Any) -> None:
        super().__init__(**settings)
        self.script = script
        self.seconds = seconds
        self.tries: dict[str, int] = {}

    @property
    def identity(self) -> Mapping[str, Any]:
        return {"serving": "scripted", "model": "scripted"}

    async def generate(self, request: Request) -> Response:
        text = request.messages[0].text
        number = self.tries.get(text, 0)
        self.tries[text] = number + 1
        await asyncio.sleep(self.seconds)
        reply = self.script(text, number)
        if isinstance(reply, Response):
            return reply
        raise reply

    @property
    def asked(self) -> int:
        return sum(self.tries.values())


class Bill:
    """Adds up what is charged."""

    def __init__(self, *, answered: bool = False) -> None:
        self.answered = answered
        self.usage = Usage()

    def charge(self, usage: Usage, model: str) -> None:
        assert model == "scripted"
        self.usage += usage


OK = Response("an answer", usage=Usage(10, 1))


def error(kind: type[DataFlowError] = TransientError, usage: Usage | None = None, **fields: Any) -> DataFlowError:
    made = kind("no luck", **fields)
    made.usage = usage
    return made


async def ask(serving: ServingBase, *texts: str, bill: Bill | None = None) -> list[Response | BaseException]:
    async def one(order: int, text: str) -> Response:
        return await serving.answer(Request((Message("user", (TextPart(text),)),)), order=order, bill=bill)

    return await asyncio.gather(*(one(n, text) for n, text in enumerate(texts)), return_exceptions=True)


def numbers(count: int) -> list[str]:
    return [str(number) for number in range(count)]
