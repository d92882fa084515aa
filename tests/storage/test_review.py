from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dataflow.core.errors import InputError
from dataflow.storage.review import Decision, Review, id_key, read_review, review_path, row_digest
from dataflow.storage.review_action import Action
from dataflow.storage.review_log import ReviewLog
from dataflow.storage.review_pairs import pair_names, without_pairs
from tests.commands import read_jsonl

SAMPLE = {"id": 7, "caption": "A red car."}


def act(do: str, id: object = 7, key: str = "", **fields: Any) -> Action:
    return Action(key=key, at="", who="anna", id=id, do=do, **fields)


def of(review: Review, id: object = 7, seen: str = "") -> Decision | None:
    return review.decision((seen, id_key(id)))


def ids(review: Review) -> set[str]:
    return {key for _, key in review.cases()}


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
    decision = of(read_review(log.path))
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
    assert of(read_review(log.path)) is None
    assert [line["do"] for line in read_jsonl(log.path)] == ["reject", "undo", "undo"]


def test_seven_is_the_same_sample_as_the_text_seven() -> None:
    review = Review([Action("k", "", "anna", 7, "accept"), Action("l", "", "anna", "7/0", "reject")])
    assert of(review, "7") == of(review, 7) is not None
    assert ids(review) == {"7", "7/0"}


def test_a_decision_about_a_sample_made_anew_does_nothing(tmp_path: Path) -> None:
    log = ReviewLog(tmp_path / "x.review.jsonl")
    seen, new = row_digest(SAMPLE), {"id": 7, "caption": "A lorry."}
    log.add(act("edit", seen=seen, set={"caption": "A blue car."}))
    log.add(act("reject", seen=seen))
    log.add(act("accept", seen=row_digest(new)))
    review = read_review(log.path)
    old, again = of(review, seen=seen), of(review, seen=row_digest(new))
    assert old is not None and old.apply(SAMPLE) is None
    assert old.is_stale(new) and old.apply(new) == new
    assert again is not None and (again.verdict, again.set) == ("accept", {})


def test_a_line_that_tells_the_former_id_goes_on_where_that_left_off(tmp_path: Path) -> None:
    log = ReviewLog(tmp_path / "x.review.jsonl")
    first = log.add(act("edit", 7, seen="d", set={"caption": "A blue car."}))
    log.add(act("accept", "a/b.png", seen="d", formerly=7))
    log.add(act("reject", 7, seen="e"))
    review = read_review(log.path)
    decision = of(review, "a/b.png", "d")
    assert decision is not None and (decision.verdict, decision.set) == ("accept", {"caption": "A blue car."})
    assert of(review, 7, "d") is None and of(review, 7, "e") is not None
    log.add(act("undo", 7, undoes=first.key))
    decision = of(read_review(log.path), "a/b.png", "d")
    assert decision is not None and decision.set == {}


PAIRS = [{"question": "a?", "answer": "b"}, {"question": "c?", "answer": "d"}, {"question": "a?", "answer": "b"}]


@pytest.mark.parametrize(
    ("value", "rejected", "left"),
    [
        (PAIRS, [1], [PAIRS[0], PAIRS[2]]),
        (PAIRS, [2], PAIRS[:2]),
        (PAIRS, [0, 1, 2], []),
        ({"context": "c", "qas": PAIRS}, [0], {"context": "c", "qas": PAIRS[1:]}),
        ({"context": "c", "qas": PAIRS[:1]}, [0], {"context": "c", "qas": []}),
        (PAIRS[0], [0], None),
        ([{"Question": "a?", "Answer": "b", "Clip": [1]}, "text", None], [0], ["text", None]),
    ],
)
def test_a_rejected_pair_is_left_out_whatever_holds_it(value: Any, rejected: list[int], left: Any) -> None:
    sample = {"id": 7, "x": value, "caption": "stays"}
    names = pair_names(value)
    assert len(set(names)) == len(names)
    review = Review([act("reject_pair", column="x", pair=names[at], key=f"k{at}") for at in rejected])
    decision = of(review)
    assert decision is not None and decision.verdict is None
    assert decision.apply(sample) == {**sample, "x": left}
    assert sample["x"] is value


@pytest.mark.parametrize("value", ["Q: a? A: b", "", None, 7, [], [1, 2], {"context": "c"}, {"a": PAIRS}, [[PAIRS]]])
def test_what_holds_no_pairs_has_none_to_reject(value: Any) -> None:
    assert pair_names(value) == []
    assert without_pairs(value, {"0" * 16}) == value


def test_the_last_verdict_on_a_pair_counts_and_another_pair_is_never_meant() -> None:
    one, two, _ = pair_names(PAIRS)
    lines = [
        act("reject_pair", column="x", pair=one, key="1", note="wrong"),
        act("reject_pair", column="x", pair=two, key="2", note="vague"),
        act("accept_pair", column="x", pair=one, key="3"),
    ]
    decision = of(Review(lines))
    assert decision is not None
    assert (decision.pairs, decision.reasons()) == ({"x": {two}}, ["vague"])
    other = [{"question": "e?", "answer": "f"}, PAIRS[0]]
    assert decision.apply({"x": other}) == {"x": other}
    assert decision.apply({"caption": "no such column"}) == {"caption": "no such column"}
    undone = of(Review([*lines, act("undo", undoes="2", key="4")]))
    assert undone is not None and undone.pairs == {}


