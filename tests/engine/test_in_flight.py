"""Questions in flight: shared by all who ask the same, charged whatever becomes of them, and let go when a run ends."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import orjson
import pytest

from dataflow import Operator, Pipeline, RunOptions
from dataflow.core import BudgetSpent, DataFlowError, Run, Sample
from dataflow.core.operator import Keys
from dataflow.engine.budget import Caps
from dataflow.serving import APIVLMServing_openai
from tests.commands import HANGING, dataflow, start
from tests.engine.questions import Ask, ask, serving_at
from tests.engine.rude_operators import question
from tests.pictures import make_pictures
from tests.servers import ModelServer


class FirstLeaves(Operator):
    """All samples ask the same; the first to ask is cancelled."""

    def __init__(self, serving: APIVLMServing_openai) -> None:
        self.serving = serving

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Sample:
        asking = asyncio.ensure_future(run.ask(self.serving, question("the same")))
        await asyncio.sleep(0.02)
        if sample["id"] == 1:
            asking.cancel()
            return sample
        return {**sample, "answer": (await asking).text}


def test_others_have_their_answer_when_the_first_who_asked_is_cancelled(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(latency=0.2)
    done = Pipeline([FirstLeaves(serving_at(model_server))]).run([{}] * 5, tmp_path, prefix="p")
    assert [bool(row.get("answer")) for row in done.rows()] == [False, True, True, True, True]
    assert model_server.stats()["requests"] == 1


class Leaves(Operator):
    """Returns while its question is still in flight."""

    def __init__(self, serving: APIVLMServing_openai) -> None:
        self.serving = serving
        self.left: list[asyncio.Future[Any]] = []

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Sample:
        self.left.append(asyncio.ensure_future(run.ask(self.serving, question(sample["text"]))))
        await asyncio.sleep(0)
        return sample


def test_a_run_waits_for_what_is_at_the_endpoint_and_gives_up_what_nobody_waits_for(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(latency=0.2)
    operator = Leaves(serving_at(model_server, max_workers=3))
    done = Pipeline([operator]).run([{"text": f"{n}?"} for n in range(20)], tmp_path, prefix="p")
    assert done.counts.written == 20
    stats = model_server.stats()
    assert stats["in_flight"] == 0 and stats["requests"] == stats["delivered"] == done.counts.requests
    assert 3 <= stats["delivered"] < 20
    assert all(future.done() for future in operator.left)


def test_a_cap_is_seen_by_replies_that_become_no_answer_while_they_are_asked_again(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(faults={"empty": 0.8}, latency=0.01)
    serving = serving_at(model_server, max_workers=4)
    with pytest.raises(BudgetSpent, match=r"cap of 400 tokens"):
        rows = [{"text": f"Question {number}?"} for number in range(60)]
        options = RunOptions(quiet=True, caps=Caps(tokens=400))
        Pipeline([Ask(serving)]).run(rows, tmp_path, prefix="p", options=options)
    stats = model_server.stats()
    spent = stats["prompt_tokens"] + stats["completion_tokens"]
    assert 400 <= spent <= 400 + (4 + 2) * spent / stats["requests"]
    tokens = orjson.loads((tmp_path / "run.json").read_bytes())["tokens"]
    assert tokens["input"] + tokens["output"] == spent


def test_one_runs_spent_budget_is_not_the_end_of_another_that_shares_the_serving(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(latency=0.02)
    serving = serving_at(model_server, max_workers=4)
    ends: dict[str, Any] = {}

    def run(name: str, count: int, caps: Caps) -> None:
        rows = [{"text": f"{name} {number}?"} for number in range(count)]
        try:
            options = RunOptions(quiet=True, caps=caps)
            ends[name] = Pipeline([Ask(serving)]).run(rows, tmp_path / name, prefix="p", options=options).counts
        except DataFlowError as error:
            ends[name] = error

    threads = [
        threading.Thread(target=run, args=("long", 80, Caps())),
        threading.Thread(target=run, args=("short", 80, Caps(tokens=300))),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=HANGING)
    assert isinstance(ends["short"], BudgetSpent)
    assert (ends["long"].written, ends["long"].failed) == (80, 0)


SLOW_OPERATOR = ["run", "image_vqa", "--input", "p", "--model", "openai/stub", "--max-workers", "8", "-q"]


def test_a_second_ctrl_c_ends_at_once_and_keeps_what_has_arrived(model_server: ModelServer, tmp_path: Path) -> None:
    make_pictures(tmp_path / "p", 40)
    model_server.configure(latency=0.02)
    # From the 21st question on nothing is answered any more.
    running = start(*SLOW_OPERATOR, "--api-url", model_server.url, cwd=tmp_path)
    while model_server.stats()["delivered"] < 10:
        assert running.poll() is None
        time.sleep(0.005)
    model_server.configure(latency=3600.0)
    while model_server.stats()["in_flight"] < 8:
        assert running.poll() is None
        time.sleep(0.005)
    running.send_signal(signal.SIGINT)
    time.sleep(0.5)
    assert running.poll() is None  # what is at the endpoint is waited for
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=HANGING)
    # on a machine too busy to end in order within its time, the kernel ends it
    assert running.returncode in (130, -signal.SIGALRM) and b"Traceback" not in said
    db = sqlite3.connect(tmp_path / "outputs/image_vqa/ledger.sqlite")
    assert db.execute("SELECT count(*) FROM answers").fetchone() == (model_server.stats()["delivered"],)
    db.close()
    model_server.configure(latency=0.0)
    assert dataflow(*SLOW_OPERATOR, "--api-url", model_server.url, cwd=tmp_path).returncode == 0
    assert model_server.stats()["asked_again"] == 0


FULL = """
import resource, signal, sys
from pathlib import Path
from tests.engine import test_in_flight as here

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
class Endpoint:
    url = sys.argv[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
here.ask(here.serving_at(Endpoint(), max_workers=4), [f"{n}" * 200 for n in range(400)], Path(sys.argv[2]))
"""


def test_a_full_disk_ends_the_run_when_what_is_in_flight_has_come_in(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.configure(latency=0.01)
    command = [sys.executable, "-c", FULL, model_server.url, str(tmp_path)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=HANGING)
    assert done.returncode == 1 and "ledger.sqlite" in done.stderr.splitlines()[-1]
    stats = model_server.stats()
    assert stats["in_flight"] == 0 and stats["delivered"] == stats["requests"] < 400
    assert orjson.loads((tmp_path / "run.json").read_bytes())["state"] == "failed"
    before = stats["requests"]
    assert ask(serving_at(model_server), [f"{n}" * 200 for n in range(400)], tmp_path).counts.written == 400
    assert model_server.stats()["requests"] >= 400 > before
