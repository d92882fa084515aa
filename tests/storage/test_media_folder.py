"""A folder, a glob or a single file of media is a dataset, in the order in which a person counts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dataflow.core.errors import InputError
from dataflow.core.storage import BadRow
from dataflow.storage.media_folder import MediaFolder, is_media_source
from dataflow.storage.media_kinds import BOTH


def put(path: Path) -> Path:
    """A file that is not empty."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return path


def media_rows(entry: str | Path, usable=BOTH) -> list:
    return list(MediaFolder(Path(entry), usable).rows())


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in (
        "img10.jpg",
        "img2.JPG",
        "b/clip.mp4",
        "b/c/x.webm",
        ".hidden.jpg",
        ".git/y.png",
        "notes.txt",
        "a.json",
    ):
        put(tmp_path / "media" / name)
    (tmp_path / "media" / "folder.jpg").mkdir()
    monkeypatch.chdir(tmp_path)
    return Path("media")


def ids(entry: str | Path) -> list[str]:
    return [row["id"] for row in media_rows(entry) if not isinstance(row, BadRow)]


def test_a_folder_is_taken_whole_in_natural_order_with_paths_as_they_were_named(folder):
    assert list(media_rows("media")) == [
        {"id": "b/c/x.webm", "video": ["media/b/c/x.webm"]},
        {"id": "b/clip.mp4", "video": ["media/b/clip.mp4"]},
        {"id": "img2.JPG", "image": ["media/img2.JPG"]},
        {"id": "img10.jpg", "image": ["media/img10.jpg"]},
    ]


def test_a_glob_takes_what_it_matches(folder):
    assert list(media_rows("media/img*")) == [
        {"id": "img2.JPG", "image": ["media/img2.JPG"]},
        {"id": "img10.jpg", "image": ["media/img10.jpg"]},
    ]
    assert ids("media/**/*.webm") == ["b/c/x.webm"]


def test_one_file_is_a_dataset_of_one(folder):
    assert media_rows("media/b/clip.mp4") == [{"id": "clip.mp4", "video": ["media/b/clip.mp4"]}]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("./media/", ["b/c/x.webm", "b/clip.mp4", "img2.JPG", "img10.jpg"]),
        ("media/../media/b", ["c/x.webm", "clip.mp4"]),
        ("*/*/*", ["media/b/clip.mp4"]),
        ("media/b/**/*.*", ["c/x.webm", "clip.mp4"]),
        ("media/./b/c/../clip.mp4", ["clip.mp4"]),
        ("*/[b]/*.mp4", ["media/b/clip.mp4"]),
    ],
)
def test_an_id_is_the_path_below_what_was_named_however_it_was_named(folder, entry, expected):
    assert ids(entry) == expected
    absolute = Path.cwd() / entry
    assert ids(absolute) == expected


def test_files_that_come_and_go_change_no_other_id(folder):
    before = ids("media")
    (folder / "a" / "new").mkdir(parents=True)
    for name in ("a/new/first.png", "b/between.mov", "img3.png", "z.mp4"):
        put(folder / name)
    (folder / "img2.JPG").unlink()
    after = ids("media")
    assert [id for id in after if id in before] == [id for id in before if id != "img2.JPG"]
    assert len(after) == len(set(after)) == 7


@pytest.mark.parametrize(
    "name", ["ü 日本 %41.png", "a#b?c&d.png", "[x].png", "x..b.png", "100%.png", "'\\\".png", "1.png"]
)
def test_any_name_of_a_file_makes_an_id(tmp_path, name):
    put(tmp_path / "[set]" / name)
    assert ids(tmp_path) == [f"[set]/{name}"]
    assert [row["image"] for row in media_rows(tmp_path / "[set]")] == [[str(tmp_path / "[set]" / name)]]


@pytest.mark.parametrize("entry", ["media/b/c/*.png", "media/folder.jpg"])
def test_where_there_is_nothing_the_known_kinds_are_named(folder, entry):
    with pytest.raises(InputError, match=r"no image or video there. Known are .*\.jpg.*\.mp4"):
        media_rows(entry)


def test_where_there_are_files_of_other_kinds_they_are_named(folder):
    with pytest.raises(InputError, match=r"there that can be taken: took nothing; passed over 1: 1 txt"):
        media_rows("media/*.txt")


def test_what_is_media_and_what_a_dataset(folder):
    (folder / "odd[1].jsonl").touch()
    media = ["media", "media/*.jpg", "media/b/clip.mp4", "gone/*.mp4"]
    datasets = ["media/a.json", "gone.jsonl", "media/odd[1].jsonl", "media/notes.txt"]
    assert [is_media_source(entry) for entry in media] == [True] * 4
    assert [is_media_source(entry) for entry in datasets] == [False] * 4


def test_a_name_that_is_not_utf_8_costs_its_row_only(tmp_path):
    put(tmp_path / "a.jpg")
    put(Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xe9.jpg")))
    good, bad = media_rows(tmp_path)
    assert good == {"id": "a.jpg", "image": [str(tmp_path / "a.jpg")]}
    assert isinstance(bad, BadRow)
    assert "not UTF-8. Rename it" in bad.message


def test_equal_numbers_written_differently_and_numbers_beside_text_have_an_order(tmp_path):
    names = ["1.jpg", "01.jpg", "a.jpg", "a1.jpg", "1a.jpg", "A2.jpg", "²x.jpg"]
    for name in names:
        put(tmp_path / name)
    found = [Path(row["image"][0]).name for row in media_rows(tmp_path)]
    assert sorted(found) == sorted(names)
    assert found.index("a1.jpg") < found.index("A2.jpg")
