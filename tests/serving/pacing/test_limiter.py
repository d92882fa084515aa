"""Who may ask next: order, room, lost wake-ups, several endpoints."""

from __future__ import annotations

import asyncio
import random
import time

import pytest
import uvloop
from hypothesis import given, settings
from hypothesis import strategies as st

from dataflow.serving.pacing.call import Call
from dataflow.serving.pacing.lane import FIRST_REST, Outcome
from dataflow.serving.pacing.limiter import Limiter
from tests.serving.pacing.limiters import OK, opened, settle
from tests.virtual_time import run_virtually


def test_room_is_given_to_smaller_orders_first_and_among_equals_in_turn() -> None:
    async def run() -> list[str]:
        limiter = await opened(ceiling=1)
        held = await limiter.acquire(Call(0))
        given_to: list[str] = []

        async def ask(order: int, name: str) -> None:
            leave = await limiter.acquire(Call(order))
            given_to.append(name)
            limiter.release(leave, OK)

        tasks = []
        for order, name in [(9, "late"), (3, "early"), (5, "middle"), (3, "early again"), (1, "continuation")]:
            tasks.append(asyncio.ensure_future(ask(order, name)))
            await settle()
        limiter.release(held, OK)
        await asyncio.gather(*tasks)
        return given_to

    assert asyncio.run(run()) == ["continuation", "early", "early again", "middle", "late"]


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 8),
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["ask", "cancel soon", "cancel later"])), max_size=60),
    st.integers(0, 10**6),
)
def test_any_schedule_of_asking_answering_and_cancelling_drains_within_the_ceiling(
    ceiling: int, work: list[tuple[int, str]], seed: int
) -> None:
    rng = random.Random(seed)
    kinds = ["ok", "ok", "ok", "throttled", "error", "broken"]

    async def run() -> tuple[int, int, int]:
        limiter = await opened(ceiling=ceiling)
        now = peak = done = 0

        async def ask(order: int) -> None:
            nonlocal now, peak, done
            leave = await limiter.acquire(Call(order))
            now, peak = now + 1, max(peak, now + 1)
            outcome = Outcome("unasked")
            try:
                for _ in range(rng.randrange(4)):
                    await asyncio.sleep(0)
                outcome = Outcome(rng.choice(kinds))
            finally:
                now -= 1
                limiter.release(leave, outcome)
            done += 1

        tasks = []
        for order, what in work:
            task = asyncio.ensure_future(ask(order))
            tasks.append((task, what))
            if rng.random() < 0.5:
                await asyncio.sleep(0)
            if what == "cancel soon":
                task.cancel()
        for task, what in tasks:
            if what == "cancel later" and rng.random() < 0.7:
                task.cancel()
        results = await asyncio.wait_for(asyncio.gather(*(t for t, _ in tasks), return_exceptions=True), 20)
        assert all(isinstance(result, asyncio.CancelledError | None) for result in results)
        cancelled = sum(isinstance(result, asyncio.CancelledError) for result in results)
        assert limiter.in_flight == 0 and sum(lane.in_flight for lane in limiter.lanes) == 0
        return peak, done, len(work) - cancelled

    peak, done, expected = asyncio.run(run())
    assert peak <= ceiling
    assert done == expected


def test_it_says_until_when_everybody_waits_because_the_endpoint_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        limiter = await opened(ceiling=8)
        leave = await limiter.acquire(Call(0))
        naps = [asyncio.ensure_future(limiter.rest(Call(n), 300 + n, told=True)) for n in range(2)]
        naps.append(asyncio.ensure_future(limiter.rest(Call(3), 10)))
        await settle()
        assert limiter.waits_until is None
        limiter.release(leave, Outcome("throttled"))
        assert limiter.waits_until == pytest.approx(time.time() + 300)
        await asyncio.gather(*naps)
        assert limiter.waits_until is None

    run_virtually(monkeypatch, run())


def test_several_endpoints_share_the_work_evenly() -> None:
    async def run() -> list[int]:
        limiter = await opened("a", "b", "c", ceiling=30)
        for n in range(30):
            await limiter.acquire(Call(n))
        return [lane.in_flight for lane in limiter.lanes]

    assert asyncio.run(run()) == [10, 10, 10]


