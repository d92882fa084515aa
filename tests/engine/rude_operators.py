"""Operators that treat their questions badly: they gather, cancel, time out, fan out and fail in the middle."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from typing import Any

from dataflow import Operator
from dataflow.core import InputError, LLMServingABC, Message, Request, Response, Run, Sample, SampleError, TextPart
from dataflow.core.operator import Keys


def question(text: str) -> Request:
    """A question of text alone."""
    return Request((Message("user", (TextPart(text),)),))


class Rude(Operator):
    """Asks what stands in the sample's `texts`, all at once.

    Args:
        serving: who answers.
        draw: of what goes wrong, and when.
    """

    def __init__(self, serving: LLMServingABC, draw: random.Random) -> None:
        self.serving = serving
        self.draw = draw

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Any:
        return {**sample, "answers": [reply.text for reply in await self.ask(run, sample["texts"])]}

    async def ask(self, run: Run, texts: Sequence[str]) -> list[Response]:
        return await asyncio.gather(*(run.ask(self.serving, question(text)) for text in texts))


class GathersWithAFailingChild(Rude):
    """One of the questions is refused, or its answer raises something of the operator's own."""

    async def ask(self, run: Run, texts: Sequence[str]) -> list[Response]:
        bad = self.draw.randrange(len(texts))

        def parse(response: Response) -> None:
            raise ZeroDivisionError("a fault of the operator")

        asked = [
            run.ask(self.serving, question(text), parse if number == bad else None) for number, text in enumerate(texts)
        ]
        return await asyncio.gather(*asked)


class Cancels(Rude):
    """Gives up its questions after some milliseconds, in one way or another."""

    async def ask(self, run: Run, texts: Sequence[str]) -> list[Response]:
        patience = self.draw.uniform(0, 0.012)
        way = self.draw.randrange(3)
        if way == 0:
            return await asyncio.wait_for(super().ask(run, texts), patience)
        tasks = [asyncio.ensure_future(run.ask(self.serving, question(text))) for text in texts]
        await asyncio.sleep(patience)
        for task in self.draw.sample(tasks, k=len(tasks) // 2 + 1):
            task.cancel()
        if way == 1:
            return await asyncio.gather(*tasks)
        raise SampleError("left with questions in flight")


class FansOut(Operator):
    """One sample becomes many, each with one of the texts."""

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Any:
        return [{"texts": [text], "place": place} for place, text in enumerate(sample["texts"])]


class FailsAtOneChild(Rude):
    """Asks for every child; one of them ends the run, or itself."""

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Any:
        if sample["place"] == 1:
            await asyncio.sleep(self.draw.uniform(0, 0.012))
            if self.draw.random() < 0.5:
                raise InputError("this dataset cannot be read any further")
            raise SystemExit("an operator must not do this")
        return await super().process(sample, keys, run)
