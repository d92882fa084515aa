"""Single pairs: counted as an export reads them, rejected one by one, left out by the export."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from dataflow.export.columns import Columns
from dataflow.export.pairs import count_pairs
from dataflow.storage.review_pairs import pair_names
from tests.commands import dataflow, read_jsonl
from tests.viewer.pages import Viewer, sample_media, viewing, write_dataset
from tests.viewer.test_page import ids, until

TEXT = "Q1: What is it?\nA1: A car.\n\nQ2: Which colour?\nA2: Red."
PAIRS = [{"question": "What is it?", "answer": "A car."}, {"question": "Which colour?", "answer": "Red."}]
ROLES = [{"Question": "Who?", "Answer": "A man.", "Label": "who", "Clip": [1]}]
BAD = [{"question": "What is it?", "answer": ""}, *PAIRS]

ROWS: list[tuple[dict[str, Any], int]] = [
    ({"vqa": TEXT}, 2),
    ({"vqa": "A street, seen from above."}, 0),
    ({"vqa": TEXT, "vqa_pairs": PAIRS[:1]}, 1),
    ({"vqa": TEXT, "vqa_pairs": []}, 0),
    ({"qa": PAIRS[0]}, 1),
    ({"qa": PAIRS}, 2),
    ({"QA": ROLES}, 1),
    ({"vqa": TEXT, "context_vqa": {"context": "An article.", "qas": PAIRS}}, 2),
    ({"vqa": TEXT, "context_vqa": {"context": "An article.", "qas": []}}, 0),
    ({"caption": TEXT}, 0),
    ({"caption": TEXT, "qa": PAIRS}, 2),
    ({"qa": BAD}, 0),
    ({"notes": PAIRS}, 0),
    ({"caption": "Q" + "\n" * 100_000}, 0),
    ({"vqa": "Q" + "\n" * 100_000}, 0),
    ({"vqa": "Q:" + " \n" * 50_000}, 0),
    ({"vqa": "Question 1." * 10_000}, 0),
]


def test_pairs_are_counted_as_an_export_reads_them(tmp_path: Path) -> None:
    sample_media(tmp_path)
    rows = [{"id": number, "image": ["one.png"], **row} for number, (row, _) in enumerate(ROWS)]
    assert [count_pairs(row, Columns()) for row in rows] == [count for _, count in ROWS]
    path = write_dataset(tmp_path, rows)
    with viewing(path) as viewer:
        assert ids(viewer) == [str(number) for number in range(len(ROWS))]
        shown = viewer.json("api/rows?count=200")["rows"]
        assert [row["pairs"] for row in shown] == [count for _, count in ROWS]
        assert ids(viewer, "pairs=2") == [str(number) for number, (_, count) in enumerate(ROWS) if count == 2]
    done = dataflow("export", path, "--to", "openai", "-o", "out", cwd=tmp_path)
    assert done.returncode == 3, done.stderr  # the sample with the bad pair is left out
    turns: dict[str, int] = {}
    for line in read_jsonl(tmp_path / "out" / "train.jsonl"):
        texts = [m["content"] if isinstance(m["content"], str) else m["content"][-1]["text"] for m in line["messages"]]
        for pair in (PAIRS[0]["question"], PAIRS[1]["question"], ROLES[0]["Question"]):
            turns[pair] = turns.get(pair, 0) + sum(text == pair for text in texts)
    assert sum(turns.values()) == sum(count for _, count in ROWS)


def test_the_column_of_pairs_is_the_one_that_the_run_wrote(tmp_path: Path) -> None:
    write_dataset(tmp_path, [{"id": 1, "qa": PAIRS[:1], "mine": PAIRS}])
    operators = [{"name": "VideoCaptionToQAGenerator", "keys": {"output_key": "mine"}}]
    (tmp_path / "run.json").write_bytes(orjson.dumps({"output": "x_step1.jsonl", "operators": operators}))
    with viewing(tmp_path) as viewer:
        ids(viewer)
        assert viewer.json("api/rows")["rows"][0]["pairs"] == 3
        assert viewer.json("api/sample/1/rows/0")["generated"] == ["mine"]


@pytest.fixture
def pairs(tmp_path: Path) -> Any:
    rows = [
        {"id": 1, "caption": "A car.", "qa": PAIRS},
        {"id": 2, "qa": PAIRS[0]},
        {"id": 3, "QA": [*ROLES, *ROLES]},
        {"id": 4, "vqa": TEXT, "vqa_pairs": PAIRS},
        {"id": 5, "vqa": TEXT, "context_vqa": {"context": "An article.", "qas": PAIRS}},
        {"id": 6, "qa": PAIRS},
    ]
    with viewing(write_dataset(tmp_path, rows)) as viewer:
        ids(viewer)
        yield viewer


def reject(viewer: Viewer, number: int, column: str, at: int, **fields: Any) -> int:
    names = viewer.json(f"api/sample/1/rows/{number}")["pairNames"][column]
    return viewer.decide(number, "reject_pair", column=column, pair=names[at], **fields).status


def exported(folder: Path, *words: str) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """The summary, and the answers by conversation."""
    done = dataflow("export", "x_step1.jsonl", "--to", "sharegpt", "-o", "out", "--force", "--json", *words, cwd=folder)
    assert done.returncode == 0, done.stderr
    written = orjson.loads((folder / "out" / "train.json").read_bytes())
    told = {one["id"]: [turn["value"] for turn in one["conversations"][1::2]] for one in written}
    return orjson.loads(done.stdout), told


def test_rejected_pairs_are_left_out_by_the_export(pairs: Viewer, tmp_path: Path) -> None:
    assert reject(pairs, 0, "qa", 0, note="not a car") == 200
    assert reject(pairs, 1, "qa", 0) == 200
    assert reject(pairs, 2, "QA", 1, note="twice") == 200
    assert [reject(pairs, 3, "vqa_pairs", at) for at in (0, 1)] == [200, 200]
    assert reject(pairs, 4, "context_vqa", 1, note="not a car") == 200
    told, answers = exported(tmp_path)
    assert answers == {
        "1-caption": ["A car."],
        "1-qa": ["Red."],
        "3-qa": ["A man."],
        "5-context_qa": ["A car."],
        "6-qa": ["A car.", "Red."],
    }
    # Of the second and the fourth nothing is left to tell: that is a rejection, not a sample that cannot be exported.
    assert (told["rejected"], told["pairs_rejected"], told["skipped"]) == (2, 6, 0)
    assert told["rejected_for"] == {"not a car": 2, "twice": 1}
    said = dataflow("export", "x_step1.jsonl", "--to", "sharegpt", "-o", "out", "--force", cwd=tmp_path).stderr
    assert "(2 rejected, 6 pairs rejected)\n  reasons: not a car (2), twice (1)\n" in said


def test_a_rejected_pair_is_taken_back_by_undo_or_by_another_verdict(pairs: Viewer, tmp_path: Path) -> None:
    assert reject(pairs, 5, "qa", 0) == 200
    assert reject(pairs, 5, "qa", 1) == 200
    whole = pairs.json("api/sample/1/rows/5")
    one, two = whole["pairNames"]["qa"]
    assert whole["decision"]["pairs"] == {"qa": sorted([one, two])}
    assert pairs.json("api/rows?pairs=0")["total"] == 1
    assert pairs.json("api/rows?state=pairs")["total"] == 1
    assert pairs.post("api/undo", {"who": "anna"}).json() == {"undone": "reject_pair", "key": "6"}
    assert pairs.decide(5, "accept_pair", who="ben", column="qa", pair=one).status == 200
    assert pairs.json("api/sample/1/rows/5")["decision"]["pairs"] == {}
    told, answers = exported(tmp_path)
    assert (told["pairs_rejected"], answers["6-qa"]) == (0, ["A car.", "Red."])


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({"column": "qa"}, 400),
        ({"pair": "0" * 16}, 400),
        ({"column": "qa", "pair": "0" * 16}, 409),
        ({"column": "caption", "pair": "0" * 16}, 409),
        ({"column": "none", "pair": "0" * 16}, 409),
        ({"column": ["qa"], "pair": "0" * 16}, 400),
        ({"column": "qa", "pair": "0" * 16, "set": {"qa": []}}, 400),
    ],
)
def test_a_pair_that_is_not_there_is_not_rejected(pairs: Viewer, wish: dict[str, Any], status: int) -> None:
    answer = pairs.decide(0, "reject_pair", **wish)
    assert (answer.status, "error" in answer.json()) == (status, True)
    assert pairs.json("api/state")["review"]["applied"] == 0


def test_an_edit_and_rejected_pairs_go_together(pairs: Viewer, tmp_path: Path) -> None:
    assert reject(pairs, 0, "qa", 1) == 200
    edited = [{"question": "What is it?", "answer": "A lorry."}, PAIRS[1]]
    assert pairs.decide(0, "edit", set={"qa": edited}, was={"qa": PAIRS}).status == 200
    assert pairs.json("api/sample/1/rows/0")["pairNames"]["qa"] == pair_names(edited)
    assert exported(tmp_path)[1]["1-qa"] == ["A lorry."]


def test_reasons_given_lately_are_offered_each_once_and_the_newest_first(pairs: Viewer) -> None:
    for number, note in enumerate(["blurred", "wrong colour", "blurred", ""]):
        assert pairs.decide(number, "reject", note=note).status == 200
    assert pairs.decide(4, "accept", note="no reason for rejecting").status == 200
    until(lambda: pairs.json("api/state")["reasons"] == ["blurred", "wrong colour"])
