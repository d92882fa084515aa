"""Our own files are never opened through a link, be it a symbolic one or another name of somebody's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from dataflow.core.errors import OutputError
from dataflow.storage.lock import is_locked, output_lock
from dataflow.storage.own_files import create, make_new_folder, make_own_folder, refuse_link, write_new
from dataflow.storage.places import VARIABLE
from dataflow.storage.spool import Spool


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    path = tmp_path / "victim"
    path.write_text("mine")
    return path


def test_a_second_name_of_a_file_is_given_up_and_the_file_stays(tmp_path: Path, victim: Path) -> None:
    for name in ("v.jsonl.spool", ".v.jsonl.spool.index", ".v.jsonl.lock", "new"):
        (tmp_path / name).hardlink_to(victim)
    with output_lock(tmp_path / "v.jsonl"):
        assert is_locked(tmp_path / "v.jsonl")
        spool = Spool(tmp_path / "v.jsonl.spool")
        spool.put(0, [{"id": 1}])
        assert list(spool.ordered()) == [{"id": 1}]
        spool.close()
    write_new(tmp_path / "new", b"ours")
    assert victim.read_text() == "mine" and victim.stat().st_nlink == 1


def test_a_lock_that_is_a_link_is_refused_with_the_cure_and_is_no_lock(tmp_path: Path, victim: Path) -> None:
    (tmp_path / ".v.lock").symlink_to(victim)
    assert not is_locked(tmp_path / "v")
    with (
        pytest.raises(OutputError, match=r"\.v\.lock is a symbolic link, to .*victim.*rm '"),
        output_lock(tmp_path / "v"),
    ):
        pass
    assert victim.read_text() == "mine"


def test_what_is_made_anew_takes_the_place_of_a_link(tmp_path: Path, victim: Path) -> None:
    (tmp_path / "link").symlink_to(victim)
    with open(create(tmp_path / "link"), "wb") as file:
        file.write(b"ours")
    (tmp_path / "folder").symlink_to(tmp_path)
    make_new_folder(tmp_path / "folder")
    assert (
        victim.read_text() == "mine"
        and not (tmp_path / "link").is_symlink()
        and not any((tmp_path / "folder").iterdir())
    )


def test_folders_that_are_links_are_refused_unless_they_are_the_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "media").symlink_to(tmp_path)
    with pytest.raises(OutputError, match=f"media is a symbolic link.*{VARIABLE}=1"):
        make_own_folder(tmp_path / "media")
    monkeypatch.setenv(VARIABLE, "1")
    make_own_folder(tmp_path / "media")
    refuse_link(tmp_path / "absent")
