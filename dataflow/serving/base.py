"""What all servings share: room for so many requests at once, and asking again where that can help."""

from __future__ import annotations

import logging
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from dataflow.core import Bill, DataFlowError, EndpointState, Request, Response, UsageError, VLMServingABC
from dataflow.core.endpoint_state import HERE
from dataflow.serving.insistence import UNASKED, Insistence, outcome_of
from dataflow.serving.pacing.call import Call
from dataflow.serving.pacing.limiter import Limiter

_log = logging.getLogger(__name__)


class ServingBase(VLMServingABC):
    """A serving with a limiter and patience. Write `generate` and `identity`.

    Args:
        max_workers: how many requests may be in flight at most.
        patience: seconds for which a request that could succeed later is asked again.
        requests_per_minute: how many may be asked in any minute; None leaves that to the endpoint.
        tokens_per_minute: likewise for tokens, estimated before and corrected by what answers say.

    Raises:
        UsageError: a number is out of range.
    """

    def __init__(
        self,
        max_workers: int = 64,
        patience: float = 900.0,
        requests_per_minute: float | None = None,
        tokens_per_minute: float | None = None,
    ) -> None:
        if max_workers < 1:
            raise UsageError(f"max_workers must be at least 1, not {max_workers}")
        for name, limit in (("requests_per_minute", requests_per_minute), ("tokens_per_minute", tokens_per_minute)):
            if limit is not None and limit <= 0:
                raise UsageError(f"{name} must be above 0, not {limit}")
        self.max_workers = max_workers
        self.patience = patience
        self.requests_per_minute = requests_per_minute
        self.tokens_per_minute = tokens_per_minute
        self._limiter: Limiter | None = None
        self._states: Sequence[EndpointState] = ()
        self._prefer_longest = False

    def prefer_longest(self, on: bool) -> None:
        self._prefer_longest = on
        if self._limiter is not None:
            self._limiter.prefer_longest(on)

    @abstractmethod
    async def generate(self, request: Request) -> Response:
        """Answer one request, once."""

    @property
    def endpoints(self) -> Sequence[str]:
        """The addresses that may be asked, any of them."""
        return (HERE,)

    async def prepare(self, request: Request) -> Any:
        """Make ready what `attempt` sends, before there is room: media are decoded while others are answered. It is
        cancelled when the run asks nothing more."""
        return request

    def tokens_of(self, ready: Any) -> float:
        """About how many tokens a prepared request takes."""
        return 0.0

    async def attempt(self, ready: Any, endpoint: str) -> tuple[Response, Mapping[str, str]]:
        """Ask once, with what was prepared.

        Returns:
            The response, and the headers it came with.
        """
        return await self.generate(ready), {}

    async def answer(self, request: Request, *, order: int = 0, bill: Bill | None = None) -> Response:
        """Answer one request within the limits, asking again where that can help.

        Raises:
            RequestRefused: it will not be answered, or patience is used up; says what the last try met.
            EndpointFatal: no request can be answered, or the first ones all failed alike.
            AskedToWait: the endpoint asks for a longer wait than a run should stand still.
        """
        if self._limiter is None:
            limits = (self.requests_per_minute, self.tokens_per_minute)
            self._limiter = Limiter(self.endpoints, self.max_workers, *limits)
            self._limiter.prefer_longest(self._prefer_longest)
        limiter = self._limiter
        call = limiter.begin(order, bill)
        try:
            return await self._ask(request, call, limiter, bill)
        finally:
            limiter.end(call)

    async def _ask(self, request: Request, call: Call, limiter: Limiter, bill: Bill | None) -> Response:
        with call.made_ready():
            ready = await self.prepare(request)
        tokens = self.tokens_of(ready)
        insistence = Insistence(limiter, call, bill, self.patience, self._end)
        while True:
            leave = await insistence.room(tokens, request.left)
            outcome = UNASKED
            try:
                response, headers = await self.attempt(ready, leave.lane.url)
                outcome = insistence.answered(response, headers, leave.lane)
                return response
            except DataFlowError as error:
                self._charge(error, bill)
                outcome = outcome_of(error)
                then = insistence.failed(error, leave.lane)
            finally:
                limiter.release(leave, outcome)
            await then

    def _charge(self, error: DataFlowError, bill: Bill | None) -> None:
        """Count what a reply took that became no answer; whoever sees the error later has nothing left to count."""
        if bill is not None and error.usage is not None:
            usage, error.usage = error.usage, None
            bill.charge(usage, str(self.identity.get("model", "")))

    @property
    def waits_until(self) -> float | None:
        return self._limiter.waits_until if self._limiter is not None else None

    @property
    def endpoint_states(self) -> Sequence[EndpointState]:
        limiter = self._limiter
        return limiter.states() if limiter is not None else self._states

    def give_up(self, reason: DataFlowError, bill: Bill | None = None) -> None:
        if self._limiter is not None:
            self._limiter.give_up(reason, bill)

    def _end(self, reason: DataFlowError) -> DataFlowError:
        """No request here can be answered: whoever asks is told. A later run begins anew."""
        limiter, self._limiter = self._limiter, None
        if limiter is not None:
            _log.warning("nobody is asked any more: %s", reason)
            self._states = limiter.states()
            limiter.close(reason)
        return reason

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_limiter": None, "_states": ()}