def test_an_edited_text_takes_the_pairs_with_it_that_were_read_out_of_it() -> None:
    sample = {"id": 7, "vqa": "Q: a? A: b", "vqa_pairs": PAIRS}
    text, pairs = act("edit", set={"vqa": "Q: x? A: y"}, key="1"), act("edit", set={"vqa_pairs": PAIRS[:1]}, key="2")

    def kept(*actions: Action) -> Any:
        decision = of(Review(actions))
        assert decision is not None
        return decision.apply(sample)

    assert kept(text) == {"id": 7, "vqa": "Q: x? A: y", "vqa_pairs": None}
    assert kept(pairs) == {**sample, "vqa_pairs": PAIRS[:1]}
    assert kept(text, pairs) == {"id": 7, "vqa": "Q: x? A: y", "vqa_pairs": PAIRS[:1]}
    assert kept(pairs, text) == {"id": 7, "vqa": "Q: x? A: y", "vqa_pairs": None}
    edited = of(Review([act("edit", set={"caption": "x"}, key="1")]))
    assert edited is not None and edited.apply({"id": 7, "caption": "y"}) == {"id": 7, "caption": "x"}


def test_a_pair_is_rejected_also_of_an_edited_column() -> None:
    one, two, _ = pair_names(PAIRS)
    edited = [{**PAIRS[0], "answer": "B"}, PAIRS[1]]
    decision = of(
        Review(
            [
                act("reject_pair", column="x", pair=two, key="1"),
                act("edit", set={"x": edited}, key="2"),
                act("reject_pair", column="x", pair=one, key="3"),
            ]
        )
    )
    assert decision is not None
    assert decision.apply({"id": 7, "x": PAIRS}) == {"id": 7, "x": edited[:1]}


def test_the_digest_of_a_row_knows_neither_the_order_of_fields_nor_the_id() -> None:
    assert row_digest({"id": 1, "a": 1, "b": [2]}) == row_digest({"b": [2], "a": 1})
    assert row_digest({"a": 1}) != row_digest({"a": 2})


def test_a_torn_last_line_is_passed_over_and_the_next_one_stands_by_itself(tmp_path: Path) -> None:
    log = ReviewLog(tmp_path / "x.review.jsonl")
    log.add(act("accept", 1))
    with log.path.open("ab") as file:
        file.write(b'{"key":"aa","who":"ben","id":2,"do":"rej')
    assert ids(read_review(log.path)) == {"1"}
    log.add(act("reject", 3))
    review = read_review(log.path)
    assert ids(review) == {"1", "3"}
    assert review.unreadable == 1


@pytest.mark.parametrize(
    "line",
    [
        b"[]",
        b'{"do":"accept"}',
        b'{"key":"k","do":"burn"}',
        b'{"key":1,"do":"accept"}',
        b'{"key":"k","do":"reject_pair","id":1,"column":"qa"}',
        b'{"key":"k","do":"reject_pair","id":1,"pair":"0"}',
        b'{"key":"k","do":"accept","id":1,"formerly":[]}',
        b"\xff",
        b"nul\0",
    ],
)
def test_a_line_of_another_form_is_counted(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "x.review.jsonl"
    path.write_bytes(line + b"\n\n")
    review = read_review(path)
    assert (review.unreadable, ids(review)) == (1, set())


def test_a_missing_log_is_empty_and_an_unreadable_one_an_error(tmp_path: Path) -> None:
    path = review_path(tmp_path / "x_step1.json")
    assert path.name == "x_step1.review.jsonl"
    assert ids(read_review(path)) == set()
    path.mkdir()
    with pytest.raises(InputError, match="folder"):
        read_review(path)


def test_a_log_follows_what_others_add(tmp_path: Path) -> None:
    path = tmp_path / "x.review.jsonl"
    mine, other = ReviewLog(path), ReviewLog(path)
    other.add(act("accept", 1))
    assert mine.follow() == [("", "1")]
    assert mine.follow() == []
    other.add(act("reject", 2))
    mine.add(act("edit", 3, set={"caption": "x"}))
    assert mine.follow() == [("", "2"), ("", "3")]
    assert ids(mine.review) == {"1", "2", "3"}


def test_a_log_that_was_removed_or_replaced_says_what_no_longer_counts(tmp_path: Path) -> None:
    log = ReviewLog(tmp_path / "x.review.jsonl")
    log.add(act("accept", 1))
    log.add(act("accept", 2))
    log.follow()
    first = log.path.read_bytes().splitlines(keepends=True)[0]
    log.path.write_bytes(first)
    assert log.follow() == [("", "1"), ("", "2"), ("", "1")] and ids(log.review) == {"1"}
    log.path.unlink()
    assert log.follow() == [("", "1")] and ids(log.review) == set()


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
from typing import Any
from dataflow.storage.review_action import Action
from dataflow.storage.review_log import ReviewLog
from dataflow.storage.review_pairs import pair_names, without_pairs
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
    decided = ids(read_review(path))
    assert {str(number) for number in range(last + 1)} | {"after"} <= decided
