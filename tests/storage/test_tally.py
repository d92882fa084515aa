"""A folder tells what it took and what it passed over, and why."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dataflow.core.errors import InputError
from dataflow.storage import media_folder
from dataflow.storage.media_folder import MediaFolder
from dataflow.storage.media_kinds import BOTH
from tests.storage.test_media_folder import put


def tally(entry: Path, usable: frozenset[str] = BOTH) -> str:
    return str(MediaFolder(entry, usable).survey())


def test_what_is_passed_over_is_counted_by_ending_and_reason(tmp_path, monkeypatch):
    monkeypatch.setattr(media_folder, "heic_can_be_read", lambda: False)
    for name in ("a.jpg", "b.PNG", "c.mp4", "1.pdf", "2.PDF", "x/3.pdf", "d.heic", "E.HEIC", "README", ".e.jpg", ".x"):
        put(tmp_path / name)
    (tmp_path / "empty.jpg").touch()
    (tmp_path / "app.ts").write_text("let a = 1;")
    os.mkfifo(tmp_path / "pipe.jpg")
    for name in ("gone.jpg", "gone too"):
        (tmp_path / name).symlink_to("/nowhere/at/all")
    assert tally(tmp_path) == (
        "took 2 images and 1 video; passed over 12: 3 pdf, 2 broken links, 2 heic (pip install 'dataflow-mm[heic]'), "
        "1 empty, 1 hidden, 1 pipe or device, 1 ts, 1 without an ending"
    )
    folder = MediaFolder(tmp_path)
    assert folder.survey().as_dict() == {
        "images": 2,
        "videos": 1,
        "passed_over": {
            "pdf": 3,
            "broken links": 2,
            "heic (pip install 'dataflow-mm[heic]')": 2,
            "empty": 1,
            "hidden": 1,
            "pipes or devices": 1,
            "ts": 1,
            "without an ending": 1,
        },
    }
    assert len(list(folder.rows())) == folder.tally.samples == 3


def test_nothing_is_said_of_what_is_not_there(tmp_path):
    put(tmp_path / "a.jpg")
    assert tally(tmp_path) == "took 1 image"


def test_a_linked_folder_is_followed_once_and_a_loop_is_not(tmp_path):
    put(tmp_path / "in/a.jpg")
    put(tmp_path / "in/real/b.jpg")
    put(tmp_path / "in/.store/hidden.jpg")
    put(tmp_path / "elsewhere/sub/c.jpg")
    for name, target in (
        ("1-sub", "elsewhere/sub"),
        ("2-around", "elsewhere"),
        ("3-again", "elsewhere"),
        ("4-loop", "in"),
        ("5-above", "."),
        ("6-inside", "in/real"),
        ("7-store", "in/.store"),
    ):
        (tmp_path / "in" / name).symlink_to(tmp_path / target)
    (tmp_path / "elsewhere/back").symlink_to(tmp_path / "elsewhere")
    folder = MediaFolder(tmp_path / "in")
    assert [row["id"] for row in folder.rows()] == ["1-sub/c.jpg", "7-store/hidden.jpg", "a.jpg", "real/b.jpg"]
    assert str(folder.tally) == "took 4 images; passed over 6: 6 links to folders that are taken already"


def test_a_glob_of_any_depth_takes_nothing_twice_through_a_loop(tmp_path):
    put(tmp_path / "a.jpg")
    put(tmp_path / "sub/b.jpg")
    (tmp_path / "sub/loop").symlink_to(tmp_path)
    rows = list(MediaFolder(tmp_path / "**" / "*.jpg").rows())
    assert [row["id"] for row in rows] == ["a.jpg", "sub/b.jpg"]


def test_a_linked_file_is_taken_under_its_own_name(tmp_path):
    put(tmp_path / "blobs/1234")
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.jpg").symlink_to(tmp_path / "blobs/1234")
    assert [row["id"] for row in MediaFolder(tmp_path / "in").rows()] == ["a.jpg"]


def test_what_the_pipeline_cannot_use_is_passed_over_and_what_it_can_goes_there(tmp_path):
    for name in ("a.jpg", "b.mp4", "c.gif"):
        put(tmp_path / name)
    films = MediaFolder(tmp_path, frozenset({"video"}))
    assert [sorted(row) for row in films.rows()] == [["id", "video"]] * 2
    assert str(films.tally) == "took 2 videos; passed over 1: 1 image (this pipeline reads videos)"
    assert tally(tmp_path, frozenset({"image"})) == (
        "took 2 images; passed over 1: 1 video (this pipeline reads images)"
    )


def test_a_folder_with_nothing_to_take_says_what_is_in_it(tmp_path):
    put(tmp_path / "a.pdf")
    (tmp_path / "b.jpg").touch()
    with pytest.raises(InputError, match="took nothing; passed over 2: 1 empty, 1 pdf"):
        list(MediaFolder(tmp_path).rows())
