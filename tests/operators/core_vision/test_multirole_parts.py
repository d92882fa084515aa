"""The parts of multi-role video QA by themselves: the frame budget, the forms of replies, merging, reading pairs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.core import AnswerError
from dataflow.operators.core_vision.generate.multirole.frame_budget import spread
from dataflow.operators.core_vision.generate.multirole.merging import merge
from dataflow.operators.core_vision.generate.multirole.pairs import Pair, known_clips, read_pairs
from dataflow.operators.core_vision.generate.multirole.schemas import Call, Decision, Merge, Proposals, Synthesis
from dataflow.parsing.schema import validate


def frames(*counts: int) -> list[list[str]]:
    return [[f"{clip}.{at}" for at in range(count)] for clip, count in enumerate(counts)]


def pair(name: str, question: str, role: str = "draft author") -> Pair:
    return Pair(name, "content", f"{question}?", f"reply to {question}", role, 0, (1,))


@given(st.lists(st.integers(0, 12), max_size=12), st.integers(1, 40))
def test_a_budget_is_used_up_evenly_and_order_stays(counts: list[int], budget: int) -> None:
    shown = spread(frames(*counts), budget)
    assert sum(map(len, shown)) == min(budget, sum(counts))
    for clip, chosen in zip(frames(*counts), shown, strict=True):
        assert chosen == [frame for frame in clip if frame in chosen]
    short = [len(chosen) for chosen, count in zip(shown, counts, strict=True) if len(chosen) < count]
    assert not short or max(map(len, shown)) - min(short) <= 1


def test_with_more_clips_than_budget_clips_are_chosen_evenly() -> None:
    assert spread(frames(*[3] * 6), 3) == [[], ["1.1"], [], ["3.1"], [], ["5.1"]]


def test_what_fits_is_shown_whole() -> None:
    assert spread(frames(2, 0, 3), 5) == frames(2, 0, 3)


@pytest.mark.parametrize("named", [[2], "2", "Clip 2", ["clip 2"], 2, "clips: 2, 9", [2, 2, 99]])
def test_numbers_of_clips_are_read_however_they_are_written(named: Any) -> None:
    proposal = Proposals.model_validate({"pairs": [{"question": "q", "answer": "a", "clips": named}]}).pairs[0]
    assert known_clips(proposal.clips, 3) == (2,)


@pytest.mark.parametrize("named", [None, [], "all", [0, 17]])
def test_a_pair_that_names_no_clip_rests_on_all(named: Any) -> None:
    proposal = Proposals.model_validate({"pairs": [{"question": "q", "answer": "a", "clips": named}]}).pairs[0]
    assert known_clips(proposal.clips, 3) == (1, 2, 3)


@pytest.mark.parametrize(
    ("text", "decision", "experts"),
    [
        ('{"decision": "NO_EXPERTS", "reason": "done", "experts": []}', "NO_EXPERTS", 0),
        ('{"decision": "no experts"}', "NO_EXPERTS", 0),
        ('{"decision": "CALL_EXPERTS", "experts": [{"role": " "}, {"role": "A"}]}', "CALL_EXPERTS", 1),
        ('{"experts": [{"role": "Poet", "subtask": "rhyme"}]}', "CALL_EXPERTS", 1),
        (
            'Sure!\n```json\n{"decision": "CALL_EXPERTS", "experts": [{"role": "A"}, {"name": "?"}]}\n```',
            "CALL_EXPERTS",
            1,
        ),
    ],
)
def test_a_call_is_read_from_what_models_write(text: str, decision: str, experts: int) -> None:
    call = validate(text, Call)
    assert isinstance(call, Call)
    assert (call.decision, len(call.experts)) == (decision, experts)


def test_ids_of_pairs_are_read_however_they_are_written() -> None:
    made_of = ('"Q1, Q12"', '["[Q3]"]')
    items = [f'{{"of": {names}, "question": "q", "answer": "a"}}' for names in made_of]
    read = validate(f'{{"pairs": [{", ".join(items)}]}}', Synthesis)
    assert isinstance(read, Synthesis)
    assert [one.of for one in read.pairs] == [["Q1", "Q12"], ["Q3"]]


def test_a_decision_of_an_unknown_kind_is_left_out() -> None:
    read = validate('{"decisions": [{"action": "Add", "pair": "E1.1"}, {"action": "burn", "pair": "Q1"}]}', Merge)
    assert isinstance(read, Merge)
    assert [(one.action, one.pair) for one in read.decisions] == [("add", "E1.1")]


DECISIONS = [
    ({"action": "add", "pair": "E1.1"}, ["one?", "two?", "three?"], "Q3", ""),
    (
        {"action": "add", "pair": " Proposal [e1.1]. ", "question": "3?", "answer": "drei"},
        ["one?", "two?", "3?"],
        "Q3",
        "",
    ),
    ({"action": "correct", "pair": "E1.1", "answer": "drei"}, ["one?", "two?", "three?"], "Q3", ""),
    ({"action": "drop", "pair": "E1.1"}, ["one?", "two?"], None, ""),
    ({"action": "correct", "pair": "Q1", "question": "uno?"}, ["uno?", "two?"], "Q1", ""),
    ({"action": "correct", "pair": "Q1"}, ["one?", "two?"], None, "a correction without"),
    ({"action": "correct", "pair": "Q1", "question": "two?"}, ["one?", "two?"], None, "asked already"),
    ({"action": "drop", "pair": "Q2"}, ["one?"], None, ""),
    ({"action": "drop", "pair": "Q9"}, ["one?", "two?"], None, "there is no pair"),
    ({"action": "add", "pair": "Q1"}, ["one?", "two?"], None, "in the list already"),
    ({"action": "add", "pair": "", "question": "four?", "answer": "vier"}, ["one?", "two?", "four?"], "Q3", ""),
    ({"action": "add", "pair": "E7.7"}, ["one?", "two?"], None, "there is no pair"),
    (
        {"action": "add", "pair": "", "question": "Is it 4 now?", "answer": "4"},
        ["one?", "two?"],
        None,
        "the answer stands",
    ),
]


@pytest.mark.parametrize(("decision", "questions", "result", "note"), DECISIONS)
def test_a_decision_is_carried_out_or_the_record_says_why_not(
    decision: dict[str, str], questions: list[str], result: str | None, note: str
) -> None:
    listed = [pair("Q1", "one"), pair("Q2", "two")]
    merged, (record,) = merge(listed, [pair("E1.1", "three", "Poet")], [Decision.model_validate(decision)], 2, 3)
    assert [one.question for one in merged] == questions
    assert record["result"] == result
    assert note in record.get("note", "") and bool(note) == ("note" in record)


def test_an_added_proposal_keeps_its_author_and_one_of_the_masters_own_is_his() -> None:
    decisions = [
        Decision(action="add", pair="E1.1"),
        Decision(action="add", pair="", question="four?", answer="vier"),
    ]
    merged, _ = merge([pair("Q5", "one")], [pair("E1.1", "three", "Poet")], decisions, 2, 3)
    assert [(one.id, one.role, one.round, one.clips) for one in merged] == [
        ("Q5", "draft author", 0, (1,)),
        ("Q6", "Poet", 0, (1,)),
        ("Q7", "master", 2, (1, 2, 3)),
    ]


def test_pairs_are_read_as_a_former_stage_or_somebody_else_wrote_them() -> None:
    records = [
        pair("Q4", "one").record(),
        {"id": "Q4", "Question": "two?", "Answer": "zwei", "Clip": [7]},
        {"id": "../x", "Question": "three?", "Answer": 3, "Source": None, "Clip": "?"},
    ]
    read = read_pairs({"QA": records}, "QA", 2, "the draft")
    assert [(one.id, one.role, one.answer, one.clips) for one in read] == [
        ("Q4", "draft author", "reply to one", (1,)),
        ("Q1", "given", "zwei", (1, 2)),
        ("Q2", "given", "3", (1, 2)),
    ]
    assert [one.question for one in read_pairs({"QA": "Q: who?\nA: she"}, "QA", 2, "the draft")] == ["who?"]


@pytest.mark.parametrize("value", [None, [], "", [3], [{"Question": "q"}], "x" * 1000])
def test_what_are_no_pairs_is_said(value: Any) -> None:
    with pytest.raises(AnswerError):
        read_pairs({"QA": value}, "QA", 2, "the draft")
