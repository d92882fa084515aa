"""An export appears whole or not at all."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import time
from pathlib import Path

import pytest

from dataflow.core import OutputError
from dataflow.export.folder import whole_folder
from tests.commands import dataflow, start, write_jsonl
from tests.export.rows import caption_row, exported, image_row, media, written
from tests.pictures import make_pictures


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_an_export_that_stands_there_is_replaced_only_when_told(tmp_path: Path):
    media(tmp_path)
    exported(tmp_path, [caption_row(1)], "llamafactory")
    with pytest.raises(OutputError, match="--force"):
        exported(tmp_path, [caption_row(2)], "llamafactory")
    assert [record["id"] for record in written(tmp_path)] == ["1-caption"]
    exported(tmp_path, [caption_row(2)], "sharegpt", force=True)
    assert "train.jsonl" not in names(tmp_path / "out")
    assert json.loads((tmp_path / "out" / "train.json").read_text())[0]["id"] == "2-caption"
    assert names(tmp_path) == ["clips", "data.jsonl", "out", "p"]


def test_what_no_export_wrote_stays_and_is_named(tmp_path: Path):
    exported(media(tmp_path), [caption_row(1), image_row(2, "p/p0.jpg")], "llamafactory")
    out = tmp_path / "out"
    (out / "notes.txt").write_text("mine")
    (out / "media/own").mkdir()
    (out / "media/own/x.jpg").write_text("mine")
    (out / ".git/refs").mkdir(parents=True)
    before = set(names(out / "media"))
    result = exported(tmp_path, [caption_row(2, "clips/b.mp4")], "sharegpt", force=True)
    assert "kept in the folder, since no export wrote it: .git, media/own, notes.txt" in result.warnings
    assert (out / "notes.txt").read_text() == (out / "media/own/x.jpg").read_text() == "mine"
    assert (out / ".git/refs").is_dir()
    assert names(out) == [".git", "export.json", "media", "notes.txt", "train.json"]
    assert len(before) == 3 and len(set(names(out / "media")) - {"own"}) == 1
    assert names(tmp_path) == ["clips", "data.jsonl", "out", "p"]
    listed = json.loads((out / "export.json").read_text())["files"]
    assert listed[0] == "export.json" and "train.json" in listed and "notes.txt" not in listed
    again = exported(tmp_path, [caption_row(3)], "sharegpt", force=True)  # the list counts from export to export
    assert "notes.txt" in again.warnings[-1] and (out / "notes.txt").exists()


def test_a_file_of_the_users_in_the_way_is_an_error_and_everything_stays(tmp_path: Path):
    exported(media(tmp_path), [caption_row(1)], "llamafactory")
    (tmp_path / "out/train.json").write_text("mine")
    with pytest.raises(OutputError, match=r"out/train\.json: no export wrote it"):
        exported(tmp_path, [caption_row(2)], "sharegpt", force=True)
    assert (tmp_path / "out/train.json").read_text() == "mine"
    assert [record["id"] for record in written(tmp_path)] == ["1-caption"]
    assert names(tmp_path) == ["clips", "data.jsonl", "out", "p"]


@pytest.mark.parametrize("about", ['{"format": "sharegpt"}', '{"files": ["../p/p0.jpg"]}', '{"files": [1]}', "no json"])
def test_an_export_without_a_list_of_its_files_is_refused_with_the_cure(tmp_path: Path, about: str):
    media(tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "out/export.json").write_text(about)
    (tmp_path / "out/thesis.tex").write_text("mine")
    with pytest.raises(OutputError, match=r"no list of the files.*rm -r"):
        exported(tmp_path, [caption_row(1)], "sharegpt", force=True)
    assert names(tmp_path / "out") == ["export.json", "thesis.tex"]


def test_a_list_by_somebody_else_reaches_nothing_behind_links(tmp_path: Path):
    media(tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "out/media").symlink_to(tmp_path / "p")
    (tmp_path / "out/export.json").write_text('{"files": ["media/p0.jpg", "gone/x"]}')
    with pytest.raises(OutputError, match="out/media: no export wrote it"):
        exported(tmp_path, [image_row(1, "p/p1.jpg")], "sharegpt", force=True)
    result = exported(tmp_path, [image_row(1, "p/p1.jpg")], "sharegpt", force=True, media="reference")
    assert "kept in the folder, since no export wrote it: media" in result.warnings
    assert len(names(tmp_path / "p")) == 4


def test_what_a_kill_between_the_two_names_left_is_settled_by_the_next_export(tmp_path: Path):
    exported(media(tmp_path), [caption_row(1)], "llamafactory")
    (tmp_path / "out/notes.txt").write_text("mine")
    shutil.copytree(tmp_path / "out", tmp_path / ".out.replaced")
    (tmp_path / "out/notes.txt").unlink()  # as a kill leaves it: the new one stands, what was kept has not moved yet
    exported(tmp_path, [caption_row(2)], "llamafactory", force=True)
    assert (tmp_path / "out/notes.txt").read_text() == "mine"
    assert names(tmp_path) == ["clips", "data.jsonl", "out", "p"]


def test_a_folder_that_is_no_export_is_never_replaced(tmp_path: Path):
    media(tmp_path)
    with pytest.raises(OutputError, match="no export, so it is left alone"):
        exported(tmp_path, [caption_row(1)], "sharegpt", out=tmp_path / "p", force=True)
    assert len(names(tmp_path / "p")) == 4
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="there is a file of that name"):
        exported(tmp_path, [caption_row(1)], "sharegpt", out=tmp_path / "file", force=True)


def test_an_empty_folder_is_taken(tmp_path: Path):
    (tmp_path / "out").mkdir()
    exported(media(tmp_path), [caption_row(1)], "llamafactory")
    assert len(written(tmp_path)) == 1


def test_an_error_half_way_keeps_the_old_export_and_leaves_nothing_else(tmp_path: Path):
    exported(media(tmp_path), [caption_row(1)], "llamafactory")
    before = names(tmp_path)
    with pytest.raises(RuntimeError), whole_folder(tmp_path / "out", force=True) as folder:
        (folder / "half").touch()
        raise RuntimeError
    assert names(tmp_path) == before
    assert len(written(tmp_path)) == 1


def test_two_exports_to_one_place_do_not_meet(tmp_path: Path):
    with whole_folder(tmp_path / "out", force=False), pytest.raises(OutputError, match="another run"):
        exported(media(tmp_path), [caption_row(1)], "sharegpt")


def test_a_kill_leaves_nothing_half_written_and_the_next_export_clears_up(tmp_path: Path):
    make_pictures(tmp_path / "p", 300)
    data = write_jsonl(tmp_path / "data.jsonl", [image_row(n, f"p/p{n % 300}.jpg") for n in range(30_000)])
    words = ["export", data, "--to", "llamafactory", "--out", "out", "--val", "0.1"]
    killed = start(*words, cwd=tmp_path)
    copied = tmp_path / ".out.partial" / "media"
    deadline = time.monotonic() + 200
    while not copied.exists() or sum(1 for _ in copied.rglob("*.jpg")) < 100:
        assert killed.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    assert not (tmp_path / "out").exists()
    data.write_bytes(b"".join(data.read_bytes().splitlines(keepends=True)[:50]))
    done = dataflow(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert names(tmp_path) == ["data.jsonl", "out", "p"]
    assert len(written(tmp_path)) + len(written(tmp_path, "val.jsonl")) == 50


def test_ctrl_c_leaves_nothing(tmp_path: Path):
    make_pictures(tmp_path / "p", 1)
    data = write_jsonl(tmp_path / "data.jsonl", [image_row(n, "p/p0.jpg") for n in range(30_000)])
    stopped = start("export", data, "--to", "llamafactory", "--out", "out", cwd=tmp_path)
    deadline = time.monotonic() + 200
    while not (tmp_path / ".out.partial" / "media").exists():
        assert stopped.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(stopped.pid, signal.SIGINT)
    assert stopped.wait(200) == 130
    assert names(tmp_path) == ["data.jsonl", "p"]


def test_a_kill_between_the_two_renames_loses_nothing(tmp_path: Path):
    exported(media(tmp_path), [caption_row(1)], "llamafactory")
    (tmp_path / "out").rename(tmp_path / ".out.replaced")  # as it stands then
    with pytest.raises(OutputError, match="--force"):
        exported(tmp_path, [caption_row(2)], "llamafactory")
    assert [record["id"] for record in written(tmp_path)] == ["1-caption"]


@pytest.mark.parametrize("to", ["sharegpt", "hf", "webdataset", "parquet", "openai"])
def test_a_full_disk_ends_in_one_line_and_leaves_nothing(tmp_path: Path, to: str):
    media(tmp_path, 200)
    data = write_jsonl(tmp_path / "data.jsonl", [image_row(n, f"p/p{n}.jpg") for n in range(200)])

    def small_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8_000, 8_000))

    done = dataflow("export", data, "--to", to, "--out", "out", cwd=tmp_path, preexec_fn=small_files)
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("error: ") and "larger than this process or disk may write" in line
    assert names(tmp_path) == ["clips", "data.jsonl", "p"]


@pytest.mark.skipif(not shutil.which("mount") or os.geteuid() != 0, reason="a full disk is made by mounting one")
def test_a_disk_without_room_is_told_as_such(tmp_path: Path):
    import subprocess

    media(tmp_path)
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", small], capture_output=True)
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    try:
        with pytest.raises(OutputError, match="no space left on the disk"):
            exported(tmp_path, [caption_row(1), caption_row(2, "clips/b.mp4")], "sharegpt", out=small / "out")
        assert names(small) == []
    finally:
        subprocess.run(["umount", small], check=True)
