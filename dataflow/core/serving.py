"""The contract of whatever answers requests. One async method to write; the batch calls follow from it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from dataflow.core.answer import require_answer
from dataflow.core.conversation import to_messages, turns_of
from dataflow.core.endpoint_state import EndpointState
from dataflow.core.errors import DataFlowError
from dataflow.core.loop import run_blocking
from dataflow.core.message import Message, Role, TextPart
from dataflow.core.request import Request, Response, Usage
from dataflow.core.sample import as_list


class Bill(Protocol):
    """The run that a question is asked for: it pays for every reply, whatever becomes of it."""

    @property
    def answered(self) -> bool:
        """Whether the run knows answers of whoever is asked from before: then a refusal is hardly about all of it."""

    def charge(self, usage: Usage, model: str) -> None:
        """Count the tokens of a reply that became no answer. Those of an answer are counted by whoever receives it.

        Args:
            usage: as the endpoint reports it.
            model: who was asked, as the serving's identity names it.
        """


class LLMServingABC(ABC):
    """Answers requests.

    A serving holds configuration only; connections and engines are opened when first used, so that it pickles.
    """

    max_workers: int = 64
    """How many requests may be in flight at most."""

    @property
    def params(self) -> Mapping[str, Any]:
        """Generation parameters that hold for every request which does not set them itself."""
        return {}

    @property
    @abstractmethod
    def identity(self) -> Mapping[str, Any]:
        """What changes the answers and is not in the request: the kind of serving, the model, its revision."""

    @abstractmethod
    async def generate(self, request: Request) -> Response:
        """Answer one request, once.

        What a model said instead of an answer comes back as a response too, so that it is kept and not paid for twice:
        `require_answer` tells it by its finish reason (`refusal`, `content_filter`, `length` before the first word).

        Raises:
            SampleError: this request will never be answered.
            TransientError: asking again later can help.
            StopRun: no request can be answered.
        """

    async def answer(self, request: Request, *, order: int = 0, bill: Bill | None = None) -> Response:
        """Answer one request within the serving's limits, asking again where that can help.

        Args:
            request: the question.
            order: the place of the sample in the dataset; room is given to smaller numbers first.
            bill: who pays for replies that become no answer, and whose `give_up` ends the waiting.
        """
        try:
            return await self.generate(request)
        except DataFlowError as error:
            if bill is not None and error.usage is not None:
                usage, error.usage = error.usage, None  # whoever sees the error later has nothing left to count
                bill.charge(usage, str(self.identity.get("model", "")))
            raise

    @property
    def waits_until(self) -> float | None:
        """When (seconds since the epoch) the endpoint may be asked again, where nobody asks it now because it says so.
        Read from any thread, to tell those who watch."""
        return None

    @property
    def endpoint_states(self) -> Sequence[EndpointState]:
        """How each endpoint stands, since the serving was first asked. Read from any thread, and after a run has ended
        too; empty where nothing was asked, or by a serving without limits."""
        return ()

    def prefer_longest(self, on: bool) -> None:  # noqa: B027 - a serving without limits has nobody wait for room
        """Told at the start of a run with False, and with True when its last sample has begun: from then on room goes
        to those with the most questions left, or the end of the run would wait for a single sample's many."""

    def give_up(self, reason: DataFlowError, bill: Bill | None = None) -> None:  # noqa: B027 - nobody waits here
        """Hand the reason to requests that wait for room or for another try; those being answered are answered.

        Args:
            reason: why they are not asked.
            bill: only requests on this one give up, so that one run's end is not another's; None is all of them.
        """

    async def close(self) -> None:  # noqa: B027 - most servings hold nothing open
        """Give back connections and engines. The serving opens them again when it is used again."""

    def generate_from_input(
        self,
        user_inputs: Sequence[str],
        system_prompt: str = "",
        image_inputs: Sequence[Any] | None = None,
        video_inputs: Sequence[Any] | None = None,
    ) -> list[str]:
        """Answer one text per entry, in input order.

        Args:
            user_inputs: the questions.
            system_prompt: said before each of them.
            image_inputs: per question a path, a list of paths, or None.
            video_inputs: likewise.

        Raises:
            DataFlowError: a question could not be answered. Neither an error nor a refusal becomes text.
        """
        conversations = [[{"from": "human", "value": text}] for text in user_inputs]
        return self.generate_from_input_messages(conversations, image_inputs, video_inputs, system_prompt)

    def generate_from_input_messages(
        self,
        conversations: Sequence[Sequence[Mapping[str, Any]]],
        image_list: Sequence[Any] | None = None,
        video_list: Sequence[Any] | None = None,
        system_prompt: str = "",
    ) -> list[str]:
        """Answer one conversation per entry (`from`/`value` or `role`/`content` turns), in input order.

        Raises:
            ValueError: the lists differ in length.
            DataFlowError: a conversation could not be answered. Neither an error nor a refusal becomes text.
        """
        count = len(conversations)
        for name, media in (("image", image_list), ("video", video_list)):
            if media is not None and len(media) != count:
                raise ValueError(f"{count} conversations but {len(media)} {name} entries: one entry per conversation")
        requests = []
        for row, conversation in enumerate(conversations):
            turns: list[tuple[Role, str]] = turns_of(list(conversation))
            images = as_list(image_list[row]) if image_list is not None else []
            videos = as_list(video_list[row]) if video_list is not None else []
            messages = to_messages(turns, images, videos)
            if system_prompt:
                messages = (Message("system", (TextPart(system_prompt),)), *messages)
            requests.append(Request(messages))
        return [response.text for response in run_blocking(self._answer_all(requests))]

    async def _answer_all(self, requests: Sequence[Request]) -> list[Response]:
        import asyncio  # a third of what a decoder process would load, and it needs none

        async def ask(order: int, request: Request) -> Response:
            response = await self.answer(request, order=order)
            require_answer(response)
            return response

        tasks = [asyncio.ensure_future(ask(order, request)) for order, request in enumerate(requests)]
        try:
            return await asyncio.gather(*tasks)
        except DataFlowError:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            raise


class VLMServingABC(LLMServingABC):
    """A serving that sees images and videos."""
