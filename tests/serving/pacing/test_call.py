"""One question on its way: given up at once where it waits or is made ready."""

from __future__ import annotations

import asyncio

import pytest

from dataflow.core import StopRun
from dataflow.serving.pacing.call import Call

REASON = StopRun("the run is over")


async def made_ready(call: Call, ended: list[str]) -> str:
    with call.made_ready():
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")
    return "ready"


def test_what_is_made_ready_is_cancelled_when_the_call_is_given_up() -> None:
    async def given_up() -> list[str]:
        call, ended = Call(), []
        task = asyncio.ensure_future(made_ready(call, ended))
        await asyncio.sleep(0)
        call.give_up(REASON)
        call.give_up(StopRun("again"))
        with pytest.raises(StopRun):
            await task
        assert task.cancelling() == 0
        return ended

    assert asyncio.run(given_up()) == ["cancelled"]


def test_nothing_is_made_ready_for_a_call_that_is_given_up() -> None:
    call = Call()
    call.give_up(REASON)
    with pytest.raises(StopRun, match="the run is over"):
        asyncio.run(made_ready(call, []))


def test_somebody_elses_cancellation_stays_one() -> None:
    async def cancelled(also_given_up: bool) -> bool:
        call = Call()
        task = asyncio.ensure_future(made_ready(call, []))
        await asyncio.sleep(0)
        task.cancel()
        if also_given_up:
            call.give_up(REASON)
        await asyncio.wait([task])
        return task.cancelled()

    assert asyncio.run(cancelled(False))
    assert asyncio.run(cancelled(True))
