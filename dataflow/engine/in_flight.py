"""The questions in flight of one run. They are the engine's own: whatever becomes of the operator that asked, an answer
that arrives is kept and paid for, and no run ends before what is at an endpoint has come in."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace

from dataflow.core import BudgetSpent, DataFlowError, LLMServingABC, Request, Response, StopRun, Usage, UsageError
from dataflow.core.message import Part
from dataflow.engine.budget import Budget
from dataflow.engine.counts import Counts
from dataflow.engine.ledger import VALID, Ledger
from dataflow.engine.prices import Price
from dataflow.engine.remote import Remote
from dataflow.serving.pacing.call import Call

_log = logging.getLogger(__name__)

AT_ONCE_SECONDS = 0.1
"""How long answers that have arrived already have to be taken in when a run is stopped at once."""

MOST_TOKENS = 10**12

CANCEL_SECONDS = 5.0
"""How long a serving has to let go of a question that is cancelled."""


class ServingBill:
    """What one serving charges to one run; implements `core.Bill`."""

    def __init__(self, owner: InFlight, model: str, price: Price | None) -> None:
        self.model = model
        self.price = price
        self.answered = False
        self._owner = owner

    def charge(self, usage: Usage, model: str) -> None:
        self._owner.spend(self, usage)


class InFlight:
    """Asks servings, each question in a task of its own; the same question twice at once is asked once.

    Args:
        ledger: keeps the answers.
        counts: where questions that were asked already are counted.
        budget: counts what is spent, and says when to stop.
        remote: fetches media behind URLs.
    """

    def __init__(self, ledger: Ledger, counts: Counts, budget: Budget, remote: Remote) -> None:
        self.stopping: DataFlowError | None = None
        self._ledger = ledger
        self._counts = counts
        self._budget = budget
        self._remote = remote
        self._going: dict[tuple[bytes, int], asyncio.Task[Response]] = {}
        self._fetching: set[Call] = set()
        self._waiting: Counter[int] = Counter()
        self._known: dict[int, tuple[LLMServingABC, ServingBill]] = {}
        self.capacity = 0
        """Questions that all known servings take at once together."""
        self.when_known: Callable[[], None] = lambda: None
        """Called when there is a serving more."""
        self._all_begun = False
        self._spent_told = self._given_up = False
        self._over: DataFlowError | None = None

    @property
    def servings(self) -> list[LLMServingABC]:
        """Those that this run has to do with, in the order in which it came to know them."""
        return [serving for serving, _ in self._known.values()]

    def register(self, serving: LLMServingABC) -> ServingBill:
        """Make a serving known to the budget, the limiter and the manifest, wherever an operator keeps it.

        Raises:
            UsageError: cost is capped and its price is not known; or it has no way to charge failed replies.
        """
        known = self._known.get(id(serving))
        if known is not None:
            return known[1]
        _check_signature(serving)
        model, price = self._budget.price(serving)
        bill = ServingBill(self, model, price)
        self._known[id(serving)] = serving, bill
        self.capacity += serving.max_workers
        self.when_known()
        serving.prefer_longest(self._all_begun)
        return bill

    def replayed(self, serving: LLMServingABC) -> None:
        """Note that the ledger holds an answer of a serving: it has answered before."""
        if known := self._known.get(id(serving)):
            known[1].answered = True

    @property
    def waits_until(self) -> float | None:
        """When (seconds since the epoch) an endpoint may be asked again that asks everybody to wait."""
        return min((until for serving in self.servings if (until := serving.waits_until) is not None), default=None)

    def prefer_longest(self, begun: bool) -> None:
        """Tell all servings whether the last sample has begun."""
        if begun != self._all_begun:
            self._all_begun = begun
            for serving in self.servings:
                serving.prefer_longest(begun)

    def stop(self, reason: DataFlowError) -> None:
        """Ask nothing more. Who waits for room or for another try is handed the reason; what is at an endpoint comes
        in. Under a cap that counts requests, those that wait are within it and are asked still."""
        if self.stopping is None:
            self.stopping = reason
            _log.warning("the run asks nothing more: %s", reason)
        if not self._given_up and not (isinstance(reason, BudgetSpent) and reason.counted):
            self._given_up = True
            self._give_up(reason)

    def spend(self, bill: ServingBill, usage: Usage) -> None:
        """Count a reply. Once a cap is reached nobody waits any longer; the next question meets the cap itself."""
        self._budget.spend(bill.model, usage, bill.price)
        if not self._spent_told and (reason := self._budget.spent()) is not None:
            self._spent_told = True
            _log.warning("nobody waits any longer: %s", reason)
            self._give_up(reason)

    async def ask(
        self,
        key: bytes,
        attempt: int,
        serving: LLMServingABC,
        request: Request,
        digests: Mapping[Part, str],
        order: int,
    ) -> Response:
        """The answer to a question that the ledger does not know; `fresh` for whoever asked it first.

        Raises:
            DataFlowError: what the serving says; or the run asks nothing more.
        """
        task = self._going.get((key, attempt))
        if task is not None:
            self._counts.from_ledger += 1
            return replace(await self._answer(task, order), fresh=False)
        bill = self.register(serving)
        if (reason := self.stopping or self._over or self._ledger.failure) is not None:
            raise reason
        self._budget.begin()
        task = asyncio.ensure_future(self._fetch(key, attempt, serving, bill, request, digests, order))
        self._going[key, attempt] = task
        task.add_done_callback(lambda task: self._ended((key, attempt), task))
        return await self._answer(task, order)

    def is_asked_for(self, order: int) -> bool:
        """Whether the sample at this place of the dataset waits for an answer."""
        return order in self._waiting

    async def _answer(self, task: asyncio.Task[Response], order: int) -> Response:
        self._waiting[order] += 1
        try:
            return await asyncio.shield(task)
        finally:
            self._waiting[order] -= 1
            if not self._waiting[order]:
                del self._waiting[order]

    async def _fetch(
        self,
        key: bytes,
        attempt: int,
        serving: LLMServingABC,
        bill: ServingBill,
        request: Request,
        digests: Mapping[Part, str],
        order: int,
    ) -> Response:
        try:
            filled = await self._filled(request, digests)
            asked = replace(filled, key=key + attempt.to_bytes(4, "big"))
            response = _checked(serving, await serving.answer(asked, order=order, bill=bill))
        except StopRun as error:
            if error is not self._over:
                self.stop(error)
            raise
        if attempt:
            response = replace(response, attempt=attempt)
        # Bill and ledger, before anybody looks at the answer; both are in the file with the same commit.
        self.spend(bill, response.usage)
        self._ledger.put(key, response, VALID)
        return response

    async def _filled(self, request: Request, digests: Mapping[Part, str]) -> Request:
        if not request.media:
            return request
        call = Call()
        self._fetching.add(call)
        try:
            with call.made_ready():
                return await self._remote.fill(request, digests)
        finally:
            self._fetching.discard(call)

    def _ended(self, question: tuple[bytes, int], task: asyncio.Task[Response]) -> None:
        del self._going[question]
        # The exception is looked at, or asyncio would complain where nobody waits any longer.
        self._budget.end(answered=not task.cancelled() and task.exception() is None)

    async def come_in(self) -> None:
        """Ask nothing more, and wait for what is at the endpoints. What operators have turned away from and what still
        waits for room is not asked."""
        if self._over is None:
            self._over = StopRun("the run is over")
        if self._going and self.stopping is None:
            self._give_up(self._over)
        while self._going:
            await asyncio.wait(self._going.values())

    async def abandon(self) -> None:
        """Ask nothing more, take in what has arrived, and cancel the rest."""
        self._over = self._over or StopRun("the run is over")
        if going := list(self._going.values()):
            self._give_up(self._over)
            await asyncio.wait(going, timeout=AT_ONCE_SECONDS)
            for task in going:
                task.cancel()
            await asyncio.wait(going, timeout=CANCEL_SECONDS)

    def _give_up(self, reason: DataFlowError) -> None:
        for call in self._fetching:
            call.give_up(reason)
        for serving, bill in list(self._known.values()):
            serving.give_up(reason, bill)


def _check_signature(serving: LLMServingABC) -> None:
    for method in (serving.answer, serving.give_up):
        parameters = inspect.signature(method).parameters
        if "bill" not in parameters and not any(one.kind is one.VAR_KEYWORD for one in parameters.values()):
            raise UsageError(
                f"{type(serving).__name__}.{method.__name__} must take `bill`, the run that a question is asked for: "
                f"see LLMServingABC.{method.__name__}"
            )


def _checked(serving: LLMServingABC, response: object) -> Response:
    """What a serving answers, held against its contract: a value of another type would spoil the ledger's commit, and
    with it all other answers."""
    if not isinstance(response, Response):
        raise TypeError(f"{type(serving).__name__} answered with {type(response).__name__}, not with a Response")
    texts = (response.text, response.reasoning, response.finish_reason, response.model)
    usage = response.usage
    counts = (usage.input_tokens, usage.output_tokens, usage.cached_tokens)
    whole = all(isinstance(count, int) and 0 <= count <= MOST_TOKENS for count in counts)
    if not whole or not all(isinstance(text, str) for text in texts):
        raise TypeError(f"{type(serving).__name__} answered with {response!r:.200}: texts are str, tokens counts")
    return response
