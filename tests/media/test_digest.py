"""What a file's content is known by."""

from __future__ import annotations

import pytest

from dataflow.core.errors import MediaError
from dataflow.media.digest import WHOLE_UP_TO, bytes_digest, file_digest


def write_large(path, size: int = WHOLE_UP_TO + 10, change_at: int | None = None):
    with path.open("wb") as file:
        file.truncate(size)
        if change_at is not None:
            file.seek(change_at)
            file.write(b"x")
    return path


def test_a_small_file_is_known_by_its_content_whatever_its_name(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"picture")
    (tmp_path / "b.jpg").write_bytes(b"picture")
    assert file_digest(tmp_path / "a.jpg") == file_digest(tmp_path / "b.jpg") == bytes_digest(b"picture")
    assert bytes_digest(b"pictures") != bytes_digest(b"picture")


def test_any_byte_of_a_file_of_16_mb_counts(tmp_path):
    path = write_large(tmp_path / "a", WHOLE_UP_TO, change_at=WHOLE_UP_TO // 3)
    assert file_digest(path) != file_digest(write_large(tmp_path / "b", WHOLE_UP_TO))


@pytest.mark.parametrize("at", [0, 255 * 1024, WHOLE_UP_TO + 9])
def test_the_ends_of_a_large_file_count(tmp_path, at):
    assert file_digest(write_large(tmp_path / "a", change_at=at)) != file_digest(write_large(tmp_path / "b"))


def test_the_size_of_a_large_file_counts(tmp_path):
    assert file_digest(write_large(tmp_path / "a", WHOLE_UP_TO + 1)) != file_digest(write_large(tmp_path / "b"))


def test_between_the_blocks_only_the_full_digest_sees_a_change(tmp_path):
    one, other = write_large(tmp_path / "a", change_at=600 * 1024), write_large(tmp_path / "b")
    assert file_digest(one) == file_digest(other)
    assert file_digest(one, full=True) != file_digest(other, full=True)


def test_a_full_and_a_sampled_digest_never_coincide(tmp_path):
    path = write_large(tmp_path / "a")
    assert file_digest(path) != file_digest(path, full=True)
    assert file_digest(path, full=True) == bytes_digest(path.read_bytes())


def test_a_missing_file_is_a_media_error(tmp_path):
    with pytest.raises(MediaError, match="no such file"):
        file_digest(tmp_path / "none")
