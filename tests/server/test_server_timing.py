"""When the test endpoint answers, and what it refuses for the time being: limits, latencies, hanging requests."""

from __future__ import annotations

import asyncio
import time
from email.utils import parsedate_to_datetime

import aiohttp
import pytest

from tests.server.asking import Answer, ask, ask_one, body
from tests.servers import ModelServer


def test_the_rate_limit_lets_through_the_burst_and_no_more(server: ModelServer) -> None:
    # One more every 17 minutes: how fast the bucket fills again is told by the tests of Bucket, in simulated time.
    server.configure(requests_per_second=0.001, burst=5)
    answers = ask(server, *(body(str(number)) for number in range(12)))
    assert [answer[0] for answer in answers] == [200] * 5 + [429] * 7
    assert server.stats()["refusals"] == 7


def test_the_rate_limit_says_what_remains(server: ModelServer) -> None:
    server.configure(requests_per_second=0.001, burst=2, tokens_per_minute=6000, token_burst=100)
    first, _, third = ask(server, body("a"), body("b"), body("c"))
    assert first[1]["x-ratelimit-limit-requests"] == "2"
    assert first[1]["x-ratelimit-remaining-requests"] == "1"
    assert first[1]["x-ratelimit-reset-requests"].startswith("16m")
    assert first[1]["x-ratelimit-limit-tokens"] == "100"
    assert third[0] == 429 and 900 < int(third[1]["retry-after"]) <= 1000


def test_the_token_limit_refuses_and_says_when_to_come_back(server: ModelServer) -> None:
    server.configure(tokens_per_minute=6, token_burst=200)
    *good, refused = ask(server, *(body(text, b"image") for text in "abc"))
    assert [answer[0] for answer in good] == [200, 200]
    assert refused[0] == 429 and 500 < int(refused[1]["retry-after"]) <= 580


def test_retry_after_can_be_seconds_a_date_or_absent(server: ModelServer) -> None:
    server.configure(faults={"429": 1.0}, retry_after_s=3)
    assert ask(server, body())[0][1]["retry-after"] == "3"
    server.configure(retry_after="date")
    before = time.time()
    moment = parsedate_to_datetime(ask(server, body())[0][1]["retry-after"])
    assert before + 3 <= moment.timestamp() <= time.time() + 3 + 1
    server.configure(retry_after="none")
    assert "retry-after" not in ask(server, body())[0][1]


def test_more_in_flight_than_allowed_are_refused(server: ModelServer) -> None:
    server.configure(max_in_flight=3, faults={"hang": 1.0})

    async def run() -> list[Answer]:
        async with aiohttp.ClientSession() as session:
            tasks = [asyncio.create_task(ask_one(session, server, body(text))) for text in "abcdefgh"]
            while sum(task.done() for task in tasks) < 5:
                await asyncio.sleep(0.01)
            await asyncio.to_thread(server.release)
            return await asyncio.gather(*tasks)

    assert sorted(answer[0] for answer in asyncio.run(run())) == [200] * 3 + [429] * 5
    assert server.stats()["peak_in_flight"] == 3


def test_latency_grows_above_the_knee(server: ModelServer) -> None:
    server.configure(latency=0.05, knee=2, gather={".": 8})
    ask(server, *map(body, "abcdefgh"), together=True)
    assert server.stats()["latency_sum"] == pytest.approx(0.05 * (1 + 1 + 1.5 + 2 + 2.5 + 3 + 3.5 + 4))


def test_a_slow_pattern_takes_its_time(server: ModelServer) -> None:
    server.configure(slow={"slowly": 0.2})
    ask(server, body("b"), body("slowly"), body("c"))
    assert server.stats()["latency_sum"] == pytest.approx(0.2)
    _, slow, _ = server.requests()
    assert slow["out"] - slow["in"] >= 0.2


def test_requests_that_are_gathered_are_answered_when_all_have_come(server: ModelServer) -> None:
    server.configure(gather={"together": 3})
    payloads = [body(text) for text in ("together 1", "alone", "together 2", "together 3")]
    assert [answer[0] for answer in ask(server, *payloads, together=True)] == [200] * 4
    together = [entry for entry in server.requests() if "together" in entry["messages"][0]["content"][0]["text"]]
    assert max(entry["in"] for entry in together) <= min(entry["out"] for entry in together)
    assert ask(server, body("together 4"))[0][0] == 200


def test_a_hanging_request_waits_for_its_release(server: ModelServer) -> None:
    server.configure(hang_nth=2)

    async def run() -> list[Answer]:
        async with aiohttp.ClientSession() as session:
            tasks = [asyncio.create_task(ask_one(session, server, body(text))) for text in "abc"]
            while sum(task.done() for task in tasks) < 2:
                await asyncio.sleep(0.01)
            assert await asyncio.to_thread(server.release) == 1
            return await asyncio.gather(*tasks)

    assert [answer[0] for answer in asyncio.run(run())] == [200] * 3
    assert server.stats()["hung"] == 0


def test_a_client_that_hangs_up_is_counted_and_leaves_nothing_in_flight(server: ModelServer) -> None:
    server.configure(faults={"hang": 1.0})

    async def run() -> None:
        async with aiohttp.ClientSession() as session:
            task = asyncio.create_task(ask_one(session, server, body()))
            while not (await asyncio.to_thread(server.stats))["hung"]:
                await asyncio.sleep(0.01)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    asyncio.run(run())
    while server.stats()["in_flight"]:
        time.sleep(0.01)
    stats = server.stats()
    assert (stats["statuses"], stats["in_flight"], stats["hung"], stats["delivered"]) == ({"closed": 1}, 0, 0, 0)


def test_a_connection_that_carried_a_500_is_reset_when_it_is_used_again(server: ModelServer) -> None:
    server.configure(fail_first=1, reset_after_500=True)
    failed, reset, good = ask(server, body("a"), body("b"), body("b"))
    assert (failed[0], good[0]) == (500, 200)
    assert isinstance(reset[2], aiohttp.ClientConnectionError)
    assert server.stats()["statuses"] == {"500": 1, "reset": 1, "200": 1}


def test_the_timeline_counts_every_request(server: ModelServer) -> None:
    server.configure(faults={"429": 0.5})
    ask(server, *(body(str(n)) for n in range(40)))
    stats = server.stats()
    assert sum(second["requests"] for second in stats["timeline"]) == 40
    assert sum(second["refused"] for second in stats["timeline"]) == stats["refusals"] == 40 - stats["delivered"]
