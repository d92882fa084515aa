"""Several datasets are read as one, and each finds its own media."""

from __future__ import annotations

from pathlib import Path

import pytest

from dataflow.core.errors import InputError
from dataflow.core.storage import BadRow
from dataflow.storage.joined import JoinedInputs
from dataflow.storage.paths import resolve_media
from tests.commands import write_jsonl
from tests.pictures import make_pictures


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders `a` and `b`, each with pictures `p0.jpg` and `p1.jpg`; `a` has `only.jpg` too."""
    for name in ("a", "b"):
        make_pictures(tmp_path / name, 2)
    (tmp_path / "a/p1.jpg").rename(tmp_path / "a/only.jpg")
    make_pictures(tmp_path / "a", 2)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_rows_of_the_second_follow_those_of_the_first(here: Path) -> None:
    write_jsonl(here / "a.jsonl", [{"n": 1}, {"n": 2}])
    (here / "b.csv").write_text("n\n3\n4\n")
    joined = JoinedInputs(["a.jsonl", "b.csv", "b"])
    rows = list(joined.rows())
    assert [row.get("n") for row in rows if isinstance(row, dict)] == [1, 2, 3, 4, None, None]
    assert rows[-1]["image"] == ["b/p1.jpg"]
    assert joined.count() == 6
    assert joined.paths == (Path("a.jsonl"), Path("b.csv"), Path("b"))
    assert joined.media_bases == (here, Path(), Path("b"))


def test_a_bad_row_is_counted_from_the_first_row_of_all(here: Path) -> None:
    write_jsonl(here / "a.jsonl", [{"n": 1}, {"n": 2}])
    (here / "b.jsonl").write_text('{"n": 3}\n{"n": \n')
    bad = [row for row in JoinedInputs(["a.jsonl", "b.jsonl"]).rows() if isinstance(row, BadRow)]
    assert [row.row for row in bad] == [4]
    assert "b.jsonl:2" in bad[0].message


@pytest.mark.parametrize("order", [["a/in.jsonl", "b/in.jsonl"], ["b/in.jsonl", "a/in.jsonl"]])
def test_a_path_leads_to_the_picture_beside_the_dataset_that_names_it(here: Path, order: list[str]) -> None:
    for name in ("a", "b"):
        row = {"whose": name, "image": "p0.jpg", "Clips": [{"Frames_Images": ["./p1.jpg", f"{name}/p0.jpg"]}]}
        write_jsonl(here / name / "in.jsonl", [row])
    joined = JoinedInputs(order)
    rows = list(joined.rows())
    assert [row["whose"] for row in rows] == [name[0] for name in order]
    for row in rows:
        for path in (row["image"], *row["Clips"][0]["Frames_Images"]):
            found = Path(resolve_media(path, joined.media_bases))
            assert found.resolve().parent == here / row["whose"]


def test_rows_whose_paths_lead_right_stay_as_they_are(here: Path) -> None:
    kept = {
        "image": ["p0.jpg"],
        "caption": "a cat.",
        "long": "A sentence. " * 50,
        "n": 3,
        "tags": ["p", "q"],
        "deep": {"of": None},
    }
    write_jsonl(here / "a/in.jsonl", [kept])
    write_jsonl(here / "b/in.jsonl", [{**kept, "image": "b/p1.jpg", "more": "https://example.com/p0.jpg"}])
    first, second = JoinedInputs(["a/in.jsonl", "b/in.jsonl"]).rows()
    assert first == kept
    assert second == {**kept, "image": "b/p1.jpg", "more": "https://example.com/p0.jpg"}


def test_a_picture_that_is_missing_is_not_taken_from_beside_another_dataset(here: Path) -> None:
    write_jsonl(here / "a/in.jsonl", [{"image": "p0.jpg"}])
    write_jsonl(here / "b/in.jsonl", [{"image": "only.jpg"}])
    for order in (["a/in.jsonl", "b/in.jsonl"], ["b/in.jsonl", "a/in.jsonl"]):
        rows = [row for row in JoinedInputs(order).rows() if isinstance(row, dict)]
        assert [row["image"] for row in rows if "only" in row["image"]] == ["b/only.jpg"]


def test_a_dataset_that_cannot_be_read_is_named(here: Path) -> None:
    write_jsonl(here / "a.jsonl", [{"n": 1}])
    joined = JoinedInputs(["a.jsonl", "gone.jsonl"])
    assert joined.count() is None
    with pytest.raises(InputError, match=r"gone\.jsonl: there is no such file"):
        list(joined.rows())
