"""What becomes of requests that are not answered, in simulated time: tries, waits, failures, and the end of a run."""

from __future__ import annotations

import asyncio
import time

import pytest

from dataflow.core import (
    AskedToWait,
    CutOffAnswer,
    DataFlowError,
    EndpointFatal,
    RequestRefused,
    Response,
    TransientError,
    Usage,
    no_answer,
)
from dataflow.serving.pacing.doubts import STREAK
from dataflow.serving.pacing.proof import PROOF
from dataflow.serving.patience import FIRST_WAIT, FIRST_WAIT_AFTER_A_BREAK, LONGEST_WAIT, Patience
from tests.serving.scripted import BUSY, OK, Bill, Reply, Scripted, ask, error, numbers
from tests.virtual_time import run_virtually


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
