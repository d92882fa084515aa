"""What an endpoint has to show before it is given the rest."""

from __future__ import annotations

import asyncio
import time

import pytest

from dataflow.serving.pacing.call import Call
from dataflow.serving.pacing.lane import Outcome
from dataflow.serving.pacing.limiter import Limiter
from dataflow.serving.pacing.proof import PROOF
from tests.serving.pacing.limiters import OK
from tests.virtual_time import run_virtually


def test_until_something_is_answered_only_the_first_few_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> tuple[int, int]:
        limiter = Limiter(["a"], 64)
        limiter.all_failed_alike("one failed, so the rest is held back", limiter.lanes[0])
        tasks = [asyncio.ensure_future(limiter.acquire(Call(n))) for n in range(64)]
        await asyncio.sleep(3600)
        before = limiter.in_flight
        limiter.release(tasks[0].result(), OK)
        await asyncio.sleep(3600)  # not all at once: as evenly as answers are to be expected
        after = limiter.in_flight
        for task in tasks:
            task.cancel()
        return before, after

    assert run_virtually(monkeypatch, run()) == (PROOF, 63)


def test_an_endpoint_that_takes_its_time_is_given_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> int:
        limiter = Limiter(["a"], 64)
        tasks = [asyncio.ensure_future(limiter.acquire(Call(n))) for n in range(64)]
        await asyncio.wait_for(asyncio.gather(*tasks), 5)
        return limiter.in_flight

    assert run_virtually(monkeypatch, run()) == 64


def test_the_first_failures_count_as_alike_whatever_ids_and_numbers_they_hold() -> None:
    limiter = Limiter(["a"], 64)
    said = [
        limiter.all_failed_alike(
            f"http://{'ab'[n % 2]}.net/v1: 400 bad parameter (request req_{n:x}f3) after {n} ms", limiter.lanes[0]
        )
        for n in range(PROOF)
    ]
    assert said == [False] * (PROOF - 1) + [True]


def test_first_failures_of_several_kinds_do_not_stop_the_run() -> None:
    async def run() -> list[bool]:
        limiter = Limiter(["a"], 64)
        return [
            limiter.all_failed_alike("too long" if n % 2 else "refused", limiter.lanes[0]) for n in range(3 * PROOF)
        ]

    assert not any(asyncio.run(run()))


def test_requests_that_end_for_reasons_of_ours_do_not_use_up_the_first_few() -> None:
    async def run() -> int:
        limiter = Limiter(["a"], 64)
        limiter.all_failed_alike("one real failure", limiter.lanes[0])
        for _ in range(3 * PROOF):
            limiter.release(await asyncio.wait_for(limiter.acquire(Call(0)), 1), Outcome("unasked"))
        return limiter.in_flight

    assert asyncio.run(run()) == 0


def test_first_failures_at_one_endpoint_say_nothing_while_another_is_at_work() -> None:
    async def run() -> list[bool]:
        limiter = Limiter(["dead", "busy"], 64)
        dead, busy = limiter.lanes
        leave = await limiter.acquire(Call(0))
        assert leave.lane is dead
        limiter.release(leave, Outcome("unasked"))
        dead.rest_until(time.monotonic() + 1e6)
        asked = await limiter.acquire(Call(1))
        assert asked.lane is busy
        said = [limiter.all_failed_alike("no connection", dead) for _ in range(2 * PROOF)]
        said.append(limiter.all_failed_alike("no connection", busy))
        return said

    assert asyncio.run(run()) == [False] * (2 * PROOF) + [True]


def test_requests_that_never_left_this_machine_do_not_use_up_the_first_few() -> None:
    async def run() -> int:
        limiter = Limiter(["a"], 64)
        limiter.all_failed_alike("one real failure", limiter.lanes[0])
        for _ in range(3 * PROOF):
            limiter.release(await asyncio.wait_for(limiter.acquire(Call(0)), 30), Outcome("unreached"))
        return limiter.in_flight

    assert asyncio.run(run()) == 0


def test_a_far_endpoint_that_refuses_all_alike_is_found_out_though_the_rest_was_let_go() -> None:
    async def run() -> tuple[int, list[bool]]:
        limiter = Limiter(["far away"], 64)
        tasks = [asyncio.ensure_future(limiter.acquire(Call(n))) for n in range(64)]
        await asyncio.wait_for(asyncio.gather(*tasks), 5)
        return limiter.in_flight, [
            limiter.all_failed_alike("400 bad parameter", limiter.lanes[0]) for _ in range(PROOF)
        ]

    assert asyncio.run(run()) == (64, [False] * (PROOF - 1) + [True])
