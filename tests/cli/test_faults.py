"""`dataflow run` against an endpoint that throttles, drops, lies, hangs, dies and comes back."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.cli.questions import FAILURES, OUTPUT, TRACE, answers, ask, faulty, questions, words
from tests.commands import read_jsonl, start, write_jsonl
from tests.pictures import make_pictures
from tests.servers import ModelServer


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


def test_requests_that_are_never_answered_are_asked_again(model_server: ModelServer, tmp_path: Path) -> None:
    questions(tmp_path, 200)
    model_server.configure(faults={"hang": 0.02})
    ask(model_server, tmp_path, "--timeout", "1")
    assert len(answers(tmp_path)) == 200
    log = model_server.requests()
    # Those that the endpoint hung; on a busy machine the client gives up on others, too.
    first = [request for request in log if request["attempt"] == 0 and request["fault"] == "hang"]
    hung = {request["digest"] for request in first}
    assert 0 < len(hung) < 20
    assert {request["outcome"] for request in first} == {"closed"}
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
