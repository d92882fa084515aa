"""Decisions that reviewers make on the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.commands import read_jsonl
from tests.viewer.pages import Viewer, viewing, write_dataset
from tests.viewer.samples import ids, rows, until


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with viewing(write_dataset(tmp_path_factory.mktemp("small"), rows(20))) as viewer:
        yield viewer


def test_a_decision_is_on_the_disk_when_it_is_answered(tmp_path: Path) -> None:
    path = write_dataset(tmp_path, rows(3))
    before = path.read_bytes()
    with viewing(path) as viewer:
        assert viewer.decide(0, "accept").status == 200
        assert viewer.decide(2, "edit", set={"caption": "new"}, was={"caption": rows(3)[2]["caption"]}).status == 200
        viewer.process.kill()
    lines = read_jsonl(tmp_path / "x_step1.review.jsonl")
    assert [(line["do"], line["id"], line["who"]) for line in lines] == [
        ("accept", "s0", "anna"),
        ("edit", "s2", "anna"),
    ]
    assert path.read_bytes() == before
    with viewing(path) as viewer:
        assert ids(viewer, "state=reviewed") == ["s0", "s2"]
        assert ids(viewer, "state=edited") == ["s2"]
        assert ids(viewer, "state=open") == ["s1", "s2"]
        assert viewer.json("api/rows")["rows"][2]["text"] == "new"
        assert ids(viewer, "text=new") == ["s2"]
        undone = viewer.post("api/undo", {"who": "anna"}).json()
        assert undone == {"undone": "edit", "key": "s2"}
        assert ids(viewer, "state=edited") == []


def test_two_reviewers_in_two_servers_do_not_overwrite_each_other(tmp_path: Path) -> None:
    path = write_dataset(tmp_path, rows(3))
    old = rows(3)[0]["caption"]
    with viewing(path) as first, viewing(path) as second:
        edit = {"set": {"caption": "anna's"}, "was": {"caption": old}}
        assert first.decide(0, "edit", who="anna", **edit).status == 200
        late = second.decide(0, "edit", who="ben", set={"caption": "ben's"}, was={"caption": old})
        assert late.status == 409
        assert "anna" in late.json()["error"] and late.json()["present"]["caption"] == "anna's"
        assert second.decide(0, "edit", who="ben", set={"rating": 5}, was={"rating": 0}).status == 200
        assert second.decide(0, "accept", who="ben").status == 200
        until(lambda: first.json("api/rows")["rows"][0]["verdict"] == "accept")
        assert first.post("api/undo", {"who": "anna"}).json()["undone"] == "edit"
        until(lambda: second.json("api/rows")["rows"][0]["text"] == old)
        decision = second.json("api/sample/1/rows/0")["decision"]
        assert (decision["verdict"], decision["set"]) == ("accept", {"rating": 5})


def test_a_decision_about_a_sample_made_anew_is_stale(tmp_path: Path) -> None:
    path = write_dataset(tmp_path, rows(2))
    with viewing(path) as viewer:
        sample = viewer.json("api/sample/1/rows/0")
        assert viewer.decide(0, "reject").status == 200
        replacement = write_dataset(tmp_path, [{"id": "s0", "caption": "another"}, rows(2)[1]], "new")
        replacement.replace(path)
        until(lambda: viewer.json("api/state")["generation"] == 2)
        until(lambda: viewer.json("api/state")["review"]["stale"] == 1)
        assert viewer.json("api/rows")["rows"][0]["verdict"] is None
        assert ids(viewer, "state=open") == ["s0", "s1"]
        wish = {"do": "accept", "who": "anna", "id": "s0", "seen": sample["seen"]}
        assert viewer.post("api/decide", wish).status == 409


@pytest.mark.parametrize(
    "wish",
    [
        {"do": "burn"},
        {"do": "edit"},
        {"do": "accept", "set": {"caption": "x"}},
        {"do": "accept", "who": ""},
        {"do": "accept", "who": "x" * 999},
        {"do": "accept", "id": "unknown"},
        {"do": "edit", "set": {"id": 5}, "was": {"id": "s0"}},
        {"do": "accept", "note": 5},
    ],
)
def test_a_decision_that_makes_no_sense_is_refused_and_not_kept(small: Viewer, wish: dict[str, Any]) -> None:
    ids(small)
    seen = small.json("api/sample/1/rows/0")["seen"]
    answer = small.post("api/decide", {"who": "anna", "id": "s0", "seen": seen, **wish})
    assert (answer.status, "error" in answer.json()) == (400, True)
    assert small.json("api/state")["review"]["applied"] == 0
