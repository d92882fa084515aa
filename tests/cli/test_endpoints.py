"""`dataflow run` against endpoints that die, come back, were never there or answer nobody."""

from __future__ import annotations

import os
import signal
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.cli.questions import OUTPUT, answers, ask, questions, words
from tests.commands import HANGING, dataflow, start
from tests.servers import ModelServer, start_server


def test_an_endpoint_that_answers_nothing_ends_the_run_with_one_line(model_server: ModelServer, tmp_path: Path) -> None:
    questions(tmp_path, 60)
    model_server.configure(faults={"hang": 1.0})
    said = ask(model_server, tmp_path, "--timeout", "0.5", expect=4)
    assert "did not answer within 0.5 s" in said and len(said.strip().splitlines()) == 1
    assert model_server.stats()["requests"] <= 64 + 20


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"expected_key": "right"}, ["DF_API_KEY", "401"]),
        ({"models": ["another"]}, ["'stub'", "404"]),
        ({"fail_first": 10_000, "fail_with": "quota"}, ["quota"]),
        ({"fail_first": 10_000, "fail_with": "403"}, ["403"]),
        ({"fail_first": 10_000, "fail_with": "402"}, ["402"]),
    ],
)
def test_what_no_request_can_pass_stops_the_run_at_once_with_one_line(
    model_server: ModelServer, tmp_path: Path, config: dict[str, Any], said: list[str]
) -> None:
    questions(tmp_path, 1000)
    model_server.configure(**config)
    line = ask(model_server, tmp_path, expect=4)
    assert len(line.strip().splitlines()) == 1
    assert all(word in line for word in said)
    assert model_server.stats()["requests"] <= 64  # what may be in flight, where the first answer is slow to come
    assert not (tmp_path / OUTPUT).exists()


def test_ten_thousand_requests_that_fail_alike_cost_twenty(model_server: ModelServer, tmp_path: Path) -> None:
    questions(tmp_path, 10_000)
    model_server.configure(refuse_params=["temperature"])
    said = ask(model_server, tmp_path, "--temperature", "0.5", expect=4)
    assert "'temperature' does not support this value" in said and len(said.strip().splitlines()) == 1
    assert model_server.stats()["requests"] <= 20


def test_three_endpoints_of_which_one_dies_and_returns_answer_everything(tmp_path: Path) -> None:
    questions(tmp_path, 1200)
    with ExitStack() as stack:
        mortal, *others = (stack.enter_context(start_server(latency=0.05)) for _ in range(3))
        running = start(*words(mortal, *others, more=("--max-workers", "12")), cwd=tmp_path)
        while mortal.stats()["delivered"] < 40:
            assert running.poll() is None
            time.sleep(0.02)
        os.kill(mortal.pid, signal.SIGKILL)
        seen = sum(server.stats()["delivered"] for server in others)
        while sum(server.stats()["delivered"] for server in others) < seen + 40:
            time.sleep(0.02)
        for server in others:  # so that they leave something to the one that returns, however late that is
            server.configure(latency=5.0)
        returned = stack.enter_context(start_server(port=mortal.port, latency=0.05))
        while returned.stats()["delivered"] < 20:
            assert running.poll() is None
            time.sleep(0.02)
        for server in others:
            server.configure(latency=0.05)
        assert running.wait(timeout=HANGING) == 0
        assert len(answers(tmp_path)) == 1200
        assert sum(server.stats()["paid_twice"] for server in (*others, returned)) == 0


def test_an_endpoint_that_was_never_there_is_left_out(model_server: ModelServer, tmp_path: Path) -> None:
    with start_server() as gone:
        pass
    questions(tmp_path, 200)
    model_server.configure(latency=0.05)
    done = dataflow(*words(gone, model_server), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(answers(tmp_path)) == 200
    assert model_server.stats()["paid_twice"] == 0


def test_no_endpoint_at_all_ends_the_run_with_one_line(tmp_path: Path) -> None:
    with start_server() as gone:
        pass
    questions(tmp_path, 100)
    said = ask(gone, tmp_path, expect=4)
    assert gone.root in said and len(said.strip().splitlines()) == 1
