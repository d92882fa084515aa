"""Media are looked for in each base folder, in order, and what is not found says where it was looked for."""

from __future__ import annotations

import pytest

from dataflow.core.errors import MediaError
from dataflow.storage.paths import resolve_media


@pytest.fixture
def bases(tmp_path):
    for folder in ("first", "second"):
        (tmp_path / folder / "videos").mkdir(parents=True)
    return tmp_path / "first", tmp_path / "second"


def test_the_first_base_that_has_it_wins(bases):
    (bases[1] / "videos" / "a.mp4").touch()
    assert resolve_media("./videos/a.mp4", bases) == str(bases[1] / "videos" / "a.mp4")
    (bases[0] / "videos" / "a.mp4").touch()
    assert resolve_media("./videos/a.mp4", bases) == str(bases[0] / "videos" / "a.mp4")


def test_an_absolute_path_stays(bases, tmp_path):
    (tmp_path / "a.jpg").touch()
    assert resolve_media(str(tmp_path / "a.jpg"), bases) == str(tmp_path / "a.jpg")
    with pytest.raises(MediaError, match=r"/gone/a\.jpg: not found \(tried /gone/a\.jpg\)"):
        resolve_media("/gone/a.jpg", bases)


def test_what_is_nowhere_names_everything_that_was_tried(bases):
    with pytest.raises(MediaError) as error:
        resolve_media("a.jpg", bases)
    assert str(error.value) == f"a.jpg: not found (tried {bases[0] / 'a.jpg'} and {bases[1] / 'a.jpg'})"


def test_the_home_folder_is_understood(tmp_path, bases, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "a.jpg").touch()
    assert resolve_media("~/a.jpg", bases) == str(tmp_path / "a.jpg")


@pytest.mark.parametrize(
    "url",
    ["http://host/a.jpg", "https://host/a b.jpg", "HTTPS://HOST/a", "data:image/png;base64,AAAA", "s3://bucket/a.mp4"],
)
def test_a_url_is_left_alone(url, bases):
    assert resolve_media(url, bases) == str(url)


def test_a_folder_is_no_medium(bases):
    with pytest.raises(MediaError, match="is a folder, not an image or video"):
        resolve_media("videos", bases)


@pytest.mark.parametrize("path", ["", "  ", "a" * 5000, "a\0b", "~nobody-of-that-name/x.jpg", "videos/../../gone.jpg"])
def test_a_path_that_makes_no_sense_costs_its_sample_only(path, bases):
    with pytest.raises(MediaError):
        resolve_media(path, bases)
