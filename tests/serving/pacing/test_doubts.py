"""Whether a refusal is about one request or about all, and waits that an endpoint asks for."""

from __future__ import annotations

import asyncio

import pytest

from dataflow.serving.pacing.call import Call
from dataflow.serving.pacing.doubts import FEW, STREAK, Verdict
from dataflow.serving.pacing.limiter import Limiter
from tests.serving.pacing.limiters import OK, opened, settle
from tests.virtual_time import run_virtually


def test_a_refusal_is_held_until_another_request_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> list[Verdict]:
        limiter = await opened(ceiling=8)
        (lane,) = limiter.lanes
        calls = [limiter.begin(n) for n in range(3)]
        verdicts = [asyncio.ensure_future(limiter.verdict(call, lane)) for call in calls[:2]]
        leave = await limiter.acquire(calls[2])
        await asyncio.sleep(100)
        assert not any(verdict.done() for verdict in verdicts)
        limiter.release(leave, OK)
        return await asyncio.gather(*verdicts)

    assert run_virtually(monkeypatch, run()) == [Verdict.OTHERS_ANSWERED] * 2


def test_a_streak_over_different_samples_is_about_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> tuple[int, list[Verdict]]:
        limiter = await opened(ceiling=8)
        (lane,) = limiter.lanes
        beside = limiter.begin(99)
        for _ in range(3 * STREAK):
            assert not lane.doubts.refused(Call(0).sample)
        verdicts = []
        for n in range(1, STREAK - 1):
            verdicts.append(asyncio.ensure_future(limiter.verdict(limiter.begin(n), lane)))
            await settle()
        waiting = sum(not verdict.done() for verdict in verdicts)
        verdicts.append(asyncio.ensure_future(limiter.verdict(beside, lane)))
        return waiting, await asyncio.gather(*verdicts)

    assert run_virtually(monkeypatch, run()) == (STREAK - 2, [Verdict.STREAK] * (STREAK - 1))


def test_where_all_that_there_are_were_refused_nobody_waits_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> list[Verdict]:
        limiter = Limiter(["a"], 8)
        (lane,) = limiter.lanes
        calls = [limiter.begin(n) for n in range(3)]
        verdicts = [asyncio.ensure_future(limiter.verdict(call, lane)) for call in calls[:2]]
        await asyncio.sleep(100)
        assert not any(verdict.done() for verdict in verdicts)
        limiter.end(calls[2])
        return await asyncio.gather(*verdicts)

    assert run_virtually(monkeypatch, run()) == [Verdict.ALONE] * 2


def test_an_endpoint_that_wants_to_be_left_alone_is_where_there_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        limiter = await opened("a", "b", ceiling=8)
        first, second = limiter.lanes
        assert limiter.leave_alone(first, 3600, longest=900) is None
        assert [(await limiter.acquire(Call(n))).lane for n in range(4)] == [second] * 4
        assert limiter.leave_alone(second, 1800, longest=900) == pytest.approx(1800)

    run_virtually(monkeypatch, run())


@pytest.mark.parametrize(("count", "verdict"), [(FEW - 1, Verdict.ALONE), (FEW, Verdict.STREAK)])
def test_a_window_that_is_refused_whole_is_a_streak_where_it_is_more_than_a_few(
    monkeypatch: pytest.MonkeyPatch, count: int, verdict: Verdict
) -> None:
    async def run() -> list[Verdict]:
        limiter = await opened(ceiling=8)
        (lane,) = limiter.lanes
        return await asyncio.gather(*(limiter.verdict(limiter.begin(n), lane) for n in range(count)))

    assert run_virtually(monkeypatch, run()) == [verdict] * count
