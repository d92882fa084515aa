"""Every reply of the field means what it should, by a real server process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dataflow.core import EndpointFatal, Message, Request, TextPart, TransientError
from dataflow.core.loop import run_blocking
from dataflow.serving import APIVLMServing_openai
from tests.scripted_server import ScriptedServer, scripted
from tests.serving.situations import ALL, Situation

QUESTION = Request((Message("user", (TextPart("What is it?"),)),))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScriptedServer]:
    script = {f"/{number}/v1/chat/completions": situation.reply() for number, situation in enumerate(ALL)}
    with scripted(tmp_path_factory.mktemp("endpoint"), script) as server:
        yield server


def name(situation: Situation) -> str:
    return situation.source


@pytest.mark.parametrize("situation", ALL, ids=name)
def test_a_reply_of_the_field_means_what_it_should(server: ScriptedServer, situation: Situation) -> None:
    serving = APIVLMServing_openai(f"{server.root}/{ALL.index(situation)}/v1", model_name="m")
    try:
        if isinstance(situation.means, str):
            response = run_blocking(serving.generate(QUESTION))
            assert (response.text, response.finish_reason) == (situation.means, situation.finish)
            return
        with pytest.raises(situation.means) as raised:
            run_blocking(serving.generate(QUESTION))
        error, words = raised.value, str(raised.value)
        assert type(error) is situation.means and situation.said in words
        assert "\n" not in words and "<" not in words.replace("<400>", "") and len(words) < 1000
        if isinstance(error, EndpointFatal):
            assert error.about == situation.about
        if isinstance(error, TransientError):
            assert error.retry_after == (None if situation.wait is None else pytest.approx(situation.wait))
            assert error.tries == situation.tries
    finally:
        run_blocking(serving.close())
