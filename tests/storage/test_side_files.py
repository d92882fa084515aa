"""What stands beside images and videos about them becomes columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from dataflow.storage.formats import write_rows
from dataflow.storage.media_folder import MediaFolder
from dataflow.storage.side_files import LARGEST_BYTES
from tests.storage.test_media_folder import put


def read(entry: Path) -> tuple[dict, list[str]]:
    """The rows by id, without id and media, and the warnings."""
    warnings: list[str] = []
    rows = list(MediaFolder(entry).rows(warnings.append))
    return {row["id"]: {k: v for k, v in row.items() if k not in ("id", "image", "video")} for row in rows}, warnings


def test_text_and_json_beside_a_medium_become_columns(tmp_path):
    for name in ("a.jpg", "b.mp4", "c.png", "d.png"):
        put(tmp_path / name)
    (tmp_path / "a.txt").write_text("a red cat\n")
    (tmp_path / "b.json").write_text('{"title": "B", "tags": ["x"], "id": 7, "video": "elsewhere"}')
    (tmp_path / "c.png.txt").write_bytes("\ufeffgrün".encode())
    (tmp_path / "c.png.json").write_text('{"n": 1}')
    rows, warnings = read(tmp_path)
    assert rows == {
        "a.jpg": {"text": "a red cat"},
        "b.mp4": {"title": "B", "tags": ["x"], "source_id": 7},
        "c.png": {"n": 1, "text": "grün"},
        "d.png": {},
    }
    assert warnings == []
    assert str(MediaFolder(tmp_path).survey()) == "took 3 images and 1 video"


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "parquet"])
def test_metadata_of_the_hub_becomes_columns_and_the_nearest_wins(tmp_path, suffix):
    for name in ("train/a.jpg", "train/deep/b.jpg", "c.jpg"):
        put(tmp_path / name)
    write_rows(
        tmp_path / f"metadata.{suffix}",
        [
            {"file_name": "c.jpg", "text": "C"},
            {"file_name": "train/a.jpg", "text": "from above"},
            {"file_name": "train/deep/b.jpg", "text": "B"},
            {"file_name": "gone.jpg", "text": "G"},
        ],
    )
    write_rows(tmp_path / f"train/metadata.{suffix}", [{"file_name": "a.jpg", "text": "A"}])
    rows, warnings = read(tmp_path)
    assert rows == {"c.jpg": {"text": "C"}, "train/a.jpg": {"text": "A"}, "train/deep/b.jpg": {"text": "B"}}
    assert warnings == ["1 row of metadata names a file that the input does not have"]
    assert str(MediaFolder(tmp_path).survey()) == "took 3 images"
    assert read(tmp_path / "train")[0] == {"a.jpg": {"text": "A"}, "deep/b.jpg": {}}
    assert read(tmp_path / "*.jpg") == ({"c.jpg": {"text": "C"}}, [])
    assert read(tmp_path / "c.jpg") == ({"c.jpg": {"text": "C"}}, [])


def test_a_side_file_that_cannot_be_read_costs_its_fields_alone_and_is_told(tmp_path):
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        put(tmp_path / name)
    (tmp_path / "a.json").write_text('{"title": ')
    (tmp_path / "b.txt").write_bytes(b"caf\xe9")
    (tmp_path / "metadata.jsonl").write_text('{"file_name": "c.jpg", "n": 1}\n{"no": "name"}\n{"file_')
    rows, (warning,) = read(tmp_path)
    assert rows == {"a.jpg": {}, "b.jpg": {}, "c.jpg": {"n": 1}}
    assert warning.startswith("4 side files, or rows of metadata, cannot be read")
    assert "metadata.jsonl: a row without a file_name" in warning


def test_text_that_belongs_to_no_medium_is_passed_over(tmp_path):
    put(tmp_path / "a.jpg")
    put(tmp_path / "notes.txt")
    put(tmp_path / "config.json")
    assert str(MediaFolder(tmp_path).survey()) == "took 1 image; passed over 2: 1 json, 1 txt"


def test_a_side_file_larger_than_words_are_is_not_read(tmp_path):
    put(tmp_path / "p0.jpg")
    put(tmp_path / "p1.jpg")
    with open(tmp_path / "p0.txt", "wb") as file:
        file.truncate(LARGEST_BYTES + 1)
    rows, (warning,) = read(tmp_path)
    assert rows == {"p0.jpg": {}, "p1.jpg": {}}
    assert f"p0.txt: larger than {LARGEST_BYTES:,} bytes" in warning
