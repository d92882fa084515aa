"""Nobody's questions are orphans: however a run or an operator ends, every answer that an endpoint delivered is in the
ledger. Fifty random schedules of latencies, failures and stops for each way to end."""

from __future__ import annotations

import contextlib
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from dataflow import Operator, Pipeline, RunOptions
from dataflow.core import DataFlowError
from dataflow.engine.budget import Caps
from dataflow.engine.prices import Price
from tests.commands import environment
from tests.engine.questions import serving_at
from tests.engine.rude_operators import Cancels, FailsAtOneChild, FansOut, GathersWithAFailingChild, Rude
from tests.servers import ModelServer, start_server

SCHEDULES = 50
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def endpoint() -> Iterator[ModelServer]:
    with start_server(latency=0.004, latency_sigma=1.0) as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: it is the order of events that is tested here, and not the disk."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as name:
        yield Path(name)


def samples(draw: random.Random, schedule: int) -> list[dict[str, Any]]:
    """Two to five samples with two to six questions each, none twice."""
    return [
        {"texts": [f"Question {schedule}.{place}.{number}?" for number in range(draw.randint(2, 6))]}
        for place in range(draw.randint(2, 5))
    ]


def kept(folder: Path) -> int:
    """How many answers the ledger holds."""
    db = sqlite3.connect(folder / "ledger.sqlite")
    (count,) = db.execute("SELECT count(*) FROM answers").fetchone()
    db.close()
    return int(count)


def run(steps: Sequence[Operator], rows: list[dict[str, Any]], folder: Path, caps: Caps = Caps()) -> None:  # noqa: B008
    """Run to whatever end there is."""
    with contextlib.suppress(DataFlowError):
        Pipeline(steps).run(rows, folder, prefix="p", options=RunOptions(quiet=True, caps=caps))


def check_every_schedule(endpoint: ModelServer, folder: Path, one_run: Any) -> None:
    """Each time: what was delivered is in the ledger, and a well-behaved run asks none of it again."""
    asked = 0
    for schedule in range(SCHEDULES):
        draw = random.Random(schedule)
        endpoint.reset()
        rows = samples(draw, schedule)
        here = folder / str(schedule)
        one_run(draw, rows, here)
        stats = endpoint.stats()
        assert kept(here) == stats["delivered"], f"schedule {schedule}"
        assert stats["in_flight"] == 0, f"schedule {schedule}"
        asked += stats["delivered"]
        run([Rude(serving_at(endpoint), draw)], rows, here)
        again = endpoint.stats()
        assert again["asked_again"] == 0 and kept(here) == again["delivered"], f"schedule {schedule}"
    assert asked > SCHEDULES


def test_a_gather_with_a_failing_child(endpoint: ModelServer, folder: Path) -> None:
    def one_run(draw: random.Random, rows: list[dict[str, Any]], folder: Path) -> None:
        serving = serving_at(endpoint, max_workers=draw.randint(1, 12))
        run([GathersWithAFailingChild(serving, draw)], rows, folder)

    check_every_schedule(endpoint, folder, one_run)


def test_questions_that_are_cancelled(endpoint: ModelServer, folder: Path) -> None:
    def one_run(draw: random.Random, rows: list[dict[str, Any]], folder: Path) -> None:
        run([Cancels(serving_at(endpoint, max_workers=draw.randint(1, 12)), draw)], rows, folder)

    check_every_schedule(endpoint, folder, one_run)


def test_a_fan_out_with_a_failing_child(endpoint: ModelServer, folder: Path) -> None:
    def one_run(draw: random.Random, rows: list[dict[str, Any]], folder: Path) -> None:
        serving = serving_at(endpoint, max_workers=draw.randint(1, 12))
        run([FansOut(), FailsAtOneChild(serving, draw)], rows, folder)

    check_every_schedule(endpoint, folder, one_run)


def test_a_spent_cap(endpoint: ModelServer, folder: Path) -> None:
    def one_run(draw: random.Random, rows: list[dict[str, Any]], folder: Path) -> None:
        amount = draw.randint(1, 12)
        caps = [Caps(requests=amount), Caps(tokens=20 * amount), Caps(cost=20.0 * amount, price=Price(1e6, 1e6))]
        serving = serving_at(endpoint, max_workers=draw.randint(1, 12))
        run([Rude(serving, draw)], rows, folder, draw.choice(caps))

    check_every_schedule(endpoint, folder, one_run)


def test_a_fatal_error(endpoint: ModelServer, folder: Path) -> None:
    def one_run(draw: random.Random, rows: list[dict[str, Any]], folder: Path) -> None:
        fatal = [text for row in rows for text in row["texts"]]
        endpoint.configure(fail_on={f"{draw.choice(fatal)}": "401", "nobody asks": "404"})
        serving = serving_at(endpoint, max_workers=draw.randint(1, 12))
        run([Rude(serving, draw)], rows, folder)
        endpoint.configure(fail_on={})

    check_every_schedule(endpoint, folder, one_run)


INTERRUPTED = """
import random, sys, time
from pathlib import Path
from dataflow.core import Interrupted
from tests.engine import test_orphans as here

class Endpoint:
    url = sys.argv[1]

for schedule in range(here.SCHEDULES):
    sys.stdin.readline()
    draw = random.Random(schedule)
    rows = here.samples(draw, schedule)
    serving = here.serving_at(Endpoint(), max_workers=draw.randint(1, 12))
    folder = Path(sys.argv[2]) / str(schedule)
    try:
        here.Pipeline([here.Rude(serving, draw)]).run(rows, folder, prefix="p", options=here.RunOptions(quiet=True))
        time.sleep(60)  # it was done before the signal came
    except (Interrupted, KeyboardInterrupt):
        pass
    print("ended", flush=True)
"""


def test_ctrl_c(endpoint: ModelServer, folder: Path) -> None:
    command = [sys.executable, "-c", INTERRUPTED, endpoint.url, str(folder)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, env=environment(), text=True, **pipes) as process:

        def one_run(draw: random.Random, rows: list[dict[str, Any]], folder: Path) -> None:
            assert process.stdin is not None and process.stdout is not None
            process.stdin.write("\n")
            process.stdin.flush()
            while not endpoint.stats()["requests"]:  # before that, nothing is there to be interrupted
                assert process.poll() is None
                time.sleep(0.001)
            time.sleep(draw.uniform(0, 0.01))
            process.send_signal(signal.SIGINT)
            assert process.stdout.readline() == "ended\n"

        check_every_schedule(endpoint, folder, one_run)
        process.communicate(timeout=60)
