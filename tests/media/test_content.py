"""A file is known by its content; one that is not what its name says goes nowhere."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from PIL import Image

from dataflow.core.errors import MediaError
from dataflow.media.content import check_medium, known_by

DATA = Path(__file__).parents[2] / "dataflow/workspace/data"


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.gif", "a.bmp", "a.tif", "a.tga", "a.ppm", "a.jp2"])
def test_pictures_pass_by_their_content(tmp_path: Path, name: str) -> None:
    Image.new("RGB", (16, 12), (9, 120, 30)).save(tmp_path / name)
    check_medium(tmp_path / name)


def test_a_header_behind_a_large_profile_is_found(tmp_path: Path) -> None:
    Image.new("RGB", (16, 12)).save(tmp_path / "a.jpg", icc_profile=os.urandom(60_000))
    check_medium(tmp_path / "a.jpg")


def test_clips_and_texts_that_are_pictures_pass(tmp_path: Path) -> None:
    check_medium(min((DATA / "videos").glob("*.mp4")))
    (tmp_path / "a.pgm").write_text("P2\n2 2\n255\n0 1\n2 3\n")
    check_medium(tmp_path / "a.pgm")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("k.png", b"-----BEGIN OPENSSH PRIVATE KEY-----\n" * 3),
        ("k.mp4", b"-----BEGIN OPENSSH PRIVATE KEY-----\n" * 3),
        ("k.jpg", bytes(range(256)) * 20),
        ("k.mov", bytes(range(255, -1, -1)) * 20),
        ("k.tga", b"SQLite format 3\0" + bytes(range(1, 200)) * 20),
        ("k.jpg", b"\xff\xd8\xff" + b"not a picture at all " * 50),
        ("k.png", b"\x89PNG\r\n\x1a\n" + b"not a picture at all " * 50),
        ("k.webp", b"RIFF\x20\x00\x00\x00WEBP" + b"not a picture at all " * 50),
    ],
)
def test_what_is_no_medium_is_refused_without_a_word_of_its_content(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(MediaError) as caught:
        check_medium(tmp_path / name)
    assert name in str(caught.value) and "BEGIN" not in str(caught.value)


def test_a_film_named_as_a_picture_and_a_picture_named_as_a_film_are_refused(tmp_path: Path) -> None:
    shutil.copy(min((DATA / "videos").glob("*.mp4")), tmp_path / "film.jpg")
    Image.new("RGB", (16, 12)).save(tmp_path / "still.png")
    (tmp_path / "still.png").rename(tmp_path / "still.mp4")
    with pytest.raises(MediaError, match=r"film\.jpg is a video by its content and an image by its name"):
        check_medium(tmp_path / "film.jpg")
    with pytest.raises(MediaError, match=r"still\.mp4 is an image by its content and a video by its name"):
        check_medium(tmp_path / "still.mp4")


def test_the_format_is_told_by_the_first_bytes(tmp_path: Path) -> None:
    Image.new("RGB", (4, 4)).save(tmp_path / "a.png")
    (tmp_path / "a.png").rename(tmp_path / "a.jpg")
    assert known_by(tmp_path / "a.jpg") == ".png"
