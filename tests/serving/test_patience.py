"""How a serving waits and gives up: patience, waits between tries, and what a fatal error does to those who wait."""

from __future__ import annotations

import asyncio

import pytest

from dataflow.core import EndpointFatal, Message, Request, RequestRefused, TextPart, UsageError
from dataflow.serving import APIVLMServing_openai
from tests.servers import ModelServer


def request(text: str) -> Request:
    return Request((Message("user", (TextPart(text),)),))


def serving_at(server: ModelServer, **settings: float) -> APIVLMServing_openai:
    return APIVLMServing_openai(api_url=server.url, model_name="stub", **settings)  # type: ignore[arg-type]


async def ask_all(serving: APIVLMServing_openai, texts: list[str]) -> list[str | BaseException]:
    """The answer or the error of each."""
    asked = (serving.answer(request(text), order=order) for order, text in enumerate(texts))
    found = await asyncio.gather(*asked, return_exceptions=True)
    await serving.close()
    return [response if isinstance(response, BaseException) else response.text for response in found]


def test_an_endpoint_that_says_to_wait_no_time_is_not_stormed(model_server: ModelServer) -> None:
    model_server.configure(fail_first=10_000, fail_with="429", retry_after_s=0)
    (error,) = asyncio.run(ask_all(serving_at(model_server, patience=1.5), ["a"]))
    assert isinstance(error, RequestRefused) and "gave up" in str(error)
    assert 1 < model_server.stats()["requests"] < 30


def test_a_fatal_error_reaches_those_who_wait_and_nothing_more_is_asked(model_server: ModelServer) -> None:
    model_server.configure(expected_key="right")
    found = asyncio.run(ask_all(serving_at(model_server, max_workers=4), [str(number) for number in range(100)]))
    assert all(isinstance(error, EndpointFatal) for error in found)
    assert model_server.stats()["requests"] <= 4


def test_after_a_fatal_error_the_serving_can_be_used_again(
    model_server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    model_server.configure(expected_key="right")
    serving = serving_at(model_server)
    assert isinstance(asyncio.run(ask_all(serving, ["a"]))[0], EndpointFatal)
    monkeypatch.setenv("DF_API_KEY", "right")
    assert str(asyncio.run(ask_all(serving, ["a"]))[0]).startswith("echo of stub")


def test_giving_up_ends_the_waiting_and_lets_answers_in_flight_come_in(model_server: ModelServer) -> None:
    model_server.configure(fail_on={"": "hang"})
    serving = serving_at(model_server, max_workers=3)
    reason = EndpointFatal("enough")

    async def run() -> list[str | BaseException]:
        asking = asyncio.ensure_future(ask_all(serving, [str(number) for number in range(10)]))
        while (await asyncio.to_thread(model_server.stats))["in_flight"] < 3:
            assert not asking.done()
        serving.give_up(reason)
        assert await asyncio.to_thread(model_server.release) == 3
        return await asking

    found = asyncio.run(run())
    assert [isinstance(answer, str) for answer in found] == [True] * 3 + [False] * 7
    assert found[3:] == [reason] * 7
    assert model_server.stats()["requests"] == 3


@pytest.mark.parametrize("name", ["max_workers", "requests_per_minute", "tokens_per_minute"])
def test_numbers_out_of_range_are_refused(name: str) -> None:
    with pytest.raises(UsageError, match=name):
        APIVLMServing_openai(**{name: 0})
