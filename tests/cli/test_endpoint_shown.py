"""`dataflow run` against an endpoint that has answered, and then refuses: one request, all, or for an hour."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.cli.test_faults import FAILURES, OUTPUT, answers, ask, faulty, questions, words
from tests.commands import dataflow, python, read_jsonl
from tests.servers import ModelServer

COUNT = 40


def run_json(server: ModelServer, folder: Path, *more: str, expect: int) -> dict[str, Any]:
    """Run, and give the manifest."""
    ask(server, folder, *more, expect=expect)
    manifest: dict[str, Any] = orjson.loads((folder / "outputs/image_vqa/run.json").read_bytes())
    return manifest


def spent_is_counted(server: ModelServer, manifest: dict[str, Any]) -> None:
    stats, tokens = server.stats(), manifest["tokens"]
    assert (tokens["input"], tokens["output"]) == (stats["prompt_tokens"], stats["completion_tokens"])


@pytest.mark.parametrize(
    ("fault", "kind"), [("403", "request"), ("flagged", "refused"), ("404", "request"), ("402", "request")]
)
@pytest.mark.parametrize("number", [0, 20, COUNT - 1])
def test_one_picture_that_is_refused_fails_alone_wherever_it_stands(
    model_server: ModelServer, tmp_path: Path, fault: str, kind: str, number: int
) -> None:
    if number == 0 and fault in ("402", "404"):
        number = 1  # before anything was answered these end the run: the account or the model is wrong
    questions(tmp_path, COUNT)
    model_server.configure(fail_on={f"Question {number} ": fault}, slow={"Question 1 ": 0.3} if number == 1 else {})
    ask(model_server, tmp_path, "--max-workers", "1" if number == 1 else "4", expect=3)
    (failure,) = read_jsonl(tmp_path / FAILURES)
    assert (failure["id"], failure["kind"]) == (number + 1, kind)
    assert len(answers(tmp_path)) == COUNT - 1
    assert model_server.stats()["requests"] <= COUNT + 2
    ask(model_server, tmp_path, "--max-workers", "4", expect=3)
    assert len(answers(tmp_path)) == COUNT - 1


@pytest.mark.parametrize("fault", ["401", "402", "403", "404", "quota"])
def test_what_refuses_all_after_some_were_answered_stops_the_run_soon_and_fails_nobody(
    model_server: ModelServer, tmp_path: Path, fault: str
) -> None:
    questions(tmp_path, 300)
    model_server.configure(fail_on={r"Question ([3-9]\d|\d\d\d) ": fault})
    line = ask(model_server, tmp_path, "--max-workers", "4", expect=4)
    assert "samples in a row" in line and len(line.strip().splitlines()) == 1
    assert model_server.stats()["requests"] <= 30 + 20 + 8
    assert not (tmp_path / OUTPUT).exists() and not (tmp_path / FAILURES).exists()
    model_server.configure(fail_on={})
    ask(model_server, tmp_path)
    assert len(answers(tmp_path)) == 300
    assert model_server.stats()["paid_twice"] == 0


@pytest.mark.parametrize("fault", ["409", "425", "rate", "coded"])
def test_what_says_later_in_other_words_is_asked_again(model_server: ModelServer, tmp_path: Path, fault: str) -> None:
    questions(tmp_path, COUNT)
    model_server.configure(faults={fault: 0.3}, seed=5)
    manifest = run_json(model_server, tmp_path, expect=0)
    assert len(answers(tmp_path)) == COUNT
    assert faulty(model_server)[fault] > 0
    spent_is_counted(model_server, manifest)


def test_a_wait_of_an_hour_ends_the_run_with_the_time_to_go_on_and_fails_nobody(
    model_server: ModelServer, tmp_path: Path
) -> None:
    questions(tmp_path, 120)
    later = {r"Question ([3-9]\d|\d\d\d) ": "429"}
    model_server.configure(fail_on=later, retry_after_s=3600)
    line = ask(model_server, tmp_path, "--max-workers", "4", expect=4)
    assert "asks to wait until" in line and "(in 60 min)" in line and len(line.strip().splitlines()) == 1
    assert not (tmp_path / FAILURES).exists()
    assert model_server.stats()["requests"] <= 30 + 20 + 8
    model_server.configure(fail_on={})
    ask(model_server, tmp_path)
    assert len(answers(tmp_path)) == 120 and model_server.stats()["paid_twice"] == 0


def test_a_shorter_wait_is_shown_and_is_not_taken_from_the_patience(model_server: ModelServer, tmp_path: Path) -> None:
    questions(tmp_path, 5)
    model_server.configure(fail_first=5, fail_with="429", retry_after_s=12)
    command = [word for word in words(model_server, more=("--patience", "1")) if word != "-q"]
    done = dataflow(*command, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "the endpoint asks to wait until" in done.stderr
    assert len(answers(tmp_path)) == 5


@pytest.mark.parametrize(("fault", "tries", "said"), [("mute", 2, "`reasoning`"), ("empty", 3, "empty answer")])
def test_replies_without_an_answer_are_paid_a_few_times_and_counted(
    model_server: ModelServer, tmp_path: Path, fault: str, tries: int, said: str
) -> None:
    questions(tmp_path, COUNT)
    model_server.configure(fail_on={"Question 7 ": fault})
    manifest = run_json(model_server, tmp_path, expect=3)
    (failure,) = read_jsonl(tmp_path / FAILURES)
    assert f"gave up after {tries} tries" in failure["message"] and said in failure["message"]
    assert model_server.stats()["requests"] == COUNT - 1 + tries
    spent_is_counted(model_server, manifest)


def test_a_cap_on_tokens_sees_replies_that_were_no_answers(model_server: ModelServer, tmp_path: Path) -> None:
    questions(tmp_path, 400)
    model_server.configure(faults={"empty": 0.5})
    manifest = run_json(model_server, tmp_path, "--max-workers", "2", "--max-total-tokens", "3000", expect=4)
    spent_is_counted(model_server, manifest)
    stats = model_server.stats()
    spent = stats["prompt_tokens"] + stats["completion_tokens"]
    assert 3000 <= spent <= 3000 + 4 * spent / stats["requests"]


def test_a_host_name_that_never_was_ends_the_run_with_one_line(tmp_path: Path) -> None:
    questions(tmp_path, 40)
    command = [
        "run",
        "image_vqa",
        "--input",
        "in.jsonl",
        "--model",
        "openai/m",
        "--api-url",
        "http://nowhere.invalid/v1",
    ]
    done = dataflow(*command, "-q", cwd=tmp_path, env={"DF_API_KEY": "k"})
    assert done.returncode == 4
    (line,) = done.stderr.strip().splitlines()
    assert "cannot find the host of http://nowhere.invalid/v1" in line and "check the address" in line


def test_a_dead_name_among_several_endpoints_is_left_out(model_server: ModelServer, tmp_path: Path) -> None:
    questions(tmp_path, 200)
    model_server.configure(latency=0.05)
    dead = ("--api-url", "http://nowhere.invalid/v1")
    done = dataflow(*words(model_server, more=dead), cwd=tmp_path, env={"DF_API_KEY": "k"})
    assert done.returncode == 0, done.stderr
    assert len(answers(tmp_path)) == 200 and model_server.stats()["paid_twice"] == 0


@pytest.mark.parametrize("wanted", ["max_tokens", "max_completion_tokens"])
def test_a_limit_in_extra_body_is_asked_for_twice_at_most_under_either_name(
    model_server: ModelServer, tmp_path: Path, wanted: str
) -> None:
    other = "max_tokens" if wanted == "max_completion_tokens" else "max_completion_tokens"
    model_server.configure(refuse_params=[other])
    code = (
        "from dataflow.serving import APIVLMServing_openai\n"
        f"s = APIVLMServing_openai('{model_server.url}', model_name='stub', extra_body={{'max_tokens': 50}})\n"
        "for text in 'abc': print(s.generate_from_input([text]))\n"
    )
    done = python(code, tmp_path)
    assert done.returncode == 0, done.stderr
    log = model_server.requests()
    assert len(log) == (4 if wanted == "max_completion_tokens" else 3)
    assert [entry["params"] for entry in log][-3:] == [{wanted: 50}] * 3


@pytest.mark.parametrize("field", ["max_tokens", "max_completion_tokens", "temperature", "nonsense"])
def test_a_field_of_extra_body_that_is_refused_for_good_is_not_asked_for_again_and_again(
    model_server: ModelServer, tmp_path: Path, field: str
) -> None:
    model_server.configure(refuse_params=["max_tokens", "max_completion_tokens", "temperature", "nonsense"])
    code = (
        "from dataflow.core import DataFlowError\n"
        "from dataflow.serving import APIVLMServing_openai\n"
        f"s = APIVLMServing_openai('{model_server.url}', model_name='stub', extra_body={{'{field}': 1}})\n"
        "try: s.generate_from_input(['a'])\n"
        "except DataFlowError as error: print(type(error).__name__, error)\n"
    )
    done = python(code, tmp_path)
    assert "RequestRefused" in done.stdout and "Unsupported" in done.stdout, done.stderr
    assert model_server.stats()["requests"] <= 2
