"""Which subtitle file belongs to a video."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dataflow.operators.core_vision.generate.side_subtitles import subtitles_beside


def chosen(folder: Path, video: str, *files: str) -> str | None:
    for name in (video, *files):
        (folder / name).touch()
    found = subtitles_beside(folder / video)
    return None if found is None else found.name


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (("a.srt", "a.en.srt"), "a.srt"),
        (("a.vtt", "a.srt"), "a.srt"),
        (("a.vtt", "a.en.srt"), "a.vtt"),
        (("a.de.srt", "a.en.vtt", "a.fr.srt"), "a.en.vtt"),
        (("a.en-US.srt", "a.de.srt"), "a.en-US.srt"),
        (("a.en-US.srt", "a.en.forced.srt", "a.en.srt"), "a.en.srt"),
        (("a.eng.sdh.srt", "a.de.srt"), "a.eng.sdh.srt"),
        (("a.fr.vtt", "a.de.vtt", "a.zh-Hans.vtt"), "a.de.vtt"),
        (("a.pt_BR.SRT",), "a.pt_BR.SRT"),
        (("a.old.srt", "a.part1.srt", "ab.srt", "b.en.srt", "a.en.txt", "aen.srt"), None),
        ((), None),
    ],
)
def test_the_same_name_goes_first_then_english_then_the_first_language(
    tmp_path: Path, files: tuple[str, ...], expected: str | None
) -> None:
    assert chosen(tmp_path, "a.mp4", *files) == expected


def test_names_with_dots_brackets_and_stars_are_taken_as_they_are(tmp_path: Path) -> None:
    assert chosen(tmp_path, "a.final [x]*.mp4", "a.srt", "a.final [x]*.en.srt") == "a.final [x]*.en.srt"


def test_subtitles_of_another_video_are_left_to_it(tmp_path: Path) -> None:
    assert chosen(tmp_path, "a.mp4", "a.en.mp4", "a.en.srt") is None
    assert chosen(tmp_path, "a.en.mp4") == "a.en.srt"


def test_a_file_that_comes_later_is_seen(tmp_path: Path) -> None:
    assert chosen(tmp_path, "a.mp4") is None
    (tmp_path / "a.en.srt").touch()
    os.utime(tmp_path, ns=(1, 1))  # a clock of the file system that stands still would hide the change
    assert chosen(tmp_path, "a.mp4") == "a.en.srt"


def test_a_folder_that_is_gone_has_none(tmp_path: Path) -> None:
    assert subtitles_beside(tmp_path / "gone/a.mp4") is None
