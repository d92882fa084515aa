"""What becomes of requests that are not answered, in simulated time: tries, waits, failures, and the end of a run."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from dataflow.core import (
    AskedToWait,
    CutOffAnswer,
    DataFlowError,
    EndpointFatal,
    Interrupted,
    Message,
    Request,
    RequestRefused,
    Response,
    TextPart,
    TransientError,
    Usage,
    no_answer,
)
from dataflow.engine.doubts import STREAK
from dataflow.engine.proof import PROOF
from dataflow.serving import ServingBase
from dataflow.serving.patience import FIRST_WAIT, FIRST_WAIT_AFTER_A_BREAK, LONGEST_WAIT, Patience
from tests.virtual_time import run_virtually

Reply = Response | DataFlowError

BUSY = TransientError("busy", status=500)


class Scripted(ServingBase):
    """Gives each request what a function of its text and of how often it was asked says.

    Args:
        script: the reply, by the text and the number of the try (from 0).
        seconds: that a reply takes.
    """

    def __init__(self, script: Callable[[str, int], Reply], seconds: float = 1.0, **settings: Any) -> None:
        super().__init__(**settings)
        self.script = script
        self.seconds = seconds
        self.tries: dict[str, int] = {}

    @property
    def identity(self) -> Mapping[str, Any]:
        return {"serving": "scripted", "model": "scripted"}

    async def generate(self, request: Request) -> Response:
        text = request.messages[0].text
        number = self.tries.get(text, 0)
        self.tries[text] = number + 1
        await asyncio.sleep(self.seconds)
        reply = self.script(text, number)
        if isinstance(reply, Response):
            return reply
        raise reply

    @property
    def asked(self) -> int:
        return sum(self.tries.values())


class Bill:
    """Adds up what is charged."""

    def __init__(self, *, answered: bool = False) -> None:
        self.answered = answered
        self.usage = Usage()

    def charge(self, usage: Usage, model: str) -> None:
        assert model == "scripted"
        self.usage += usage


OK = Response("an answer", usage=Usage(10, 1))


def error(kind: type[DataFlowError] = TransientError, usage: Usage | None = None, **fields: Any) -> DataFlowError:
    made = kind("no luck", **fields)
    made.usage = usage
    return made


async def ask(serving: ServingBase, *texts: str, bill: Bill | None = None) -> list[Response | BaseException]:
    async def one(order: int, text: str) -> Response:
        return await serving.answer(Request((Message("user", (TextPart(text),)),)), order=order, bill=bill)

    return await asyncio.gather(*(one(n, text) for n, text in enumerate(texts)), return_exceptions=True)


def numbers(count: int) -> list[str]:
    return [str(number) for number in range(count)]


def test_a_wait_is_what_the_endpoint_says_or_grows_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        assert Patience(900).after(TransientError("busy", retry_after=7.0)).seconds == 7.0
        for tries, longest in ((1, FIRST_WAIT), (4, 8 * FIRST_WAIT), (40, LONGEST_WAIT)):
            waits = []
            for _ in range(200):
                patience = Patience(1e9)
                waits.append([patience.after(BUSY) for _ in range(tries)][-1].seconds)
            assert min(waits) >= 0 and longest / 2 < max(waits) <= longest

    run_virtually(monkeypatch, run())


def test_a_broken_connection_is_tried_again_sooner_than_an_error_of_the_endpoint() -> None:
    waits = [Patience(900).after(TransientError("reset")).seconds for _ in range(200)]
    assert max(waits) <= FIRST_WAIT_AFTER_A_BREAK < FIRST_WAIT


def test_what_the_endpoint_asks_to_wait_is_not_taken_from_the_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    busy = error(status=429, throttled=True, retry_after=500.0)
    serving = Scripted(lambda text, tries: busy if tries < 5 else OK, patience=1)

    async def run() -> float:
        began = time.monotonic()
        assert await ask(serving, *numbers(1)) == [OK]
        return time.monotonic() - began

    assert run_virtually(monkeypatch, run()) == pytest.approx(2506, abs=5)


def test_patience_is_for_what_the_endpoint_does_not_explain(monkeypatch: pytest.MonkeyPatch) -> None:
    serving = Scripted(lambda text, tries: OK if text == "0" else BUSY, patience=100)

    async def run() -> float:
        began = time.monotonic()
        first, second = await ask(serving, "0", "1")
        assert first == OK and isinstance(second, RequestRefused) and "gave up after" in str(second)
        return time.monotonic() - began

    # A first reply of one second, a hundred of patience, and one for the reply to a try at their very end.
    assert 40 <= run_virtually(monkeypatch, run()) < 102


def test_waits_for_room_are_not_taken_from_the_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    def script(text: str, tries: int) -> Reply:
        return BUSY if text == "0" and tries == 0 else OK

    serving = Scripted(script, seconds=100, max_workers=1, patience=60)
    found = run_virtually(monkeypatch, ask(serving, *numbers(5)))
    assert found == [OK] * 5


def test_somebody_who_watches_is_told_until_when_everybody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    busy = error(status=429, throttled=True, retry_after=300.0)
    serving = Scripted(lambda text, tries: OK if tries else busy)

    async def run() -> None:
        asking = asyncio.ensure_future(ask(serving, *numbers(3)))
        assert serving.waits_until is None
        await asyncio.sleep(100)
        assert serving.waits_until == pytest.approx(time.time() + 201)
        await asyncio.sleep(201.5)
        assert serving.waits_until is None
        assert await asking == [OK] * 3

    run_virtually(monkeypatch, run())


@pytest.mark.parametrize("count", [1, 5, 200])
def test_a_wait_beyond_any_run_ends_it_and_fails_nobody(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    def script(text: str, tries: int) -> Reply:
        return OK if text == "first" else error(status=429, throttled=True, retry_after=3600.0)

    serving = Scripted(script, max_workers=8)

    async def run() -> list[Response | BaseException]:
        assert await ask(serving, "first") == [OK]
        return await ask(serving, *numbers(count))

    found = run_virtually(monkeypatch, run())
    assert all(type(reason) is AskedToWait for reason in found)
    assert "asks to wait until" in str(found[0]) and "(in 60 min)" in str(found[0])
    assert serving.asked <= 1 + STREAK + 8


def test_a_long_wait_that_one_request_is_told_while_others_are_answered_is_that_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def script(text: str, tries: int) -> Reply:
        return error(status=429, throttled=True, retry_after=3600.0) if text == "7" and tries < 3 else OK

    serving = Scripted(script, max_workers=4)
    assert run_virtually(monkeypatch, ask(serving, *numbers(40))) == [OK] * 40
    assert serving.tries["7"] == 4


def test_a_request_that_is_told_to_wait_again_and_again_while_others_are_answered_fails_in_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def script(text: str, tries: int) -> Reply:
        return error(status=429, throttled=True, retry_after=60.0) if text == "7" else OK

    serving = Scripted(script, max_workers=4)
    found = run_virtually(monkeypatch, ask(serving, *numbers(40)))
    assert isinstance(found[7], RequestRefused) and "while others were answered" in str(found[7])
    assert found[:7] + found[8:] == [OK] * 39
    assert serving.tries["7"] <= 61


def test_where_nobody_is_answered_for_an_hour_of_waits_the_run_ends_and_nobody_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    serving = Scripted(lambda text, tries: error(status=429, throttled=True, retry_after=60.0))
    found = run_virtually(monkeypatch, ask(serving, *numbers(5)))
    assert all(type(reason) is AskedToWait for reason in found)


@pytest.mark.parametrize("bound", [1, 2, 3])
def test_replies_that_are_paid_for_are_asked_for_a_few_times_and_all_are_charged(
    monkeypatch: pytest.MonkeyPatch, bound: int
) -> None:
    def script(text: str, tries: int) -> Reply:
        return error(status=200, usage=Usage(100, 20, 5), tries=bound) if text == "7" else OK

    serving, bill = Scripted(script), Bill()
    found = run_virtually(monkeypatch, ask(serving, *numbers(12), bill=bill))
    assert isinstance(found[7], RequestRefused) and found[7].usage is None
    assert f"gave up after {bound} tr" in str(found[7])
    assert serving.tries["7"] == bound
    assert bill.usage == Usage(100 * bound, 20 * bound, 5 * bound)


@pytest.mark.parametrize("kind", [RequestRefused, EndpointFatal])
def test_an_error_that_is_raised_at_once_is_charged_once(
    monkeypatch: pytest.MonkeyPatch, kind: type[DataFlowError]
) -> None:
    serving, bill = Scripted(lambda text, tries: error(kind, usage=Usage(100, 20))), Bill()
    (found,) = run_virtually(monkeypatch, ask(serving, "0", bill=bill))
    assert type(found) is kind and found.usage is None
    assert bill.usage == Usage(100, 20)


def test_an_answer_is_for_the_receiver_to_count(monkeypatch: pytest.MonkeyPatch) -> None:
    serving, bill = Scripted(lambda text, tries: OK if tries else error(status=500, usage=Usage(7, 0))), Bill()
    assert run_virtually(monkeypatch, ask(serving, "0", bill=bill)) == [OK]
    assert bill.usage == Usage(7, 0)


def test_a_reply_that_is_no_answer_comes_back_to_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    cut = Response("", finish_reason="length", usage=Usage(10, 50))
    serving = Scripted(lambda text, tries: OK if int(text) % 2 else cut)
    found = run_virtually(monkeypatch, ask(serving, *numbers(40)))
    assert found == [cut, OK] * 20
    assert serving.asked == 40


def test_where_the_first_replies_all_hold_no_answer_the_run_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    cut = Response("", finish_reason="length", usage=Usage(10, 50))
    assert isinstance(no_answer(cut), CutOffAnswer)
    serving, bill = Scripted(lambda text, tries: cut), Bill()
    found = run_virtually(monkeypatch, ask(serving, *numbers(1000), bill=bill))
    kept = [reply for reply in found if isinstance(reply, Response)]
    assert sum(isinstance(reply, EndpointFatal) for reply in found) == 1000 - len(kept)
    assert any("--max-tokens" in str(reply) for reply in found)
    assert PROOF - 1 <= len(kept) < serving.asked <= 64 + PROOF
    # Those in flight at the end come in: all that were answered are paid for, each once.
    assert bill.usage == Usage(10, 50)


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
