"""The signals by which schedulers, terminals and people end a run."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from tests.cli.held import hold, release_to_the_end, release_until
from tests.cli.questions import questions
from tests.commands import dataflow, read_jsonl, start
from tests.servers import ModelServer


def words(server: ModelServer) -> list[str | Path]:
    serving = ["--model", "openai/stub", "--api-url", server.url, "--max-workers", "8"]
    return ["run", "image_vqa", "--input", "in.jsonl", "--prefix", "p", "--output", "out", *serving]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_lets_what_is_in_flight_come_in_and_the_next_run_asks_none_of_it_again(
    model_server: ModelServer, tmp_path: Path, number: signal.Signals
) -> None:
    questions(tmp_path, 200)
    hold(model_server)
    running = start(*words(model_server), cwd=tmp_path)
    release_until(model_server, running, lambda: model_server.stats()["requests"] >= 20)
    running.send_signal(number)
    assert release_to_the_end(model_server, running) == 128 + number
    stats = model_server.stats()
    assert stats["requests"] < 200
    manifest = orjson.loads((tmp_path / "out/run.json").read_bytes())
    assert manifest["state"] == "stopped"
    assert manifest["counts"]["requests"] == stats["requests"] == stats["delivered"]
    model_server.configure(fail_on={})
    assert dataflow(*words(model_server), cwd=tmp_path).returncode == 0
    assert len(read_jsonl(tmp_path / "out/p_step1.jsonl")) == 200
    assert model_server.stats()["asked_again"] == 0
    assert not [path.name for path in (tmp_path / "out").iterdir() if path.name.startswith(".")]


def test_a_run_that_is_told_to_ignore_hangups_goes_on(model_server: ModelServer, tmp_path: Path) -> None:
    questions(tmp_path, 40)
    hold(model_server)
    running = start(*words(model_server), cwd=tmp_path, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    release_until(model_server, running, lambda: model_server.stats()["requests"] >= 10)
    running.send_signal(signal.SIGHUP)
    assert release_to_the_end(model_server, running) == 0
    assert len(read_jsonl(tmp_path / "out/p_step1.jsonl")) == 40


STUBBORN = """
import signal, sys, threading, time
from dataflow.core.stop_signals import heard

def never():
    while True:
        time.sleep(60)

with heard(own_process=True):
    threading.Thread(target=never).start()  # which the interpreter would wait for
    while True:
        try:
            print("ready", flush=True)
            time.sleep(60)
        except KeyboardInterrupt as pressed:
            print(pressed, flush=True)
"""


def test_the_second_signal_ends_a_command_whatever_its_threads_do() -> None:
    with subprocess.Popen([sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        for number in (signal.SIGTERM, signal.SIGINT):
            running.send_signal(number)
            assert running.stdout.readline() == f"{number.name}\n"
            assert running.stdout.readline() == "ready\n"
        assert running.wait(timeout=120) in (130, -signal.SIGALRM)


def test_a_signal_before_anything_is_asked_is_said_and_ends_with_its_own_code(tmp_path: Path) -> None:
    running = start("run", "image_vqa", "--input", "-", cwd=tmp_path, stdin=subprocess.PIPE)
    assert running.stderr is not None
    while b"standard input" not in running.stderr.readline():
        assert running.poll() is None
    running.send_signal(signal.SIGTERM)
    assert running.wait(timeout=120) == 128 + signal.SIGTERM
    assert b"error: interrupted by SIGTERM; the same command goes on" in running.stderr.read()
