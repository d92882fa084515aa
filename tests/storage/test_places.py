"""Media are found within the dataset's folders; links that lead out are followed only where they are the user's."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dataflow.core.errors import MediaError
from dataflow.storage.places import VARIABLE, MediaPlaces


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A dataset `set` beside a folder `private` that is none of its."""
    for name in ("set/media", "private"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "private/k.png").write_bytes(b"pixels")
    (tmp_path / "set/own.png").write_bytes(b"pixels")
    (tmp_path / "set/media/k.png").symlink_to(tmp_path / "private/k.png")
    (tmp_path / "set/media/in.png").symlink_to("../own.png")
    (tmp_path / "set/deep").symlink_to("../private")
    return tmp_path / "set"


@pytest.mark.parametrize("named", ["media/k.png", "./media/k.png", "deep/k.png", "media/../media/k.png"])
def test_a_link_that_leads_out_of_the_folder_is_refused_with_the_file_and_the_cure(folder: Path, named: str) -> None:
    with pytest.raises(MediaError, match=r"k\.png: a symbolic link leads out of .*/set, to .*private/k\.png.*--follow"):
        MediaPlaces((folder,)).find(named)


def test_it_is_refused_by_its_absolute_path_and_through_the_folder_beside_the_table_too(folder: Path) -> None:
    (folder / "tables").mkdir()
    for bases, named in (
        ((folder,), str(folder / "media/k.png")),
        ((folder / "tables",), "../media/k.png"),
        ((folder.parent, folder), "set/media/k.png"),  # the innermost folder counts, not that in which the user stands
    ):
        with pytest.raises(MediaError, match="leads out of"):
            MediaPlaces(bases).find(named)


def test_links_within_the_folder_and_what_a_row_names_openly_are_followed(folder: Path) -> None:
    places = MediaPlaces((folder,))
    for named in ("media/in.png", "own.png", "../private/k.png", str(folder.parent / "private/k.png")):
        assert Path(places.find(named)).read_bytes() == b"pixels"


def test_a_link_elsewhere_on_the_machine_is_its_owners(folder: Path) -> None:
    (folder.parent / "videos").symlink_to("private")
    assert MediaPlaces((folder,)).find(str(folder.parent / "videos/k.png"))


def test_a_folder_that_is_a_link_itself_is_where_it_leads(folder: Path) -> None:
    (folder.parent / "set2").symlink_to("set")
    assert MediaPlaces((folder.parent / "set2",)).find("media/in.png")
    with pytest.raises(MediaError, match="leads out of"):
        MediaPlaces((folder.parent / "set2",)).find("media/k.png")


def test_links_in_folders_that_the_user_named_and_into_the_home_of_the_data_are_followed(folder: Path) -> None:
    assert MediaPlaces((folder.parent, folder), own=(folder / "media",)).find("set/media/k.png")
    assert MediaPlaces((folder,), home=folder.parent / "private").find("media/k.png")


def test_the_option_and_the_environment_follow_all(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MediaPlaces((folder,), follow_links=True).find("media/k.png")
    monkeypatch.setenv(VARIABLE, "1")
    assert MediaPlaces((folder,)).find("deep/k.png")
    monkeypatch.setenv(VARIABLE, "0")
    with pytest.raises(MediaError):
        MediaPlaces((folder,)).find("deep/k.png")


@pytest.mark.parametrize(
    ("kept", "named"),
    [
        ("repo/.git/annex/objects/f1/K2/SHA256E-s6--aa.png/SHA256E-s6--aa.png", "repo/sub/x.png"),
        ("repo/.dvc/cache/files/md5/ab/cdef", "repo/sub/x.png"),
        ("hub/datasets--a--b/blobs/0123abcd", "hub/datasets--a--b/snapshots/rev/x.png"),
    ],
)
def test_stores_of_the_tree_are_part_of_it(tmp_path: Path, kept: str, named: str) -> None:
    for path in (tmp_path / kept, tmp_path / named):
        path.parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / kept).write_bytes(b"pixels")
    (tmp_path / named).symlink_to(os.path.relpath(tmp_path / kept, (tmp_path / named).parent))
    assert MediaPlaces(((tmp_path / named).parent,)).find("x.png")


def test_a_store_that_is_itself_a_link_out_is_none(folder: Path) -> None:
    (folder / ".git/annex").mkdir(parents=True)
    (folder / ".git/annex/objects").symlink_to(folder.parent / "private")
    (folder / "x.png").symlink_to(".git/annex/objects/k.png")
    with pytest.raises(MediaError, match="leads out of"):
        MediaPlaces((folder,)).find("x.png")
