"""Media are copied, linked or named; names are unique and safe."""

from __future__ import annotations

import os
import re
from base64 import b64encode
from pathlib import Path

import pytest

from dataflow.core import InputError, UsageError
from tests.commands import read_jsonl
from tests.export.rows import caption_row, exported, image_row, media, written
from tests.pictures import make_pictures


def images(folder: Path) -> list[str]:
    return [path for record in written(folder) for path in record["images"]]


def test_equal_names_of_different_content_do_not_meet_and_equal_content_is_there_once(tmp_path: Path):
    make_pictures(tmp_path / "x", 2)
    (tmp_path / "y").mkdir()
    (tmp_path / "x" / "p1.jpg").rename(tmp_path / "y" / "p0.jpg")
    (tmp_path / "y" / "same.jpg").write_bytes((tmp_path / "x" / "p0.jpg").read_bytes())
    rows = [image_row(n, path) for n, path in enumerate(["x/p0.jpg", "y/p0.jpg", "y/same.jpg"])]
    exported(tmp_path, rows, "llamafactory")
    one, other, same = images(tmp_path)
    assert one == same != other
    assert (tmp_path / "out" / one).read_bytes() == (tmp_path / "x" / "p0.jpg").read_bytes()
    assert (tmp_path / "out" / other).read_bytes() == (tmp_path / "y" / "p0.jpg").read_bytes()
    assert sum(file.is_file() for file in (tmp_path / "out" / "media").rglob("*")) == 2


def test_names_hold_nothing_of_the_original(tmp_path: Path):
    name = "a b;$(id)\n<image>é.JPG"
    make_pictures(tmp_path, 1)[0].rename(tmp_path / name)
    exported(tmp_path, [image_row(1, name)], "llamafactory")
    assert re.fullmatch(r"media/[0-9a-f]{2}/[0-9a-f]{32}\.jpg", images(tmp_path)[0])


def test_links_hold_the_content_and_take_no_room(tmp_path: Path):
    exported(media(tmp_path), [image_row(1, "p/p0.jpg")], "llamafactory", media="link")
    linked = tmp_path / "out" / images(tmp_path)[0]
    assert linked.stat().st_ino == (tmp_path / "p" / "p0.jpg").stat().st_ino


def test_references_are_absolute_and_nothing_is_copied(tmp_path: Path):
    exported(media(tmp_path), [image_row(1, "p/p0.jpg")], "llamafactory", media="reference")
    assert images(tmp_path) == [str(tmp_path / "p" / "p0.jpg")]
    assert not (tmp_path / "out" / "media").exists()


def test_an_address_stays_as_it_is(tmp_path: Path):
    exported(tmp_path, [image_row(1, "https://example.org/a.jpg")], "llamafactory")
    assert images(tmp_path) == ["https://example.org/a.jpg"]


def test_what_the_run_has_fetched_is_taken_from_where_it_lies(tmp_path: Path):
    from dataflow.media.fetch import fetched_path

    url = "https://example.org/clips/a.mp4"
    fetched = fetched_path(url, tmp_path / "downloads")
    fetched.parent.mkdir()
    fetched.write_bytes((media(tmp_path) / "clips" / "a.mp4").read_bytes())
    for to, kind in (("llamafactory", "copied"), ("hf", "embedded")):
        result = exported(
            tmp_path, [caption_row(1, url), caption_row(2, "https://example.org/b.mp4")], to, out=tmp_path / kind
        )
        assert result.splits == {"train": 2 if kind == "copied" else 1}
    paths = [record["videos"][0] for record in read_jsonl(tmp_path / "copied" / "train.jsonl")]
    assert (tmp_path / "copied" / paths[0]).read_bytes() == fetched.read_bytes()
    assert paths[1] == "https://example.org/b.mp4"


def test_an_image_in_the_dataset_itself_becomes_a_file(tmp_path: Path):
    (picture,) = make_pictures(tmp_path, 1)
    url = f"data:image/jpeg;base64,{b64encode(picture.read_bytes()).decode()}"
    exported(tmp_path, [image_row(1, url)], "llamafactory")
    assert (tmp_path / "out" / images(tmp_path)[0]).read_bytes() == picture.read_bytes()


def test_missing_and_foreign_files_set_their_sample_aside_with_the_reason(tmp_path: Path):
    media(tmp_path)
    (tmp_path / "secret.txt").write_text("key")
    (tmp_path / "empty.jpg").touch()
    os.mkfifo(tmp_path / "pipe.mp4")
    rows = [image_row(1, "p/p0.jpg"), image_row(2, "gone.jpg"), image_row(3, "secret.txt"), image_row(4, "empty.jpg")]
    result = exported(
        tmp_path, [*rows, caption_row(5, "pipe.mp4"), image_row(6, "p/p1.jpg", "gone.jpg")], "llamafactory"
    )
    assert (result.skipped, result.splits) == (5, {"train": 1})
    told = {record["id"]: record["message"] for record in read_jsonl(tmp_path / "out" / "skipped.jsonl")}
    assert set(told) == {2, 3, 4, 5, 6}
    assert "gone.jpg: not found (tried" in told[2]
    assert "neither an image nor a video" in told[3]
    assert "empty" in told[4]
    assert not list((tmp_path / "out").rglob("*.txt"))
    # Of a sample that is set aside no file is copied.
    assert sum(file.is_file() for file in (tmp_path / "out" / "media").rglob("*")) == 1


def test_nothing_to_export_is_an_error_that_says_why_and_leaves_nothing(tmp_path: Path):
    with pytest.raises(InputError, match=r"1 samples, 0 rejected in review, 1 not exportable.*gone\.jpg: not found"):
        exported(tmp_path, [image_row(1, "gone.jpg")], "llamafactory")
    assert [path.name for path in tmp_path.iterdir()] == ["data.jsonl"]


@pytest.mark.parametrize(("to", "how"), [("openai", "copy"), ("webdataset", "link"), ("sharegpt", "embed")])
def test_a_way_that_a_format_does_not_know_is_refused(tmp_path: Path, to: str, how: str):
    with pytest.raises(UsageError, match=f"--media {how}: {to} takes"):
        exported(media(tmp_path), [caption_row(1)], to, media=how)
