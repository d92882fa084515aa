"""`dataflow probe`: files looked into, as a user does it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from tests.commands import dataflow
from tests.media.damage import DAMAGE, audio_only
from tests.media.media_clips import CLIPS

GOP30 = next(clip for clip in CLIPS if clip.name == "gop30.mp4")
ROTATED = next(clip for clip in CLIPS if clip.name == "rotated.mp4")


def test_a_video_is_described_with_the_frames_that_a_plan_takes(tmp_path: Path) -> None:
    GOP30.make(tmp_path)
    done = dataflow("probe", "gop30.mp4", "--frames", "uniform:3", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert lines[0] == "gop30.mp4"
    assert lines[1].startswith("kind video, mov") and lines[1].endswith("h264")
    assert lines[2:6] == [
        "size 192x128",
        "duration 3.000 s at 30 frames a second",
        "frames 90, of which 3 are keyframes",
        "sound no",
    ]
    assert lines[6:] == ["uniform:3 takes 3 frames", "0.500 s #15", "1.500 s #45", "2.500 s #75"]


def test_json_holds_one_object_per_file_in_their_order_and_errors_among_them(tmp_path: Path) -> None:
    ROTATED.make(tmp_path)
    (tmp_path / "bad.mp4").write_bytes(DAMAGE["text"](b""))
    Image.new("RGB", (30, 20)).save(tmp_path / "still.png")
    words = ["rotated.mp4", "bad.mp4", "missing.mp4", "still.png"]
    done = dataflow("probe", *words, "--frames", "keyframes:2", "--json", cwd=tmp_path)
    assert done.returncode == 1
    video, bad, missing, still = json.loads(done.stdout)
    assert (video["file"], video["width"], video["height"], video["rotation"]) == ("rotated.mp4", 192, 128, 90)
    assert [entry["frame"] for entry in video["planned"]] == [0, 60]
    assert [entry["time"] for entry in video["planned"]] == pytest.approx([0, 2])
    assert "bad.mp4" in bad["error"] and "missing.mp4" in missing["error"]
    assert (still["kind"], still["width"], still["height"], still["codec"]) == ("image", 30, 20, "RGB")
    assert "planned" not in still


def test_a_file_that_cannot_be_read_costs_one_line_and_the_others_are_shown(tmp_path: Path) -> None:
    GOP30.make(tmp_path)
    audio_only(tmp_path / "sound.mp4")
    (tmp_path / "zero.mp4").write_bytes(b"")
    done = dataflow("probe", "zero.mp4", "sound.mp4", "gop30.mp4", cwd=tmp_path)
    assert done.returncode == 1
    zero, sound = done.stderr.strip().splitlines()
    assert zero.startswith("error: ") and "zero.mp4 is empty" in zero
    assert sound.startswith("error: ") and "sound.mp4" in sound
    assert done.stdout.splitlines()[0] == "gop30.mp4"


def test_the_contact_sheet_shows_the_frames_of_the_first_video(tmp_path: Path) -> None:
    GOP30.make(tmp_path)
    Image.new("RGB", (30, 20)).save(tmp_path / "still.png")
    words = ["still.png", "gop30.mp4", "--frames", "uniform:4", "--contact-sheet", "sheet.png"]
    done = dataflow("probe", *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    with Image.open(tmp_path / "sheet.png") as sheet:
        width, height = sheet.size
    assert width > 2 * 192 and height > 2 * 128
    assert width < 3 * 192 and height < 3 * 128


def test_a_contact_sheet_without_a_video_is_an_error(tmp_path: Path) -> None:
    Image.new("RGB", (30, 20)).save(tmp_path / "still.png")
    done = dataflow("probe", "still.png", "--contact-sheet", "sheet.png", cwd=tmp_path)
    assert done.returncode == 1
    assert "sheet.png" in done.stderr and not (tmp_path / "sheet.png").exists()


def test_a_slip_in_the_plan_is_told_before_any_file_is_looked_at(tmp_path: Path) -> None:
    done = dataflow("probe", "missing.mp4", "--frames", "uniforn:3", cwd=tmp_path)
    assert done.returncode == 2
    assert "uniform:N" in done.stderr and "missing.mp4" not in done.stderr
