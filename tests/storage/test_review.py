from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dataflow.core.errors import InputError
from dataflow.storage.review import Action, Review, read_review, review_path, row_digest
from dataflow.storage.review_log import ReviewLog
from tests.commands import read_jsonl

SAMPLE = {"id": 7, "caption": "A red car."}


def act(do: str, id: object = 7, **fields: object) -> Action:
    return Action(key="", at="", who="anna", id=id, do=do, **fields)  # type: ignore[arg-type]


def test_the_last_verdict_counts_and_edits_of_fields_add_up(tmp_path: Path) -> None:
    log = ReviewLog(tmp_path / "x.review.jsonl")
    for action in (
        act("accept"),
        act("edit", set={"caption": "A blue car."}),
        act("edit", set={"qa": []}),
        act("edit", set={"caption": "A green car."}),
        act("reject", note="too short"),
    ):
        log.add(action)
    decision = read_review(log.path).decision(7)
    assert decision is not None
    assert decision.verdict == "reject"
    assert decision.set == {"caption": "A green car.", "qa": []}
    assert decision.actions[-1].note == "too short"
    assert decision.apply(SAMPLE) is None


def test_an_undone_line_does_not_count(tmp_path: Path) -> None:
    log = ReviewLog(tmp_path / "x.review.jsonl")
    rejected = log.add(act("reject"))
    log.add(act("undo", undoes=rejected.key))
    log.add(act("undo", undoes="nothing like it"))
    assert read_review(log.path).decision(7) is None
    assert [line["do"] for line in read_jsonl(log.path)] == ["reject", "undo", "undo"]


def test_seven_is_the_same_sample_as_the_text_seven() -> None:
    review = Review([Action("k", "", "anna", 7, "accept"), Action("l", "", "anna", "7/0", "reject")])
    assert review.decision("7") == review.decision(7)
    assert set(review.decided()) == {"7", "7/0"}


def test_a_decision_about_a_sample_made_anew_does_nothing(tmp_path: Path) -> None:
    log = ReviewLog(tmp_path / "x.review.jsonl")
    log.add(act("edit", seen=row_digest(SAMPLE), set={"caption": "A blue car."}))
    log.add(act("reject", seen=row_digest(SAMPLE)))
    decision = read_review(log.path).decision(7)
    assert decision is not None and decision.apply(SAMPLE) is None
    new = {"id": 7, "caption": "A lorry."}
    assert decision.is_stale(new) and decision.apply(new) == new
    log.add(act("accept", seen=row_digest(new)))
    again = read_review(log.path).decision(7)
    assert again is not None and (again.verdict, again.set) == ("accept", {})


def test_the_digest_of_a_row_knows_neither_the_order_of_fields_nor_the_id() -> None:
    assert row_digest({"id": 1, "a": 1, "b": [2]}) == row_digest({"b": [2], "a": 1})
    assert row_digest({"a": 1}) != row_digest({"a": 2})


def test_a_torn_last_line_is_passed_over_and_the_next_one_stands_by_itself(tmp_path: Path) -> None:
    log = ReviewLog(tmp_path / "x.review.jsonl")
    log.add(act("accept", 1))
    with log.path.open("ab") as file:
        file.write(b'{"key":"aa","who":"ben","id":2,"do":"rej')
    assert set(read_review(log.path).decided()) == {"1"}
    log.add(act("reject", 3))
    review = read_review(log.path)
    assert set(review.decided()) == {"1", "3"}
    assert review.unreadable == 1


@pytest.mark.parametrize(
    "line", [b"[]", b'{"do":"accept"}', b'{"key":"k","do":"burn"}', b'{"key":1,"do":"accept"}', b"\xff", b"nul\0"]
)
def test_a_line_of_another_form_is_counted(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "x.review.jsonl"
    path.write_bytes(line + b"\n\n")
    review = read_review(path)
    assert (review.unreadable, review.decided()) == (1, {})


def test_a_missing_log_is_empty_and_an_unreadable_one_an_error(tmp_path: Path) -> None:
    path = review_path(tmp_path / "x_step1.json")
    assert path.name == "x_step1.review.jsonl"
    assert read_review(path).decided() == {}
    path.mkdir()
    with pytest.raises(InputError, match="folder"):
        read_review(path)


def test_a_log_follows_what_others_add(tmp_path: Path) -> None:
    path = tmp_path / "x.review.jsonl"
    mine, other = ReviewLog(path), ReviewLog(path)
    other.add(act("accept", 1))
    assert mine.follow() == ["1"]
    assert mine.follow() == []
    other.add(act("reject", 2))
    mine.add(act("edit", 3, set={"caption": "x"}))
    assert set(mine.review.decided()) == {"1", "2", "3"}


def test_a_check_that_raises_keeps_the_line_out(tmp_path: Path) -> None:
    log = ReviewLog(tmp_path / "x.review.jsonl")

    def refuse(review: Review) -> None:
        raise InputError("no")

    with pytest.raises(InputError):
        log.add(act("accept"), refuse)
    assert log.path.read_bytes() == b""


WRITER = """
import sys
from pathlib import Path
from dataflow.storage.review import Action
from dataflow.storage.review_log import ReviewLog
log = ReviewLog(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    log.add(Action("", "", sys.argv[2], number, "edit", set={"caption": sys.argv[2] * 2000}))
    print(number, flush=True)
"""


def start_writer(path: Path, who: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(path), who, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_two_processes_at_once_lose_no_line(tmp_path: Path) -> None:
    path = tmp_path / "x.review.jsonl"
    writers = [start_writer(path, who, 100) for who in ("a", "b")]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    lines = read_jsonl(path)
    assert sorted((line["who"], line["id"]) for line in lines) == [(who, n) for who in "ab" for n in range(100)]
    for writer in writers:
        assert writer.stdout is not None
        writer.stdout.close()


def test_every_decision_that_was_confirmed_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "x.review.jsonl"
    with start_writer(path, "a", 100_000) as writer:
        assert writer.stdout is not None
        for _ in range(30):
            last = int(writer.stdout.readline())
        os.kill(writer.pid, signal.SIGKILL)
    log = ReviewLog(path)
    log.add(act("accept", "after"))
    decided = read_review(path).decided()
    assert {str(number) for number in range(last + 1)} | {"after"} <= set(decided)
