"""How hosts of media are treated: who asks is told, rests are kept by all, and few requests are under way at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from dataflow.core.errors import MediaError
from dataflow.core.loop import run_blocking
from dataflow.media.fetch import fetch_bytes
from dataflow.media.fetch_limits import FetchLimits
from dataflow.media.fetch_manners import PER_HOST, Host, Patience, told_wait
from dataflow.version import USER_AGENT, __version__
from tests.scripted_server import ScriptedServer, scripted
from tests.virtual_time import run_virtually

HERE = FetchLimits(max_bytes=1_000_000, timeout=120.0, allow_private=True)
DONE = {"body": "content"}


def fetch(*urls: str, limits: FetchLimits = HERE) -> list[bytes]:
    async def all_of_them() -> list[bytes]:
        return await asyncio.gather(*(fetch_bytes(url, limits) for url in urls))

    return run_blocking(all_of_them())


def times(server: ScriptedServer, path: str) -> list[float]:
    return [entry["at"] for entry in server.log(path)]


def test_who_asks_is_told_with_version_and_address(tmp_path: Path) -> None:
    with scripted(tmp_path, {"*": DONE}) as server:
        fetch(f"{server.root}/a.png")
        (asked,) = server.log()
    assert asked["headers"]["user-agent"] == USER_AGENT
    assert f"dataflow-mm/{__version__} (+https://" in USER_AGENT


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_host_that_asks_for_a_rest_gets_it(tmp_path: Path, status: int, form: str) -> None:
    told = "2" if form == "seconds" else "{in 3 s}"  # a date has no fractions
    with scripted(tmp_path, {"*": [{"status": status, "headers": {"Retry-After": told}}, DONE]}) as server:
        assert fetch(f"{server.root}/a") == [b"content"]
        first, second = times(server, "/a")
    assert second - first >= 1.5


def test_all_that_want_something_of_a_host_keep_its_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []

    async def ask(host: Host, number: int) -> None:
        async with asyncio.timeout(5.0) as clock, host.room(Patience("http://h/a", clock)):
            asked.append(asyncio.get_running_loop().time())
            if number == 0:
                host.refused(429, {"Retry-After": "40"})

    async def ask_all() -> None:
        host = Host("h", asyncio.Semaphore(4))
        await asyncio.gather(*(ask(host, number) for number in range(30)))

    run_virtually(monkeypatch, ask_all())
    assert len(asked) == 30 and sorted(asked)[1] - min(asked) >= 40


def test_a_host_that_says_nothing_is_left_alone_longer_each_time(tmp_path: Path) -> None:
    with scripted(tmp_path, {"*": [{"status": 429}, {"status": 429}, DONE]}) as server:
        assert fetch(f"{server.root}/a") == [b"content"]
        first, second, third = times(server, "/a")
    assert second - first >= 0.9 and third - second >= 1.8


def test_a_rest_of_an_hour_fails_the_sample_at_once_with_what_to_do_and_asks_nobody_again(tmp_path: Path) -> None:
    with scripted(tmp_path, {"*": {"status": 429, "headers": {"Retry-After": "3600"}}}) as server:
        for path in ("a", "b"):
            with pytest.raises(MediaError, match=r"answers 429, and is to be asked again in 60 min: run the same"):
                fetch(f"{server.root}/{path}")
        assert len(server.log()) == 1


def test_waits_that_a_host_asks_for_are_bounded_in_all_and_not_taken_from_the_time_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def refuse_for_ever() -> tuple[float, str]:
        loop = asyncio.get_running_loop()
        began = loop.time()
        host = Host("h", asyncio.Semaphore(4))
        async with asyncio.timeout(5.0) as clock:
            patience = Patience("http://h/a", clock)
            with pytest.raises(MediaError) as raised:
                while True:
                    async with host.room(patience):
                        host.refused(429, {"Retry-After": "50"})
        return loop.time() - began, str(raised.value)

    took, said = run_virtually(monkeypatch, refuse_for_ever())
    assert 250 <= took <= 301 and "run the same command" in said


def test_few_requests_are_under_way_at_one_host(tmp_path: Path) -> None:
    with scripted(tmp_path, {"*": {**DONE, "hold": 0.1}}) as server:
        fetch(*(f"{server.root}/{number}" for number in range(40)))
        assert max(entry["beside"] for entry in server.log()) == PER_HOST - 1


def test_what_is_not_ready_yet_is_asked_for_again_while_others_are_fetched(tmp_path: Path) -> None:
    later = {"status": 202, "headers": {"Retry-After": "2"}, "body": "in preparation"}
    with scripted(tmp_path, {"/a": [later, {"status": 202}, DONE], "*": DONE}) as server:
        assert fetch(f"{server.root}/a", f"{server.root}/b") == [b"content"] * 2
        first, second, third = times(server, "/a")
        assert second - first >= 1.8 and third - second >= 0.9
        assert times(server, "/b")[0] < second


def test_what_is_prepared_for_too_long_fails_with_what_to_do(tmp_path: Path) -> None:
    with (
        scripted(tmp_path, {"*": {"status": 202, "headers": {"Retry-After": "7200"}}}) as server,
        pytest.raises(MediaError, match=r"still preparing it \(202\), and is to be asked again in 120 min"),
    ):
        fetch(f"{server.root}/a")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "-7"}, 0),
        ({"Retry-After": "soon"}, None),
        ({"RateLimit": '"api";r=0;t=31'}, 31),
        ({"RateLimit": "limit=100, remaining=0, reset=50"}, 50),
        ({"RateLimit-Reset": "12"}, 12),
        ({"X-RateLimit-Reset": str(int(time.time()) + 40)}, 40),
        ({}, None),
    ],
)
def test_the_forms_in_which_a_host_says_how_long(headers: Mapping[str, Any], seconds: float | None) -> None:
    assert told_wait(headers) == (None if seconds is None else pytest.approx(seconds, abs=60 if seconds == 40 else 0))
