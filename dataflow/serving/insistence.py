"""What becomes of a request that was not answered: another try, an error of its own, or the end of the run."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Mapping

from dataflow.core import (
    AskedToWait,
    Bill,
    DataFlowError,
    EndpointFatal,
    PrerequisiteError,
    RequestRefused,
    Response,
    TransientError,
)
from dataflow.core.answer import no_answer
from dataflow.core.causes import said_by
from dataflow.core.times import clock, duration
from dataflow.serving.pacing.call import Call
from dataflow.serving.pacing.doubts import Verdict
from dataflow.serving.pacing.gate import TELLING
from dataflow.serving.pacing.lane import Lane, Outcome, Pass
from dataflow.serving.pacing.limiter import Limiter
from dataflow.serving.patience import LONGEST_TOLD, TOLD_IN_ALL, Patience, Wait

_log = logging.getLogger(__name__)

UNASKED = Outcome("unasked")


class Insistence:
    """One request over all its tries.

    Args:
        limiter: gives room.
        call: the request, as the limiter knows it.
        bill: the run that asks.
        patience: seconds for which it is asked again.
        end: ends the asking for all, and hands back the reason.
    """

    def __init__(
        self,
        limiter: Limiter,
        call: Call,
        bill: Bill | None,
        patience: float,
        end: Callable[[DataFlowError], DataFlowError],
    ) -> None:
        self._limiter = limiter
        self._call = call
        self._bill = bill
        self._patience = Patience(patience)
        self._end = end
        self._answered_before = limiter.answers

    async def room(self, tokens: float, left: int) -> Pass:
        """Wait for room; the wait is not the request's fault."""
        asked = time.monotonic()
        told, untold = self._closed_seconds(asked)
        leave = await self._limiter.acquire(self._call, tokens, left)
        told_by_now, untold_by_now = self._closed_seconds(leave.sent)
        self._patience.waited_for_room(leave.sent - asked, told_by_now - told, untold_by_now - untold)
        return leave

    def _closed_seconds(self, now: float) -> tuple[float, float]:
        """For how long the endpoint, or of several the one that did least, has let nobody through so far."""
        return min((lane.gate.closed_seconds(now) for lane in self._limiter.lanes), key=sum)

    def answered(self, response: Response, headers: Mapping[str, str], lane: Lane) -> Outcome:
        """What a reply shows of the endpoint.

        Raises:
            EndpointFatal: the first replies all held no answer, for the same reason.
        """
        used = response.usage.input_tokens + response.usage.output_tokens
        error = no_answer(response)
        if error is None:
            return Outcome("ok", headers, tokens=used)
        if self._all_failed_alike(error, lane):
            fatal = EndpointFatal(f"the first requests all failed alike: {error}")
            fatal.usage = response.usage
            raise self._end(fatal)
        return Outcome("empty", headers, tokens=used)

    def failed(self, error: DataFlowError, lane: Lane) -> Awaitable[None]:
        """What to wait for before another try; to be awaited when the room is given back.

        Raises:
            DataFlowError: there is none.
        """
        if isinstance(error, TransientError):
            shows_nothing = error.throttled or error.unreached
            if not shows_nothing and self._all_failed_alike(error, lane):
                raise self._end(EndpointFatal(f"the first requests all failed alike: {error}")) from error
            wait = self._patience.after(error)
            if wait.told:
                return self._told(error, wait, lane)
            return self._rest(wait, error, lane if error.throttled else None)
        if isinstance(error, RequestRefused):
            if self._all_failed_alike(error, lane):
                raise self._end(EndpointFatal(f"the first requests were all refused alike: {error}")) from error
            _log.info("refused: %s", error)
            raise error
        if isinstance(error, EndpointFatal) and error.about:
            return self._doubtful(error, lane)
        if isinstance(error, EndpointFatal | PrerequisiteError):
            raise self._end(error) from error.__cause__
        raise error

    @property
    def _answered_earlier_runs(self) -> bool:
        return self._bill is not None and self._bill.answered

    def _all_failed_alike(self, error: Exception, lane: Lane) -> bool:
        if self._answered_earlier_runs:  # what is left may well be just what fails
            self._limiter.vouch()
            return False
        return self._limiter.all_failed_alike(said_by(error), lane)

    def _doubtful(self, error: EndpointFatal, lane: Lane) -> Awaitable[None]:
        """What would be fatal, were it not that the endpoint answers others."""
        if not lane.doubts.answers and not self._answered_earlier_runs:
            if error.about != "request":
                raise self._end(error)
            return self._held(error, lane)
        if error.about == "account":
            return self._of_the_account(error, lane)
        if lane.doubts.refused(self._call.sample):
            raise self._end(_streak(error, lane)) from error
        raise RequestRefused(str(error)) from error

    async def _held(self, error: EndpointFatal, lane: Lane) -> None:
        """Wait to see whether it is about this request, and raise what it is."""
        _log.info("waits to see whether others are answered: %s", error)
        verdict = await self._limiter.verdict(self._call, lane)
        if verdict is Verdict.OTHERS_ANSWERED or (verdict is Verdict.ALONE and self._answered_earlier_runs):
            raise RequestRefused(str(error)) from error
        raise self._end(error)

    async def _of_the_account(self, error: EndpointFatal, lane: Lane) -> None:
        """Wait to see whether it passes; where the quota is gone nobody fails for it."""
        _log.info("waits to see whether it passes: %s", error)
        if await self._limiter.verdict(self._call, lane) is Verdict.STREAK:
            raise self._end(_streak(error, lane)) from error
        await self._rest(self._patience.of_the_account(error), error)

    async def _rest(self, wait: Wait, error: DataFlowError, refused_by: Lane | None = None) -> None:
        """Wait alone, unless nobody is let through to the endpoint that refused: then it is the first in turn."""
        if refused_by is None or not refused_by.limited:
            _log.info("asked again in %s: %s", duration(wait.seconds), error)
            await self._limiter.rest(self._call, wait.seconds)

    async def _told(self, error: TransientError, wait: Wait, lane: Lane) -> None:
        """Wait for as long as the endpoint says."""
        _log.info("the endpoint asks to wait %s: %s", duration(wait.seconds), error)
        if wait.too_long:
            if await self._limiter.verdict(self._call, lane) is Verdict.OTHERS_ANSWERED:
                await self._rest(self._patience.after_all(error), error)
            elif (seconds := self._limiter.leave_alone(lane, wait.seconds, LONGEST_TOLD)) is not None:
                raise self._stopped(error, seconds)
            else:
                _log.warning("%s is left alone for %s, others are asked: %s", lane.url, duration(wait.seconds), error)
            return
        if wait.seconds < TELLING and lane.limited:
            return  # nobody is let through before it is felt whether there is room; this request is the first in turn
        self._patience.told += wait.seconds
        if self._patience.told > TOLD_IN_ALL:
            if self._limiter.answers > self._answered_before:
                told = f"told to wait for {duration(self._patience.told)} in all, while others were answered"
                raise RequestRefused(f"{told}: {error}") from error
            raise self._stopped(error, wait.seconds)
        await self._limiter.rest(self._call, wait.seconds, told=True)
        self._patience.forgive(wait.seconds)

    def _stopped(self, error: TransientError, seconds: float) -> DataFlowError:
        asks = f"the endpoint asks to wait until {clock(time.time() + seconds)} (in {duration(seconds)})"
        return self._end(AskedToWait(f"{asks}; run the same command then, it goes on from here. It said: {error}"))


def _streak(error: EndpointFatal, lane: Lane) -> EndpointFatal:
    return EndpointFatal(f"{error}; {lane.doubts.in_a_row} samples in a row were refused like this")


def outcome_of(error: DataFlowError) -> Outcome:
    """What an error shows of the endpoint."""
    if isinstance(error, TransientError):
        if error.status is None:
            return Outcome("unreached" if error.unreached else "broken")
        # A wait that is too long for a run is not for the others to keep without a word.
        wait = error.retry_after if (error.retry_after or 0.0) <= LONGEST_TOLD else None
        return Outcome("throttled" if error.throttled else "error", error.headers, wait)
    return Outcome("error") if isinstance(error, RequestRefused) else UNASKED
