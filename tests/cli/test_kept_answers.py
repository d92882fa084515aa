"""What was answered is kept: through a kill, an interrupt and a full disk, shared by processes, and with no secret."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import orjson
import pytest

from tests.cli.questions import answers, ask, questions, words
from tests.commands import dataflow, start
from tests.scripted_server import scripted
from tests.servers import ModelServer


def test_killed_at_half_with_64_in_flight_hardly_a_delivered_answer_is_asked_again(
    model_server: ModelServer, tmp_path: Path
) -> None:
    questions(tmp_path, 600)
    model_server.configure(latency=0.4, latency_sigma=0.5, hang_nth=400)  # so that it is not through when it is killed
    killed = start(*words(model_server), cwd=tmp_path)
    while model_server.stats()["delivered"] < 300:
        assert killed.poll() is None
        time.sleep(0.01)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    model_server.configure(hang_nth=0)
    time.sleep(0.3)
    delivered = model_server.stats()["delivered"]
    ask(model_server, tmp_path)
    assert len(answers(tmp_path)) == 600
    stats = model_server.stats()
    # Mostly 0 to 3 (benchmarks/throughput.py); all that was in flight where the process had no time to read it.
    assert stats["requests"] <= 600 + 2 * 64
    assert stats["asked_again"] <= 64 < delivered


def test_interrupted_while_all_is_refused_it_does_not_wait_for_better_times(
    model_server: ModelServer, tmp_path: Path
) -> None:
    questions(tmp_path, 100)
    model_server.configure(fail_first=10_000, fail_with="429", retry_after_s=300)
    running = start(*words(model_server), cwd=tmp_path)
    while model_server.stats()["refusals"] < 20:
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    assert running.wait(timeout=120) == 130  # of the 300 that the endpoint asks for


def test_a_full_disk_under_the_ledger_costs_no_answer_that_was_saved(model_server: ModelServer, tmp_path: Path) -> None:
    import resource

    def small_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))

    questions(tmp_path, 400)
    model_server.configure(latency=0.02)
    done = dataflow(*words(model_server, more=("--max-workers", "8")), cwd=tmp_path, preexec_fn=small_files)
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert "ledger.sqlite" in line and "run again" in line
    before = model_server.stats()["requests"]
    assert 20 < before < 400
    ask(model_server, tmp_path)
    assert len(answers(tmp_path)) == 400
    assert model_server.stats()["asked_again"] <= 3 * 8  # what was in flight, and what came before all had heard of it


def test_two_processes_share_a_ledger_at_once_and_a_third_asks_nothing(
    model_server: ModelServer, tmp_path: Path
) -> None:
    questions(tmp_path, 200)
    model_server.configure(latency=0.05)
    share = ("--ledger", "shared.sqlite", "--max-workers", "16")
    both = [start(*words(model_server, more=(*share, "--output", name)), cwd=tmp_path) for name in ("one", "two")]
    for process in both:
        assert process.wait(timeout=200) == 0, process.stderr.read() if process.stderr else ""
    asked = model_server.stats()["requests"]
    assert 200 <= asked <= 400
    third = dataflow(*words(model_server, more=(*share, "--output", "three")), cwd=tmp_path)
    assert third.returncode == 0, third.stderr
    assert model_server.stats()["requests"] == asked
    name = "image_vqa_step1.jsonl"
    assert len({(tmp_path / folder / name).read_bytes() for folder in ("one", "two", "three")}) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"this was a ledger once " * 500, "move it aside"), (None, "choose another place with --ledger")],
)
def test_a_ledger_that_cannot_be_used_is_one_line_before_anything_is_asked(
    model_server: ModelServer, tmp_path: Path, content: bytes | None, said: str
) -> None:
    questions(tmp_path, 5)
    ledger = tmp_path / "l.sqlite"
    ledger.mkdir() if content is None else ledger.write_bytes(content)
    line = ask(model_server, tmp_path, "--ledger", "l.sqlite", expect=1)
    assert said in line and len(line.strip().splitlines()) == 1
    assert model_server.stats()["requests"] == 0
    assert content is None or ledger.read_bytes() == content


def test_the_secrets_of_a_run_are_in_none_of_its_files(model_server: ModelServer, tmp_path: Path) -> None:
    questions(tmp_path, 12)
    model_server.configure(fail_on={"Question 7 ": "500", "Question 8 ": "drop", "Question 9 ": "context"})
    secret = model_server.url.replace("http://", "http://maria:hunter2@") + "?token=hunter3"
    for address in (["--api-url", secret], [f"--api-url={secret}"]):
        command = ["run", "image_vqa", "--input", "in.jsonl", "--model", "openai/stub", *address, "--patience", "0.3"]
        done = dataflow(*command, cwd=tmp_path, env={"DF_API_KEY": "sk-verysecret"})
        assert done.returncode == 3, done.stderr
        kept = b"".join(path.read_bytes() for path in (tmp_path / "outputs").rglob("*") if path.is_file())
        for word in ("hunter2", "hunter3", "sk-verysecret"):
            assert word.encode() not in kept and word not in done.stderr
    manifest = orjson.loads((tmp_path / "outputs/image_vqa/run.json").read_bytes())
    assert any(model_server.url in word for word in manifest["command"])


@pytest.mark.parametrize(("status", "code"), [(200, 0), (400, 3), (401, 4)])
def test_a_key_that_an_endpoint_sends_back_stands_in_no_file_of_a_run_and_not_on_the_terminal(
    tmp_path: Path, status: int, code: int
) -> None:
    questions(tmp_path, 2)
    key = "sk-0123456789abcdef"
    answer = {"choices": [{"message": {"content": f"A cat called {key}."}, "finish_reason": "stop"}], "model": key}
    refusal = {"error": {"message": f"Bearer {key} is {key}", "code": key}}
    body = orjson.dumps(answer if status == 200 else refusal).decode()
    with scripted(tmp_path, {"*": {"status": status, "body": body}}) as server:
        command = ["run", "image_vqa", "-i", "in.jsonl", "--model", "openai/stub", "--api-url", f"{server.root}/v1"]
        done = dataflow(*command, cwd=tmp_path, env={"DF_API_KEY": key})
        assert any(key in str(entry["headers"]) for entry in server.log()), "it was never sent"
    assert done.returncode == code, done.stderr
    kept = {path: path.read_bytes() for path in (tmp_path / "outputs").rglob("*") if path.is_file()}
    assert any(path.name == "run.json" for path in kept)
    assert [path for path, content in kept.items() if key.encode() in content] == []
    assert key not in done.stdout + done.stderr
