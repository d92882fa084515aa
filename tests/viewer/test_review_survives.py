"""Reviewers' work survives pictures that come between, and ids that were row numbers once."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import orjson
import pytest

from dataflow.storage.review import row_digest
from tests.commands import dataflow, read_jsonl, write_jsonl
from tests.pictures import make_pictures
from tests.viewer.pages import Viewer, viewing

DATA = "image_vqa_step1.jsonl"
REVIEW = "image_vqa_step1.review.jsonl"


def lay(folder: Path, numbers: range) -> None:
    """Pictures whose names sort by these numbers, each with content of its own."""
    made = make_pictures(folder / "made", max(numbers) + 1)
    (folder / "pics" / "below").mkdir(parents=True, exist_ok=True)
    for number in numbers:
        below = "below/" if number % 7 == 3 else ""
        made[number].rename(folder / "pics" / f"{below}p{number:03}.jpg")


def run(folder: Path) -> dict[str, Any]:
    done = dataflow("run", "image_vqa", "-i", "pics", "-o", "out", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    return dict(orjson.loads(done.stdout)["counts"])


def export(folder: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """The summary of an export, and the answers in it by the sample."""
    done = dataflow("export", "out", "--to", "llava", "-o", "exported", "--force", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    written = orjson.loads((folder / "exported" / "train.json").read_bytes())
    return orjson.loads(done.stdout), {one["id"].rpartition("-")[0]: str(one["conversations"]) for one in written}


def complete(viewer: Viewer) -> dict[str, Any]:
    """What the page says once all rows have been read."""
    end = time.monotonic() + 60
    while not (state := viewer.json("api/state"))["complete"]:
        assert time.monotonic() < end, "the rows were never read to their end"
        time.sleep(0.05)
    return dict(state)


@pytest.fixture
def fifty(tmp_path: Path) -> Path:
    """Fifty pictures and what a run made of them."""
    lay(tmp_path, range(0, 100, 2))
    run(tmp_path)
    return tmp_path


def decide_by_http(folder: Path) -> dict[str, str]:
    """Decide about every second row but a few, as the page does; returns what, by id."""
    said = {}
    with viewing(folder / "out") as viewer:
        rows = viewer.json("api/rows?count=200")["rows"]
        for at, row in enumerate(rows[4:44:2]):
            do, extra = ("accept", "reject", "edit", "reject")[at % 4], {}
            if do == "edit":
                was = viewer.json(f"api/sample/1/rows/{row['number']}")["sample"]["vqa"]
                extra = {"set": {"vqa": f"Edited by hand: {row['key']}"}, "was": {"vqa": was}}
            assert viewer.decide(row["number"], do, **extra).status == 200
            said[row["key"]] = do
    return said


def decide_by_row_numbers(folder: Path) -> dict[str, str]:
    """The log that the version before ids were paths would have written."""
    said, lines = {}, []
    for number, row in enumerate(read_jsonl(folder / "out" / DATA), 1):
        if number % 2 and 4 < number <= 44:
            do = ("accept", "reject", "edit", "reject")[number // 2 % 4]
            key = f"{number:012x}"
            line = {"key": key, "at": "2026-02-11T09:30:12.481Z", "who": "anna", "id": number, "do": do}
            fields = {"vqa": f"Edited by hand: {row['id']}"}
            lines.append({**line, "seen": row_digest(row), **({"set": fields} if do == "edit" else {})})
            said[row["id"]] = do
    write_jsonl(folder / "out" / REVIEW, lines)
    return said


@pytest.mark.parametrize("decide", [decide_by_http, decide_by_row_numbers])
def test_twenty_decisions_of_fifty_hold_when_thirty_pictures_come_between(fifty: Path, decide: Any) -> None:
    said = decide(fifty)
    assert len(said) == 20
    log = (fifty / "out" / REVIEW).read_bytes()
    before = {row["id"]: row for row in read_jsonl(fifty / "out" / DATA)}

    lay(fifty, range(1, 60, 2))
    summary = run(fifty)
    assert (summary["samples"], summary["requests"]) == (80, 30)
    after = {row["id"]: row for row in read_jsonl(fifty / "out" / DATA)}
    assert len(after) == 80 and all(after[id] == row for id, row in before.items())

    rejected = {id for id, do in said.items() if do == "reject"}
    edited = {id for id, do in said.items() if do == "edit"}
    told, answers = export(fifty)
    assert (told["rejected"], told["edited"], told["stale"], told["gone"]) == (len(rejected), len(edited), 0, 0)
    assert set(after) - set(answers) == rejected
    assert {id for id, text in answers.items() if f"Edited by hand: {id}" in text} == edited

    with viewing(fifty / "out") as viewer:
        state = complete(viewer)
        assert (state["review"]["applied"], state["review"]["stale"], state["review"]["gone"]) == (20, 0, 0)
        rows = viewer.json("api/rows?count=200")["rows"]
        assert {row["key"] for row in rows if row["verdict"] == "reject"} == rejected
        assert {row["key"] for row in rows if row["edited"]} == edited
    assert (fifty / "out" / REVIEW).read_bytes() == log


def test_a_review_by_row_numbers_goes_on_under_the_paths(fifty: Path) -> None:
    said = decide_by_row_numbers(fifty)
    lay(fifty, range(1, 60, 2))
    run(fifty)
    edited = next(id for id, do in said.items() if do == "edit")
    rejected = next(id for id, do in said.items() if do == "reject")
    with viewing(fifty / "out") as viewer:
        complete(viewer)
        number = {row["key"]: row["number"] for row in viewer.json("api/rows?count=200")["rows"]}
        assert viewer.decide(number[edited], "reject", note="wrong colour").status == 200
        assert viewer.decide(number[rejected], "accept", who="ben").status == 200
        line = read_jsonl(fifty / "out" / REVIEW)[-2]
        assert (line["id"], isinstance(line["formerly"], str), line["note"]) == (edited, True, "wrong colour")
        whole = viewer.json(f"api/sample/1/rows/{number[edited]}")
        assert [one["do"] for one in whole["decision"]["actions"]] == ["edit", "reject"]
        assert viewer.post("api/undo", {"who": "anna"}).json() == {"undone": "reject", "key": edited}
        # One that was written under a row number is undone too, and found under the path.
        last = viewer.post("api/undo", {"who": "anna"}).json()
        assert last["key"] in said and not last["key"].isdigit()
    told, answers = export(fifty)
    assert rejected in answers and f"Edited by hand: {edited}" in answers[edited]
    assert told["stale"] == told["gone"] == 0


def test_pictures_that_left_and_texts_made_anew_are_told(fifty: Path) -> None:
    said = decide_by_http(fifty)
    left = [id for id in said if not id.startswith("below/")][:2]
    for id in left:
        (fifty / "pics" / id).unlink()
    run(fifty)
    told, _ = export(fifty)
    assert (told["stale"], told["gone"]) == (0, 2)
    words = ("run", "image_vqa", "-i", "pics", "-o", "out", "--prompt", "Describe the picture otherwise.")
    assert dataflow(*words, cwd=fifty).returncode == 0
    told, answers = export(fifty)
    assert (told["stale"], told["gone"]) == (18, 2)
    assert (told["rejected"], told["edited"], len(answers)) == (0, 0, 48)
