"""Content digests, remembered so that a second look reads no file."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from dataflow.core import ImagePart, MediaError, VideoPart
from dataflow.engine.digests import Digests
from dataflow.engine.ledger import SqliteLedger
from dataflow.engine.remote import Remote
from dataflow.media.digest import bytes_digest
from dataflow.storage.places import MediaPlaces


def digest_of(folder: Path, *parts: ImagePart | VideoPart) -> list[tuple[str | bytes, str]]:
    """Source and digest of each part as a new run finds them, with the ledger of earlier runs."""

    async def run() -> list[tuple[str | bytes, str]]:
        ledger = SqliteLedger(folder / "ledger.sqlite")
        digests = Digests(ledger, MediaPlaces((folder / "a", folder)), Remote(ledger, folder))
        try:
            found = [await digests.locate(part) for part in parts]
        finally:
            ledger.close()
        return [(part.source, digest) for part, digest in found]

    return asyncio.run(run())


def write(path: Path, content: bytes, mtime: float) -> None:
    """Write a file and give it a time, so that only its content tells it apart."""
    path.write_bytes(content)
    os.utime(path, (mtime, mtime))


def test_a_relative_path_is_found_against_the_bases_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "x.jpg").write_bytes(b"outer")
    (tmp_path / "y.jpg").write_bytes(b"only here")
    (tmp_path / "a/x.jpg").write_bytes(b"inner")
    found = digest_of(tmp_path, ImagePart("x.jpg"), ImagePart("y.jpg"))
    assert found == [
        (str(tmp_path / "a/x.jpg"), bytes_digest(b"inner")),
        (str(tmp_path / "y.jpg"), bytes_digest(b"only here")),
    ]


def test_a_second_run_reads_no_file_that_is_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "x.jpg", b"first", 1000)
    first = digest_of(tmp_path, ImagePart("x.jpg"))
    monkeypatch.setattr("dataflow.engine.digests.file_digest", lambda path: pytest.fail(f"{path} was read"))
    assert digest_of(tmp_path, ImagePart("x.jpg")) == first


def test_a_file_replaced_by_one_of_the_same_size_and_time_is_noticed(tmp_path: Path) -> None:
    write(tmp_path / "x.jpg", b"first", 1000)
    digest_of(tmp_path, ImagePart("x.jpg"))
    write(tmp_path / "new", b"FIRST", 1000)
    (tmp_path / "new").replace(tmp_path / "x.jpg")
    assert digest_of(tmp_path, ImagePart("x.jpg"))[0][1] == bytes_digest(b"FIRST")
    write(tmp_path / "x.jpg", b"again", 1000)  # in place, the time set back
    assert digest_of(tmp_path, ImagePart("x.jpg"))[0][1] == bytes_digest(b"again")


@pytest.mark.parametrize(("content", "mtime"), [(b"FIRST", 2000), (b"longer", 1000)])
def test_a_new_time_or_size_is_read_anew(tmp_path: Path, content: bytes, mtime: float) -> None:
    path = tmp_path / "x.jpg"
    write(path, b"first", 1000)
    digest_of(tmp_path, ImagePart("x.jpg"))
    write(path, content, mtime)
    assert digest_of(tmp_path, ImagePart("x.jpg"))[0][1] == bytes_digest(content)
    assert digest_of(tmp_path, ImagePart("x.jpg"))[0][1] == bytes_digest(content)


def test_a_file_that_changes_during_a_run_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "x.jpg"

    async def run() -> list[str]:
        ledger = SqliteLedger(tmp_path / "ledger.sqlite")
        digests = Digests(ledger, MediaPlaces((tmp_path,)), Remote(ledger, tmp_path))
        found = []
        for content, mtime in [(b"first", 1000), (b"second", 1001), (b"first", 1000)]:
            write(path, content, mtime)
            found.append((await digests.locate(ImagePart("x.jpg")))[1])
        ledger.close()
        return found

    assert asyncio.run(run()) == [bytes_digest(b"first"), bytes_digest(b"second"), bytes_digest(b"first")]


def test_bytes_are_known_by_their_content_and_data_urls_by_themselves(tmp_path: Path) -> None:
    found = digest_of(tmp_path, ImagePart(b"pixels"), ImagePart("data:image/png;base64,AAAA"))
    assert found == [
        (b"pixels", bytes_digest(b"pixels")),
        ("data:image/png;base64,AAAA", bytes_digest(b"data:image/png;base64,AAAA")),
    ]


def test_a_missing_file_and_a_folder_are_errors_that_name_them(tmp_path: Path) -> None:
    (tmp_path / "folder.jpg").mkdir()
    for name in ("missing.jpg", "folder.jpg"):
        with pytest.raises(MediaError, match=name):
            digest_of(tmp_path, ImagePart(name))
