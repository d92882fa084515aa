"""An engine in a process of its own: answers in any order, deaths, restarts and their bounds."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from dataflow.core import (
    EndpointFatal,
    ImagePart,
    Interrupted,
    Message,
    PrerequisiteError,
    Request,
    RequestRefused,
    TextPart,
)
from dataflow.core.loop import run_blocking
from dataflow.serving.local import process
from dataflow.serving.pacing.call import Call
from tests.commands import python
from tests.pictures import make_pictures
from tests.serving.echo_serving import EchoServing


def ask(text, *media, **fields):
    return Request((Message("user", (*media, TextPart(text))),), **fields)


@pytest.fixture
def echo(tmp_path):
    serving = EchoServing(starts_file=str(tmp_path / "starts"))
    yield serving
    run_blocking(serving.close())


def starts(tmp_path):
    return (tmp_path / "starts").read_text().split()


def all_of(serving, *texts):
    async def together():
        asked = (serving.answer(ask(text), order=number) for number, text in enumerate(texts))
        return await asyncio.gather(*asked, return_exceptions=True)

    return run_blocking(together())


def said(answers):
    return [answer if isinstance(answer, Exception) else answer.text for answer in answers]


def test_answers_come_back_to_those_who_asked_and_media_arrive_whole(echo, tmp_path):
    picture = make_pictures(tmp_path, 1, 400)[0]
    answer = run_blocking(echo.generate(ask("seen", ImagePart(str(picture)))))
    assert answer.text == f"seen {picture.stat().st_size}"
    assert said(all_of(echo, "slow", *map(str, range(20)))) == ["slow 0", *(f"{number} 0" for number in range(20))]
    assert run_blocking(echo.metrics())["answered"] == 22
    assert len(starts(tmp_path)) == 1


def test_a_failure_in_the_engine_is_that_request_s_alone(echo):
    refused, failed, fine = all_of(echo, "refuse", "fail", "fine")
    assert isinstance(refused, RequestRefused) and "not this one" in str(refused)
    assert isinstance(failed, RequestRefused) and "RuntimeError: a slip in the engine" in str(failed)
    assert fine.text == "fine 0"


def test_a_killed_engine_is_started_again_and_nothing_under_way_is_lost(echo, tmp_path):
    first = run_blocking(echo.generate(ask("before")))
    go, under_way = tmp_path / "go", tmp_path / "go.under_way"

    async def kill_meanwhile():
        asked = [asyncio.ensure_future(echo.answer(ask(f"hold {go}: {n}"), order=n)) for n in range(8)]
        while not under_way.exists() or len(under_way.read_text().split()) < 8:
            await asyncio.sleep(0.01)
        os.kill(echo.engine_pid, signal.SIGKILL)
        go.touch()
        return await asyncio.gather(*asked)

    answers = run_blocking(kill_meanwhile())
    assert first.text == "before 0"
    assert [answer.text for answer in answers] == [f"hold {go}: {n} 0" for n in range(8)]
    assert len(starts(tmp_path)) == 2


def test_a_request_that_kills_the_engine_fails_and_those_beside_it_do_not(echo, tmp_path):
    answers = said(all_of(echo, *(f"slow {n}" for n in range(6)), "die"))
    assert answers[:6] == [f"slow {n} 0" for n in range(6)]
    assert isinstance(answers[6], RequestRefused)
    assert "was ended by SIGKILL 3 times over this request" in str(answers[6])
    assert len(starts(tmp_path)) <= 4


def test_dead_workers_count_as_a_death_of_the_engine(echo):
    (refused,) = all_of(echo, "workers die")
    assert "the engine's workers died 3 times" in str(refused)


def test_an_answer_larger_than_any_model_gives_ends_the_engine_and_costs_its_request(echo, monkeypatch):
    monkeypatch.setattr(process, "LARGEST_ANSWER", 10_000)
    (long,) = all_of(echo, "x" * 20_000)
    assert isinstance(long, RequestRefused) and "3 times over this request" in str(long)
    assert said(all_of(echo, "after")) == ["after 0"]


def test_an_engine_that_only_ever_dies_is_not_started_for_ever(tmp_path):
    serving = EchoServing(max_workers=1, starts_file=str(tmp_path / "starts"))

    async def one_after_another():
        for number in range(100):
            try:
                process = await serving._kept()._get(Call())
            except EndpointFatal as error:
                return number, str(error)
            process.kill()
            while process.death is None:
                await asyncio.sleep(0.01)
        raise AssertionError("it was started a hundred times")

    number, message = run_blocking(one_after_another())
    assert number == 6
    assert "without an answer" in message
    assert len(starts(tmp_path)) == 6
    run_blocking(serving.close())


def test_what_cannot_start_says_why_at_once(tmp_path):
    serving = EchoServing(cannot_start=True, starts_file=str(tmp_path / "starts"))
    with pytest.raises(PrerequisiteError, match="buy memory"):
        serving.generate_from_input(["What?"] * 5)
    assert len(starts(tmp_path)) == 1


def test_nobody_waits_for_a_model_to_load_when_the_run_is_stopped():
    serving = EchoServing(load_seconds=3600)

    async def stop_meanwhile():
        asked = asyncio.ensure_future(serving.answer(ask("What?")))
        await asyncio.sleep(0.5)
        serving.give_up(Interrupted("enough"))
        return await asyncio.gather(asked, return_exceptions=True)

    began = time.monotonic()
    (outcome,) = run_blocking(stop_meanwhile())
    assert isinstance(outcome, Interrupted)
    assert time.monotonic() - began < 600


def test_one_run_that_ends_while_the_model_loads_leaves_another_waiting_for_it(tmp_path):
    serving = EchoServing(load_seconds=2, starts_file=str(tmp_path / "starts"))
    ended, going = (SimpleNamespace(answered=False, charge=None) for _ in range(2))

    async def stop_one():
        asked = [asyncio.ensure_future(serving.answer(ask("What?"), bill=bill)) for bill in (ended, going)]
        while not (tmp_path / "starts").exists():
            await asyncio.sleep(0.01)
        serving.give_up(Interrupted("enough"), ended)
        return await asyncio.gather(*asked, return_exceptions=True)

    interrupted, answer = run_blocking(stop_one())
    assert isinstance(interrupted, Interrupted) and answer.text == "What? 0"
    assert len(starts(tmp_path)) == 1
    run_blocking(serving.close())


def test_a_load_that_nobody_waits_for_is_ended_and_begun_anew_when_it_is_wanted(tmp_path):
    serving = EchoServing(load_seconds=1, starts_file=str(tmp_path / "starts"))

    async def stop_all_then_ask():
        asked = asyncio.ensure_future(serving.answer(ask("What?")))
        while not (tmp_path / "starts").exists():
            await asyncio.sleep(0.01)
        serving.give_up(Interrupted("enough"))
        await asyncio.gather(asked, return_exceptions=True)
        return await serving.answer(ask("Again?"))

    assert run_blocking(stop_all_then_ask()).text == "Again? 0"
    assert len(starts(tmp_path)) == 2
    run_blocking(serving.close())


def test_servings_with_the_same_settings_share_an_engine(tmp_path):
    starts_file = str(tmp_path / "starts")
    one, two = EchoServing(starts_file=starts_file), EchoServing(starts_file=starts_file)
    other = EchoServing(starts_file=starts_file, load_seconds=0.01)
    assert one.generate_from_input(["a"]) + two.generate_from_input(["b"]) == ["a 0", "b 0"]
    assert one.engine_pid == two.engine_pid
    other.generate_from_input(["c"])
    assert len(starts(tmp_path)) == 2
    for serving in (one, other):
        run_blocking(serving.close())


def test_a_closed_serving_opens_again(echo, tmp_path):
    echo.generate_from_input(["a"])
    pid = echo.engine_pid
    run_blocking(echo.close())
    assert not Path(f"/proc/{pid}").exists()
    assert echo.generate_from_input(["b"]) == ["b 0"]
    assert len(starts(tmp_path)) == 2


def test_a_used_serving_can_be_pickled(echo):
    echo.generate_from_input(["a"])
    copy = pickle.loads(pickle.dumps(echo))  # noqa: S301 - made here
    assert copy.identity == echo.identity
    assert copy.engine_pid is None


def test_a_script_without_a_main_guard_starts_one_engine(tmp_path):
    done = python(
        "import sys; sys.path.insert(0, sys.argv[0].rsplit('/', 1)[0])\n"
        f"sys.path.insert(0, {str(Path(__file__).parents[2])!r})\n"
        "from tests.serving.echo_serving import EchoServing\n"
        f"print(EchoServing(starts_file={str(tmp_path / 'starts')!r}).generate_from_input(['hello']))\n",
        tmp_path,
    )
    assert done.stdout == "['hello 0']\n", done.stderr
    assert len(starts(tmp_path)) == 1
