"""Who is told that a run, or an endpoint, has come to its end."""

from __future__ import annotations

import asyncio

from dataflow.core import EndpointFatal, Interrupted
from dataflow.serving.pacing.call import Call
from dataflow.serving.pacing.lane import Pass
from tests.serving.pacing.limiters import OK, opened, settle


def test_closing_hands_the_reason_to_all_that_wait_or_rest_or_come_later() -> None:
    reason = EndpointFatal("no key")

    async def run() -> list[BaseException | Pass | None]:
        limiter = await opened(ceiling=1)
        held = await limiter.acquire(Call(0))
        waiting = [asyncio.ensure_future(limiter.acquire(limiter.begin(n))) for n in range(3)]
        resting = asyncio.ensure_future(limiter.rest(limiter.begin(), 60))
        await settle()
        limiter.close(reason)
        limiter.release(held, OK)
        late = [asyncio.ensure_future(limiter.acquire(Call(0))), asyncio.ensure_future(limiter.rest(Call(), 60))]
        return await asyncio.wait_for(asyncio.gather(*waiting, resting, *late, return_exceptions=True), 5)

    assert asyncio.run(run()) == [reason] * 6


def test_one_run_s_end_leaves_the_calls_of_another_where_they_are() -> None:
    reason = Interrupted("enough")

    async def run() -> tuple[list[object], list[object], int]:
        limiter = await opened(ceiling=1)
        held = await limiter.acquire(Call(0))
        ended, going = ["a bill"], ["a bill"]  # equal, and not the same
        asked = [limiter.begin(n, bill) for n, bill in enumerate((ended, going, ended, going))]
        resting = [limiter.begin(9, bill) for bill in (ended, going)]
        tasks = [asyncio.ensure_future(limiter.acquire(call)) for call in asked]
        tasks += [asyncio.ensure_future(limiter.rest(call, 0.01)) for call in resting]
        preparing = limiter.begin(10, ended)
        await settle()
        limiter.give_up(reason, ended)
        tasks.append(asyncio.ensure_future(limiter.acquire(preparing)))
        await settle()
        given_up = [task.exception() if task.done() else None for task in tasks]
        limiter.release(held, OK)
        for task in (tasks[1], tasks[3]):
            limiter.release(await asyncio.wait_for(task, 5), OK)
        await asyncio.wait_for(tasks[5], 5)
        return given_up, [reason, None, reason, None, reason, None, reason], limiter.in_flight

    given_up, expected, in_flight = asyncio.run(run())
    assert given_up == expected and in_flight == 0


def test_room_that_was_given_up_is_handed_to_the_next() -> None:
    async def run() -> int:
        limiter = await opened(ceiling=1)
        held = await limiter.acquire(Call(0))
        mine, other = ["mine"], ["other"]
        first = asyncio.ensure_future(limiter.acquire(limiter.begin(1, mine)))
        second = asyncio.ensure_future(limiter.acquire(limiter.begin(2, other)))
        await settle()
        limiter.give_up(Interrupted("enough"), mine)
        limiter.release(held, OK)
        await asyncio.wait_for(second, 5)
        assert isinstance(first.exception(), Interrupted)
        return limiter.in_flight

    assert asyncio.run(run()) == 1


def test_who_is_given_up_in_the_moment_of_being_let_in_asks_nothing() -> None:
    reason = Interrupted("the answer before it has spent the budget")

    async def run() -> tuple[BaseException | None, int]:
        limiter = await opened(ceiling=1)
        held = await limiter.acquire(Call(0))
        let_in = asyncio.ensure_future(limiter.acquire(limiter.begin(1, "a bill")))
        await settle()
        limiter.release(held, OK)
        limiter.give_up(reason, "a bill")
        await asyncio.wait([let_in], timeout=5)
        return let_in.exception(), limiter.in_flight

    assert asyncio.run(run()) == (reason, 0)