def test_a_dead_endpoint_rests_once_and_is_tried_by_one_request(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])

    async def run() -> tuple[int, int, int]:
        limiter = await opened("dead", "alive", ceiling=40)
        dead = limiter.lanes[0]
        passes = [await limiter.acquire(Call(n)) for n in range(40)]
        for leave in passes:
            limiter.release(leave, Outcome("broken") if leave.lane is dead else OK)
        for n in range(10):
            await limiter.acquire(Call(n))
        while_resting = dead.in_flight
        clock[0] += FIRST_REST + 0.01
        tries = [await limiter.acquire(Call(n)) for n in range(10)]
        probes = dead.in_flight
        limiter.release(next(leave for leave in tries if leave.lane is dead), OK)
        for n in range(10):
            await limiter.acquire(Call(n))
        return while_resting, probes, dead.in_flight

    while_resting, probes, after = asyncio.run(run())
    assert (while_resting, probes) == (0, 1)
    assert after == 10


def test_the_only_endpoint_is_never_left_out() -> None:
    async def run() -> int:
        limiter = await opened(ceiling=8)
        for leave in [await limiter.acquire(Call(n)) for n in range(8)]:
            limiter.release(leave, Outcome("broken"))
        for n in range(8):
            await asyncio.wait_for(limiter.acquire(Call(n)), 1)
        return limiter.in_flight

    assert asyncio.run(run()) == 8


def test_the_tokens_that_an_answer_reports_replace_the_estimate() -> None:
    async def run() -> None:
        limiter = Limiter(["a"], 8, tokens_per_minute=1000)
        leave = await limiter.acquire(Call(0), 1000)
        limiter.release(leave, Outcome("ok", tokens=5))
        await asyncio.wait_for(limiter.acquire(Call(1), 900), 1)

    asyncio.run(run())


@pytest.mark.parametrize("rate", [60_000, 600_000])
def test_naps_shorter_than_the_clock_of_the_loop_wake_up_too(rate: int) -> None:
    # uvloop makes an immediate call of a timer below half a millisecond, and its handle knows no time.
    async def run() -> None:
        limiter = Limiter(["a"], 500, requests_per_minute=rate)
        limiter.release(await limiter.acquire(Call(0)), OK)

        async def ask(number: int) -> None:
            limiter.release(await limiter.acquire(Call(number)), OK)

        await asyncio.wait_for(asyncio.gather(*(ask(number) for number in range(600))), 10)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())


def test_in_the_last_stretch_those_with_the_longest_way_to_go_are_asked_first() -> None:
    async def ask() -> list[str]:
        limiter = Limiter(["here"], 1)
        held = await limiter.acquire(Call(0))
        done: list[str] = []

        async def one(name: str, order: int, left: int) -> None:
            leave = await limiter.acquire(Call(order), left=left)
            done.append(name)
            limiter.release(leave, OK)

        tasks = [asyncio.ensure_future(one(*ask)) for ask in (("early", 1, 2), ("late", 2, 9), ("later", 3, 9))]
        await asyncio.sleep(0)
        limiter.prefer_longest(True)
        tasks.append(asyncio.ensure_future(one("longest", 4, 10)))
        await asyncio.sleep(0)
        limiter.release(held, OK)
        await asyncio.gather(*tasks)
        return done

    assert asyncio.run(ask()) == ["longest", "late", "later", "early"]


def test_before_it_the_order_of_samples_counts_whatever_is_left() -> None:
    async def ask() -> list[int]:
        limiter = Limiter(["here"], 1)
        held = await limiter.acquire(Call(0))
        done: list[int] = []

        async def one(order: int, left: int) -> None:
            leave = await limiter.acquire(Call(order), left=left)
            done.append(order)
            limiter.release(leave, OK)

        tasks = [asyncio.ensure_future(one(order, left)) for order, left in ((3, 9), (1, 1), (2, 5))]
        await asyncio.sleep(0)
        limiter.prefer_longest(True)
        limiter.prefer_longest(False)
        limiter.release(held, OK)
        await asyncio.gather(*tasks)
        return done

    assert asyncio.run(ask()) == [1, 2, 3]
