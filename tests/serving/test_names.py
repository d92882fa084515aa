"""Host names that are not found: for a moment, for good, or of one endpoint among several."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from dataflow.core import EndpointFatal, Message, Request, Response, TextPart
from dataflow.serving import APIVLMServing_openai
from dataflow.serving.openai_api import connection
from tests.servers import ModelServer

FOUND = socket.getaddrinfo


class Names:
    """A name service that knows `known.test` from the n-th look-up on, and no other name that ends in `.test`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, known_from: int) -> None:
        self.looked_up = 0
        self._known_from = known_from
        monkeypatch.setattr(socket, "getaddrinfo", self._find)

    def _find(self, host: Any, *more: Any, **options: Any) -> Any:
        if not str(host).endswith(".test"):
            return FOUND(host, *more, **options)
        self.looked_up += 1
        if host == "known.test" and self.looked_up >= self._known_from:
            return FOUND("127.0.0.1", *more, **options)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def ask(serving: APIVLMServing_openai, count: int) -> list[Response | BaseException]:
    async def run() -> list[Response | BaseException]:
        requests = (Request((Message("user", (TextPart(f"Question {n}"),)),)) for n in range(count))
        asked = (serving.answer(request, order=order) for order, request in enumerate(requests))
        found = await asyncio.gather(*asked, return_exceptions=True)
        await serving.close()
        return found

    return asyncio.run(run())


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DF_API_KEY", "k")


@pytest.mark.parametrize("count", [1, 64])
def test_a_name_that_is_not_found_for_a_moment_is_asked_for_again(
    model_server: ModelServer, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    Names(monkeypatch, known_from=4)
    found = ask(APIVLMServing_openai(f"http://known.test:{model_server.port}/v1", model_name="stub"), count)
    assert [type(reply) for reply in found] == [Response] * count
    assert model_server.stats()["requests"] == count


@pytest.mark.parametrize("count", [1, 64])
def test_a_name_that_was_never_found_ends_the_run_in_time(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(connection, "UNFOUND_SECONDS", 0.5)
    names = Names(monkeypatch, known_from=10**9)
    found = ask(APIVLMServing_openai("http://wrong.test/v1", model_name="stub"), count)
    assert all(isinstance(reply, EndpointFatal) for reply in found)
    assert "cannot find the host of http://wrong.test/v1" in str(found[0]) and "check the address" in str(found[0])
    assert names.looked_up >= 2


def test_a_name_that_is_never_found_is_left_out_where_another_endpoint_answers(
    model_server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "UNFOUND_SECONDS", 0.0)
    Names(monkeypatch, known_from=10**9)
    model_server.configure(latency=0.3)
    urls = ["http://wrong.test/v1", model_server.url]
    found = ask(APIVLMServing_openai(urls, model_name="stub", max_workers=16), 100)
    assert [type(reply) for reply in found] == [Response] * 100
    assert model_server.stats()["paid_twice"] == 0
