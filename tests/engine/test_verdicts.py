"""What an answer was found to be is remembered with it: a resumed run replays it, a new run asks anew what was none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands import read_jsonl
from tests.engine.questions import FAILURES, TRACE, ask, serving_at
from tests.servers import ModelServer

TEXTS = ["one", "two", "three"]


@pytest.fixture
def stubborn(model_server: ModelServer) -> ModelServer:
    """Answers `two` badly twice, then well."""
    answers = {"two": ["bad", "bad", "good"], ".": "fine"}
    model_server.configure(answer="script", script=answers)
    return model_server


@pytest.mark.parametrize("stage", ["unparsed", "refused"])
def test_a_new_run_asks_anew_what_was_no_answer_and_only_that(
    stubborn: ModelServer, tmp_path: Path, stage: str
) -> None:
    serving = serving_at(stubborn)
    requests = []
    for expected in (1, 1, 0, 0):
        done = ask(serving, TEXTS, tmp_path, **{stage: "bad"})
        requests.append(done.counts.requests)
        assert done.counts.failed == expected
        assert (tmp_path / FAILURES).exists() is bool(expected)
        if expected:
            (failure,) = read_jsonl(tmp_path / FAILURES)
            assert (failure["kind"], failure["raw"], failure["sample"]["text"]) == ("answer", "bad", "two")
    assert requests == [3, 1, 1, 0]
    rows = read_jsonl(tmp_path / "p_step1.jsonl")
    assert [row["answer"] for row in rows] == ["fine", "good", "fine"]
    assert [line["attempt"] for line in read_jsonl(tmp_path / TRACE)] == [0, 2, 0]
    assert {line["source"] for line in read_jsonl(tmp_path / TRACE)} == {"ledger"}


@pytest.mark.parametrize("stage", ["unparsed", "refused"])
def test_a_resumed_run_replays_what_was_no_answer(stubborn: ModelServer, tmp_path: Path, stage: str) -> None:
    ledger = tmp_path / "ledger.sqlite"
    serving = serving_at(stubborn)
    first = ask(serving, TEXTS, tmp_path / "first", ledger, **{stage: "bad"})
    # Another output with the same ledger is what a killed run leaves: answers, and no failures file.
    resumed = ask(serving, TEXTS, tmp_path / "resumed", ledger, **{stage: "bad"})
    assert (first.counts.requests, resumed.counts.requests) == (3, 0)
    assert read_jsonl(tmp_path / "resumed" / FAILURES) == read_jsonl(tmp_path / "first" / FAILURES)


def test_a_parser_that_has_learnt_better_takes_the_old_answer(stubborn: ModelServer, tmp_path: Path) -> None:
    serving = serving_at(stubborn)
    assert ask(serving, TEXTS, tmp_path, unparsed="bad").counts.failed == 1
    done = ask(serving, TEXTS, tmp_path)
    assert (done.counts.requests, done.counts.failed) == (0, 0)


def test_the_same_question_many_times_at_once_is_asked_once(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.configure(latency=0.1)
    done = ask(serving_at(model_server), ["same", "other"] * 30, tmp_path)
    assert (done.counts.written, done.counts.requests, done.counts.from_ledger) == (60, 2, 58)
    assert model_server.stats()["requests"] == 2
    assert len({row["answer"] for row in done.rows()}) == 2


def test_the_same_question_many_times_at_once_fails_for_all_when_it_is_refused(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(latency=0.1, fail_on={"same": "400"})
    done = ask(serving_at(model_server), ["same"] * 10 + ["other"], tmp_path)
    assert (done.counts.written, done.counts.failed) == (1, 10)
    assert {failure["kind"] for failure in read_jsonl(tmp_path / FAILURES)} == {"request"}
