"""Which errors end a run and which fail one request alone, in simulated time."""

from __future__ import annotations

import asyncio
import time

import pytest

from dataflow.core import (
    EndpointFatal,
    Interrupted,
    Request,
    RequestRefused,
    Response,
)
from dataflow.serving.pacing.doubts import STREAK
from tests.serving.scripted import BUSY, OK, Bill, Reply, Scripted, ask, error, numbers
from tests.virtual_time import run_virtually


@pytest.mark.parametrize("about", ["account", "model", "request"])
def test_before_anybody_was_answered_what_is_fatal_ends_the_run(monkeypatch: pytest.MonkeyPatch, about: str) -> None:
    serving = Scripted(lambda text, tries: error(EndpointFatal, about=about), max_workers=4)
    found = run_virtually(monkeypatch, ask(serving, *numbers(100)))
    assert all(isinstance(reason, EndpointFatal) for reason in found)
    assert serving.asked <= (STREAK + 4 if about == "request" else 4)


@pytest.mark.parametrize("about", ["account", "model", "request"])
def test_what_was_answered_in_earlier_runs_counts(monkeypatch: pytest.MonkeyPatch, about: str) -> None:
    serving = Scripted(lambda text, tries: error(EndpointFatal, about=about))
    (found,) = run_virtually(monkeypatch, ask(serving, "the one that is left", bill=Bill(answered=True)))
    assert isinstance(found, RequestRefused)


def test_what_is_left_of_an_earlier_run_may_well_fail_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    serving = Scripted(lambda text, tries: error(RequestRefused))
    found = run_virtually(monkeypatch, ask(serving, *numbers(100), bill=Bill(answered=True)))
    assert all(isinstance(reply, RequestRefused) for reply in found)
    assert serving.asked == 100


@pytest.mark.parametrize("about", ["model", "request"])
def test_once_somebody_was_answered_it_fails_that_one_request(monkeypatch: pytest.MonkeyPatch, about: str) -> None:
    def script(text: str, tries: int) -> Reply:
        return error(EndpointFatal, about=about) if int(text) % 10 == 5 else OK

    serving = Scripted(script, max_workers=4)
    found = run_virtually(monkeypatch, ask(serving, *numbers(100)))
    refused = [number for number, reply in enumerate(found) if isinstance(reply, RequestRefused)]
    assert refused == list(range(5, 100, 10))
    assert sum(reply == OK for reply in found) == 90
    assert serving.asked == 100


def test_the_very_first_picture_may_be_one_that_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def script(text: str, tries: int) -> Reply:
        return error(EndpointFatal, about="request") if text == "0" else OK

    serving = Scripted(script)

    async def run() -> list[Response | BaseException]:
        quick = asyncio.ensure_future(ask(serving, "0"))
        await asyncio.sleep(0)
        serving.seconds = 60  # it is refused at once, and the answers of the others take their time
        others = asyncio.ensure_future(ask(serving, *numbers(5)[1:]))
        return [*await quick, *await others]

    first, *others = run_virtually(monkeypatch, run())
    assert isinstance(first, RequestRefused) and others == [OK] * 4


@pytest.mark.parametrize("about", ["account", "model", "request"])
def test_a_streak_over_different_samples_ends_the_run(monkeypatch: pytest.MonkeyPatch, about: str) -> None:
    def script(text: str, tries: int) -> Reply:
        return OK if int(text) < 30 else error(EndpointFatal, about=about)

    serving = Scripted(script, max_workers=4)
    found = run_virtually(monkeypatch, ask(serving, *numbers(1000)))
    assert found[:30] == [OK] * 30
    ended = [reason for reason in found if isinstance(reason, EndpointFatal)]
    assert "20 samples in a row" in str(ended[0])
    assert len(ended) >= 1000 - 30 - STREAK
    assert serving.asked <= 30 + STREAK + 8
    if about == "account":
        assert len(ended) == 1000 - 30


def test_a_passing_401_costs_no_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    down = [False]
    serving = Scripted(
        lambda text, tries: error(EndpointFatal, about="account") if down[0] and tries == 0 else OK, max_workers=8
    )

    async def run() -> list[Response | BaseException]:
        asking = asyncio.ensure_future(ask(serving, *numbers(100)))
        await asyncio.sleep(3.5)
        down[0] = True
        await asyncio.sleep(1.0)
        down[0] = False
        return await asking

    assert run_virtually(monkeypatch, run()) == [OK] * 100
    assert 100 < serving.asked <= 116


def test_an_account_that_refuses_one_request_alone_fails_it_after_a_few_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    serving = Scripted(lambda text, tries: error(EndpointFatal, about="account") if text == "50" else OK, max_workers=8)
    found = run_virtually(monkeypatch, ask(serving, *numbers(100)))
    assert isinstance(found[50], RequestRefused) and "no luck" in str(found[50])
    assert found[:50] + found[51:] == [OK] * 99
    assert serving.tries["50"] == 3


def test_one_run_that_ends_does_not_end_another_at_the_same_serving(monkeypatch: pytest.MonkeyPatch) -> None:
    serving = Scripted(lambda text, tries: BUSY if text == "3" and tries == 0 else OK, seconds=10, max_workers=4)
    first, second = Bill(), Bill()

    async def run() -> tuple[list[Response | BaseException], list[Response | BaseException]]:
        one = asyncio.ensure_future(ask(serving, *numbers(20), bill=first))
        other = asyncio.ensure_future(ask(serving, *(f"other {n}" for n in range(20)), bill=second))
        await asyncio.sleep(15)
        limiter = serving._limiter
        serving.give_up(Interrupted("enough"), first)
        found = await one, await other
        assert serving._limiter is limiter is not None and limiter.in_flight == 0
        return found

    one, other = run_virtually(monkeypatch, run())
    assert other == [OK] * 20
    assert {type(reply) for reply in one} == {Response, Interrupted}


def test_a_fatal_end_is_every_run_s_and_a_later_one_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = [True]
    serving = Scripted(lambda text, tries: error(EndpointFatal) if wrong[0] else OK, max_workers=2)

    async def run() -> list[Response | BaseException]:
        both = await asyncio.gather(ask(serving, *numbers(9), bill=Bill()), ask(serving, *numbers(9), bill=Bill()))
        assert all(isinstance(reply, EndpointFatal) for found in both for reply in found)
        assert serving.asked <= 2
        wrong[0] = False
        return await ask(serving, *numbers(9))

    assert run_virtually(monkeypatch, run()) == [OK] * 9


def test_a_server_that_slows_down_instead_of_refusing_gets_less_and_answers_as_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    knee, latency = 8, 0.12

    class Queueing(Scripted):
        at_work = 0
        peaks: list[int] = []  # noqa: RUF012 - of this one test

        async def generate(self, request: Request) -> Response:
            self.at_work += 1
            self.peaks.append(self.at_work)
            self.seconds = latency * max(1.0, self.at_work / knee)
            try:
                return await super().generate(request)
            finally:
                self.at_work -= 1

    serving = Queueing(lambda text, tries: OK)

    async def run() -> float:
        began = time.monotonic()
        assert await ask(serving, *numbers(3000)) == [OK] * 3000
        return time.monotonic() - began

    seconds = run_virtually(monkeypatch, run())
    later = sorted(serving.peaks[1500:])
    assert max(serving.peaks) == 64
    assert later[len(later) // 2] <= 48
    assert 3000 / seconds > 0.85 * knee / latency
