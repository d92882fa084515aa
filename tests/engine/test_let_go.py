"""A run that is interrupted waits for what is at the endpoints, and for nothing that was not paid."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import orjson
import pytest

from dataflow import Operator, Pipeline, RunOptions
from dataflow.core import Interrupted, Run, Sample, output, required
from dataflow.core.operator import Keys
from dataflow.engine import drive
from dataflow.engine.step_output import StepOutput
from dataflow.serving import APIVLMServing_openai
from tests.commands import read_jsonl
from tests.engine.questions import FAILURES, serving_at
from tests.engine.rude_operators import question
from tests.servers import ModelServer

GOOD = 8
ENDLESS = 120.0
"""Seconds that a hostile file takes."""


class Hostile:
    """What a hostile file does to whoever decodes or fetches it, while there is one."""

    def __init__(self) -> None:
        self.begun = self.ended = 0
        self.is_there = True

    async def meet(self, text: str) -> None:
        if text == "hostile" and self.is_there:
            self.begun += 1
            await asyncio.sleep(ENDLESS)
            self.ended += 1


class Decodes(APIVLMServing_openai):
    """Makes requests ready as long as it takes."""

    hostile: Hostile

    async def prepare(self, request: Any) -> Any:
        await self.hostile.meet(request.messages[0].text)
        return await super().prepare(request)


class Works(Operator):
    """Asks the sample's text, and looks at its file first where it is told to."""

    keys = (required("input_key", "text"), output("output_key", "answer"))

    def __init__(self, serving: APIVLMServing_openai, hostile: Hostile | None = None) -> None:
        self.serving = serving
        self.hostile = hostile

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Sample:
        if self.hostile is not None:
            await self.hostile.meet(sample["text"])
        return {**sample, "answer": (await run.ask(self.serving, question(sample["text"]))).text}


def press_when(monkeypatch: pytest.MonkeyPatch, reached: Callable[[], bool]) -> None:
    """Have the run hear Ctrl-C once, when it has come so far."""
    wait, pressed = drive._wait, []

    def hear(future: Future[None], _: float) -> None:
        wait(future, 0.02)
        if not pressed and reached():
            pressed.append(True)
            raise KeyboardInterrupt

    monkeypatch.setattr(drive, "_wait", hear)


@pytest.mark.parametrize("who", ["the serving", "the operator"])
def test_what_a_sample_decodes_is_let_go_of_and_the_sample_counts_as_not_begun(
    model_server: ModelServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    hostile = Hostile()
    serving = Decodes(api_url=model_server.url, model_name="stub") if who == "the serving" else serving_at(model_server)
    if isinstance(serving, Decodes):
        serving.hostile = hostile
    operator = Works(serving, None if who == "the serving" else hostile)

    def run() -> StepOutput:
        rows = [{"text": "hostile"}, *({"text": f"good {number}"} for number in range(GOOD))]
        return Pipeline([operator]).run(rows, tmp_path, prefix="p", options=RunOptions(quiet=True))

    press_when(monkeypatch, lambda: bool(hostile.begun) and model_server.stats()["delivered"] == GOOD)
    with pytest.raises(Interrupted):
        run()
    assert (hostile.begun, hostile.ended) == (1, 0)
    assert orjson.loads((tmp_path / "run.json").read_bytes())["state"] == "stopped"
    assert not (tmp_path / FAILURES).exists() or not read_jsonl(tmp_path / FAILURES)
    hostile.is_there = False
    done = run()
    assert (done.counts.written, done.counts.failed) == (GOOD + 1, 0)
    assert model_server.stats()["requests"] == GOOD + 1


def test_a_sample_that_has_its_answer_in_time_is_kept(
    model_server: ModelServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model_server.configure(latency=3.0)  # longer than a sample that waits for nothing is kept
    press_when(monkeypatch, lambda: model_server.stats()["in_flight"] == GOOD)
    rows = [{"text": f"good {number}"} for number in range(GOOD)]
    with pytest.raises(Interrupted):
        Pipeline([Works(serving_at(model_server))]).run(rows, tmp_path, prefix="p", options=RunOptions(quiet=True))
    manifest = orjson.loads((tmp_path / "run.json").read_bytes())
    assert manifest["counts"]["written"] == manifest["counts"]["requests"] == GOOD
