"""What all servings share: room for so many requests at once, and asking again where that can help."""

from __future__ import annotations

import random
import time
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from dataflow.core import (
    Bill,
    DataFlowError,
    EndpointFatal,
    PrerequisiteError,
    Request,
    RequestRefused,
    Response,
    TransientError,
    UsageError,
    VLMServingABC,
)
from dataflow.engine.lane import Outcome
from dataflow.engine.limiter import Limiter

FIRST_WAIT = 0.5
FIRST_WAIT_AFTER_A_BREAK = 0.05
"""A kept-alive connection that the endpoint has closed says nothing of the endpoint: a new one is tried soon."""

LONGEST_WAIT = 60.0


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
        self._all_begun = False

    def last_stretch(self, begun: bool) -> None:
        self._all_begun = begun
        if self._limiter is not None:
            self._limiter.last_stretch(begun)

    @abstractmethod
    async def generate(self, request: Request) -> Response:
        """Answer one request, once."""

    @property
    def endpoints(self) -> Sequence[str]:
        """The addresses that may be asked, any of them."""
        return ("here",)

    async def prepare(self, request: Request) -> Any:
        """Make ready what `attempt` sends, before there is room: media are decoded while others are answered."""
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
        """
        if self._limiter is None:
            limits = (self.requests_per_minute, self.tokens_per_minute)
            self._limiter = Limiter(self.endpoints, self.max_workers, *limits)
            self._limiter.last_stretch(self._all_begun)
        limiter = self._limiter
        ready = await self.prepare(request)
        deadline: float | None = None
        tries = 0
        while True:
            leave = await limiter.acquire(order, self.tokens_of(ready), request.left)
            outcome = Outcome("unasked")
            try:
                response, headers = await self.attempt(ready, leave.lane.url)
                used = response.usage.input_tokens + response.usage.output_tokens
                outcome = Outcome("ok", headers, tokens=used)
                return response
            except TransientError as error:
                outcome = _outcome(error)
                if outcome.kind != "throttled" and limiter.all_failed_alike(str(error)):
                    raise self._end(EndpointFatal(f"the first requests all failed alike: {error}")) from error
                # Patience begins when asking does: a wait for room is not the endpoint's fault.
                now = time.monotonic()
                deadline = deadline or now + self.patience
                wait = _wait(error, tries)
                if now + wait > deadline:
                    raise RequestRefused(f"gave up after {tries + 1} tries in {self.patience:g} s: {error}") from error
            except RequestRefused as error:
                outcome = Outcome("error")
                if limiter.all_failed_alike(str(error)):
                    raise self._end(EndpointFatal(f"the first requests were all refused alike: {error}")) from error
                raise
            except (EndpointFatal, PrerequisiteError) as error:
                raise self._end(error) from error.__cause__
            finally:
                limiter.release(leave, outcome)
            tries += 1
            await limiter.rest(wait)

    def give_up(self, reason: DataFlowError, bill: Bill | None = None) -> None:
        limiter, self._limiter = self._limiter, None
        if limiter is not None:
            limiter.close(reason)

    def _end(self, reason: DataFlowError) -> DataFlowError:
        self.give_up(reason)
        return reason

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_limiter": None}


def _outcome(error: TransientError) -> Outcome:
    if error.status is None:
        return Outcome("broken")
    return Outcome("throttled" if error.throttled else "error", error.headers, error.retry_after)


def _wait(error: TransientError, tries: int) -> float:
    """Seconds until the next try: what the endpoint says, else exponential with full jitter. An endpoint that says `0`
    has said nothing.

    The jitter follows M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
    """
    if error.retry_after:
        return error.retry_after
    first = FIRST_WAIT_AFTER_A_BREAK if error.status is None else FIRST_WAIT
    return random.uniform(0, min(LONGEST_WAIT, first * 2**tries))
