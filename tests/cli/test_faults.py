"""`dataflow run` against an endpoint that throttles, drops, lies, hangs, dies and comes back."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.commands import dataflow, read_jsonl, start, write_jsonl
from tests.pictures import make_pictures
from tests.servers import ModelServer, start_server

OUTPUT = "outputs/image_vqa/image_vqa_step1.jsonl"
FAILURES = "outputs/image_vqa/image_vqa_step1.failures.jsonl"
TRACE = "outputs/image_vqa/image_vqa_step1.trace.jsonl"


def questions(folder: Path, count: int) -> None:
    """A dataset of so many different questions about one picture."""
    make_pictures(folder, 1)
    rows = [
        {"image": "p0.jpg", "conversation": [{"from": "human", "value": f"Question {number} of many?"}]}
        for number in range(count)
    ]
    write_jsonl(folder / "in.jsonl", rows)


def words(*servers: ModelServer, more: tuple[str | Path, ...] = ()) -> list[str | Path]:
    addresses = [word for server in servers for word in ("--api-url", server.url)]
    return ["run", "image_vqa", "--input", "in.jsonl", "--model", "openai/stub", *addresses, "-q", *more]


def ask(server: ModelServer, folder: Path, *more: str | Path, expect: int = 0) -> str:
    """Run, check the exit code, and give what was said."""
    done = dataflow(*words(server, more=more), cwd=folder)
    assert done.returncode == expect, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def answers(folder: Path) -> list[str]:
    """The answers in the output, after a look that each row has one of its own."""
    rows = read_jsonl(folder / OUTPUT)
    texts = [row["vqa"] for row in rows]
    assert all("echo of stub: 1 images" in text for text in texts)
    assert len(set(texts)) == len(texts)
    return texts


def faulty(server: ModelServer) -> Counter[str]:
    return Counter(server.stats()["statuses"])


def test_errors_throttling_drops_and_torn_bodies_cost_no_record_and_none_is_paid_twice(
    model_server: ModelServer, tmp_path: Path
) -> None:
    questions(tmp_path, 300)
    faults = {"500": 0.05, "429": 0.05, "drop": 0.01, "torn": 0.01}
    model_server.configure(latency=0.04, latency_sigma=0.5, retry_after_s=0.2, faults=faults)
    ask(model_server, tmp_path)
    assert len(answers(tmp_path)) == 300
    assert not (tmp_path / FAILURES).exists()
    stats, statuses = model_server.stats(), faulty(model_server)
    assert (stats["distinct"], stats["paid_twice"], stats["asked_again"], statuses["200"]) == (300, 0, 0, 300)
    assert all(statuses[fault] > 0 for fault in faults)


def test_random_refusals_cost_one_more_request_each(model_server: ModelServer, tmp_path: Path) -> None:
    # That they do not shrink what is in flight is told by the tests of the lane, in simulated time.
    questions(tmp_path, 500)
    model_server.configure(latency=0.05, gather={".": 32}, faults={"429": 0.05}, retry_after_s=0.2)
    ask(model_server, tmp_path, "--max-workers", "32")
    stats = model_server.stats()
    assert stats["delivered"] == 500 and stats["paid_twice"] == 0 and stats["refusals"] > 8
    assert stats["requests"] == 500 + stats["refusals"] and stats["peak_in_flight"] == 32


def test_missing_and_broken_images_are_set_aside_and_never_sent(model_server: ModelServer, tmp_path: Path) -> None:
    pictures = make_pictures(tmp_path / "p", 100)
    bad = {11: None, 22: b"", 33: b"no picture", 44: pictures[44].read_bytes()[:150]}
    for number, content in bad.items():
        pictures[number].unlink() if content is None else pictures[number].write_bytes(content)
    write_jsonl(tmp_path / "in.jsonl", [{"image": f"p/{picture.name}"} for picture in pictures])
    ask(model_server, tmp_path, expect=3)
    assert len(answers(tmp_path)) == 96
    failures = read_jsonl(tmp_path / FAILURES)
    assert [(failure["id"], failure["kind"]) for failure in failures] == [(n + 1, "media") for n in bad]
    assert model_server.stats()["requests"] == 96


def test_a_rate_limit_is_kept_by_its_headers_with_hardly_a_refusal(model_server: ModelServer, tmp_path: Path) -> None:
    questions(tmp_path, 400)
    model_server.configure(requests_per_second=100)
    ask(model_server, tmp_path)
    stats = model_server.stats()
    assert stats["delivered"] == 400 and stats["refusals"] <= 10


def test_a_limit_on_what_is_in_flight_is_found_and_kept(model_server: ModelServer, tmp_path: Path) -> None:
    questions(tmp_path, 150)
    model_server.configure(latency=0.1, max_in_flight=8, retry_after_s=0.2)
    ask(model_server, tmp_path)
    stats = model_server.stats()
    assert stats["delivered"] == 150 and stats["paid_twice"] == 0
    assert stats["refusals"] < 150


def test_requests_that_are_never_answered_are_asked_again(model_server: ModelServer, tmp_path: Path) -> None:
    questions(tmp_path, 200)
    model_server.configure(faults={"hang": 0.02})
    ask(model_server, tmp_path, "--timeout", "1")
    assert len(answers(tmp_path)) == 200
    log = model_server.requests()
    hung = {request["digest"] for request in log if request["outcome"] == "closed"}
    assert 0 < len(hung) < 20
    assert {request["digest"] for request in log if request["outcome"] == "200"} > hung


def test_a_request_that_hangs_keeps_no_other_waiting(model_server: ModelServer, tmp_path: Path) -> None:
    questions(tmp_path, 60)
    model_server.configure(hang_nth=1)
    running = start(*words(model_server, more=("--max-workers", "2")), cwd=tmp_path)
    while model_server.stats()["delivered"] < 59:
        assert running.poll() is None
        time.sleep(0.02)
    assert model_server.release() == 1
    assert running.wait(timeout=120) == 0
    assert len(answers(tmp_path)) == 60


def test_an_endpoint_that_answers_nothing_ends_the_run_with_one_line(model_server: ModelServer, tmp_path: Path) -> None:
    questions(tmp_path, 60)
    model_server.configure(faults={"hang": 1.0})
    said = ask(model_server, tmp_path, "--timeout", "0.5", expect=4)
    assert "did not answer within 0.5 s" in said and len(said.strip().splitlines()) == 1
    assert model_server.stats()["requests"] <= 64 + 20


def test_few_requests_that_are_never_answered_end_by_patience(model_server: ModelServer, tmp_path: Path) -> None:
    questions(tmp_path, 5)
    model_server.configure(faults={"hang": 1.0})
    ask(model_server, tmp_path, "--timeout", "0.3", "--patience", "0.5", expect=3)
    failures = read_jsonl(tmp_path / FAILURES)
    assert {failure["kind"] for failure in failures} == {"request"} and len(failures) == 5
    assert all("did not answer within 0.3 s" in failure["message"] for failure in failures)
    model_server.configure(faults={})
    ask(model_server, tmp_path)
    assert len(answers(tmp_path)) == 5 and not (tmp_path / FAILURES).exists()


@pytest.mark.parametrize("fault", ["500", "429", "torn", "not_json", "empty", "drop"])
def test_patience_used_up_is_a_failure_with_the_last_reason_and_the_next_run_asks_again(
    model_server: ModelServer, tmp_path: Path, fault: str
) -> None:
    reasons = {
        "500": "500 The server had an error",
        "429": "429 Rate limit reached",
        "torn": "broke",
        "not_json": "no chat completion",
        "empty": "empty answer",
        "drop": "broke",
    }
    questions(tmp_path, 12)
    model_server.configure(fail_on={"Question 7 ": fault}, retry_after="none")
    ask(model_server, tmp_path, "--patience", "1", expect=3)
    (failure,) = read_jsonl(tmp_path / FAILURES)
    assert (failure["id"], failure["kind"]) == (8, "request")
    assert "gave up" in failure["message"] and reasons[fault] in failure["message"]
    assert model_server.stats()["requests"] > 12
    model_server.configure(fail_on={})
    model_server.reset()
    ask(model_server, tmp_path)
    assert model_server.stats()["requests"] == 1 and len(answers(tmp_path)) == 12


def test_a_400_is_not_asked_again(model_server: ModelServer, tmp_path: Path) -> None:
    questions(tmp_path, 12)
    model_server.configure(fail_on={"Question 7 ": "context"})
    ask(model_server, tmp_path, expect=3)
    (failure,) = read_jsonl(tmp_path / FAILURES)
    assert (failure["id"], failure["kind"]) == (8, "request") and "maximum context length" in failure["message"]
    assert model_server.stats()["requests"] == 12


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


def test_max_tokens_is_called_otherwise_where_the_endpoint_says_so_and_that_is_remembered(
    model_server: ModelServer, tmp_path: Path
) -> None:
    questions(tmp_path, 100)
    model_server.configure(refuse_params=["max_tokens"], latency=0.05)
    ask(model_server, tmp_path, "--max-tokens", "50", "--max-workers", "8")
    assert len(answers(tmp_path)) == 100
    statuses = faulty(model_server)
    assert statuses["200"] == 100 and 1 <= statuses["400"] <= 8 + 8 // 2 + 8  # those in flight or ready by then
    answered = [request["params"] for request in model_server.requests() if request["outcome"] == "200"]
    assert all(params == {"max_completion_tokens": 50} for params in answered)


def test_connections_that_are_reset_after_a_500_cost_no_record(model_server: ModelServer, tmp_path: Path) -> None:
    questions(tmp_path, 100)
    model_server.configure(faults={"500": 0.08}, reset_after_500=True)
    ask(model_server, tmp_path, "--max-workers", "4")
    assert len(answers(tmp_path)) == 100
    statuses = faulty(model_server)
    assert statuses["500"] > 3 and statuses["reset"] > 3 and statuses["200"] == 100
    assert model_server.stats()["paid_twice"] == 0


@pytest.mark.parametrize(("form", "seconds"), [("seconds", 1.0), ("date", 1.0)])
def test_retry_after_holds_back_the_refused_request_alone(
    model_server: ModelServer, tmp_path: Path, form: str, seconds: float
) -> None:
    questions(tmp_path, 100)
    model_server.configure(latency=0.02, faults={"429": 0.05}, retry_after=form, retry_after_s=seconds, seed=3)
    ask(model_server, tmp_path, "--max-workers", "8")
    log = model_server.requests()
    refused = {r["digest"]: r["out"] for r in log if r["outcome"] == "429" and r["attempt"] == 0}
    again = {r["digest"]: r["in"] for r in log if r["attempt"] == 1}
    assert len(refused) >= 2 and again.keys() == refused.keys()
    assert all(again[digest] - out >= seconds - 0.05 for digest, out in refused.items())
    others = [r["out"] for r in log if r["digest"] not in refused]
    first = min(refused.values())
    assert any(first < out < min(again.values()) for out in others)


@pytest.mark.parametrize("where", ["reasoning_content", "reasoning", "think"])
def test_reasoning_is_kept_apart_from_the_answer(model_server: ModelServer, tmp_path: Path, where: str) -> None:
    questions(tmp_path, 3)
    model_server.configure(reasoning=where)
    ask(model_server, tmp_path)
    assert len(answers(tmp_path)) == 3
    assert {line["reasoning"] for line in read_jsonl(tmp_path / TRACE)} == {
        "The user wants to know what is shown. I look at it first."
    }


def test_an_answer_that_the_token_limit_cut_is_asked_for_once_more_and_then_set_aside_with_the_cure(
    model_server: ModelServer, tmp_path: Path
) -> None:
    questions(tmp_path, 3)
    model_server.configure(fail_on={"Question 1 ": "length"})
    ask(model_server, tmp_path, expect=3)
    assert len(answers(tmp_path)) == 2 and model_server.stats()["requests"] == 4
    (failure,) = read_jsonl(tmp_path / OUTPUT.replace(".jsonl", ".failures.jsonl"))
    assert (failure["id"], failure["kind"]) == (2, "cut_off") and "raise --max-tokens" in failure["message"]
    assert failure["raw"].startswith("echo of stub")
    first, again = (request for request in model_server.requests() if "Question 1 " in str(request["messages"]))
    assert again["messages"][: len(first["messages"])] == first["messages"]
    said, told = again["messages"][-2:]
    assert said["content"] == failure["raw"] and "half as many words" in told["content"]


def test_an_answer_that_the_token_limit_cut_is_kept_on_request_and_its_row_says_so(
    model_server: ModelServer, tmp_path: Path
) -> None:
    questions(tmp_path, 3)
    model_server.configure(fail_on={"Question 1 ": "length"})
    ask(model_server, tmp_path, "--set", "keep_cut_off=true")
    rows = read_jsonl(tmp_path / OUTPUT)
    assert len(rows) == 3 and len(rows[1]["vqa"]) < len(rows[0]["vqa"]) < 2 * len(rows[1]["vqa"]) + 2
    assert [row.get("vqa_status") for row in rows] == [None, "cut off by the token limit", None]
    assert [line.get("truncated") for line in read_jsonl(tmp_path / TRACE)] == [None, True, None]
    assert model_server.stats()["requests"] == 3


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
        returned = stack.enter_context(start_server(port=mortal.port, latency=0.05))
        assert running.wait(timeout=200) == 0
        assert len(answers(tmp_path)) == 1200
        assert returned.stats()["delivered"] > 20
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


def test_requests_per_minute_are_kept(model_server: ModelServer, tmp_path: Path) -> None:
    questions(tmp_path, 60)
    ask(model_server, tmp_path, "--requests-per-minute", "1200")
    came = [request["in"] for request in model_server.requests()]
    # At 20 a second 60 take three seconds, and no load makes them quicker; a first one that came late makes it less.
    assert len(came) == 60 and max(came) - min(came) > 1.5


def test_tokens_per_minute_are_kept(model_server: ModelServer, tmp_path: Path) -> None:
    questions(tmp_path, 60)
    ask(model_server, tmp_path, "--tokens-per-minute", "120000", "--max-workers", "4")
    stats = model_server.stats()
    assert stats["delivered"] == 60
    came = [request["in"] for request in model_server.requests()]
    seconds = (stats["prompt_tokens"] + stats["completion_tokens"]) / 2000
    assert seconds > 3 and max(came) - min(came) > seconds / 2


def test_killed_at_half_with_64_in_flight_hardly_a_delivered_answer_is_asked_again(
    model_server: ModelServer, tmp_path: Path
) -> None:
    questions(tmp_path, 600)
    model_server.configure(latency=0.4, latency_sigma=0.5)
    killed = start(*words(model_server), cwd=tmp_path)
    while model_server.stats()["delivered"] < 300:
        assert killed.poll() is None
        time.sleep(0.01)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
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
