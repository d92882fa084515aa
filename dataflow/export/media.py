"""The media of an export: found, known by their content, and copied or linked under names that are unique and safe."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from dataflow.core.causes import said_by
from dataflow.core.errors import MediaError
from dataflow.media.content import check_medium, is_named_as_medium
from dataflow.media.data_url import decode_data_url
from dataflow.media.digest import bytes_digest, file_digest
from dataflow.media.files import open_regular
from dataflow.media.image_header import read_header
from dataflow.storage.os_errors import make_folder, writing
from dataflow.storage.own_files import create, write_new
from dataflow.storage.paths import is_url

How = Literal["copy", "link", "reference", "embed"]
"""Copied into the export, linked there, named where they lie, or, in formats that hold bytes, part of its files."""

FOLDER = "media"
BLOCK = 1 << 20
LARGEST_DATA_URL = 64 << 20


@dataclass(frozen=True, slots=True)
class Placed:
    """One image or video of the export.

    Args:
        path: as it is to stand in the data: relative to the export where it was copied or linked there.
        key: what it is known by: of a file its content, whatever its name; of a URL the URL.
    """

    path: str
    key: str


class MediaStore:
    """Finds media and puts them where the export wants them, each content once.

    Args:
        database: remembers what was placed.
        locate: tells where a path of the dataset lies.
        folder: where the export is being written.
        how: what is done with a file.
        by_content: know files by their content also where none is written, so that copies of one clip under two names
            count as one.
    """

    def __init__(
        self, database: sqlite3.Connection, locate: Callable[[str], str], folder: Path, how: How, by_content: bool
    ) -> None:
        self._database = database
        self._locate = locate
        self._folder = folder
        self._how = how
        self._by_content = by_content or how in ("copy", "link")
        database.execute("CREATE TABLE media (source TEXT PRIMARY KEY, path TEXT, key TEXT)")
        database.execute("CREATE TABLE written (name TEXT PRIMARY KEY)")

    def find(self, source: str) -> Placed:
        """Where an image or video is to be, without putting it there yet.

        Raises:
            MediaError: it is missing, unreadable, or by its name or content neither an image nor a video.
        """
        if _is_data(source):
            return self._find_data(source)
        known = self._database.execute("SELECT path, key FROM media WHERE source = ?", (source,)).fetchone()
        if known:
            return Placed(*known)
        placed = self._find(source)
        self._database.execute("INSERT INTO media VALUES (?, ?, ?)", (source, placed.path, placed.key))
        return placed

    def put(self, source: str) -> None:
        """Copy or link a file that was found.

        Raises:
            MediaError: it cannot be read.
            OutputError: it cannot be written.
        """
        placed = self.find(source)
        if self._how not in ("copy", "link") or is_url(placed.path) or placed.path.startswith("/"):
            return
        if not self._database.execute("INSERT OR IGNORE INTO written VALUES (?)", (placed.path,)).rowcount:
            return
        target = self._folder / placed.path
        make_folder(target.parent)
        if _is_data(source):
            with writing(target):
                write_new(target, decode_data_url(source, LARGEST_DATA_URL))
            return
        original = Path(self._locate(source)).absolute()
        if self._how == "copy":
            _copy(original, target)
        else:
            _link(original, target)

    def _find(self, source: str) -> Placed:
        found = self._locate(source)
        if is_url(found):
            return Placed(found, found)
        if not is_named_as_medium(found):
            raise MediaError(f"{source}: by its name neither an image nor a video, so it is not exported")
        path = Path(found).absolute()
        check_medium(path)
        key = f"sha256:{file_digest(path)}" if self._by_content else f"path:{path}"
        if self._how in ("copy", "link"):
            digest = key.removeprefix("sha256:")
            # Folders of up to 256: the Hugging Face Hub takes no more than 10,000 files in one.
            return Placed(f"{FOLDER}/{digest[:2]}/{digest}{path.suffix.lower()}", key)
        return Placed(str(path), key)

    def _find_data(self, source: str) -> Placed:
        """An image that stands in the dataset itself becomes a file, where files are written."""
        data = decode_data_url(source, LARGEST_DATA_URL)
        digest = bytes_digest(data)
        header = read_header(data)
        if header is None:
            raise MediaError(f"{source[:40]}...: the data: URL holds no JPEG, PNG or WebP image")
        in_file = f"{FOLDER}/{digest[:2]}/{digest}.{header.format}"
        return Placed(in_file if self._how in ("copy", "link") else source, f"sha256:{digest}")


def _is_data(source: str) -> bool:
    return source[:5].lower() == "data:"


def _copy(original: Path, target: Path) -> None:
    with open_regular(original) as reading, writing(target), open(create(target), "wb") as file:
        _copy_blocks(original, reading, file)


def _copy_blocks(original: Path, reading: BinaryIO, file: BinaryIO) -> None:
    while True:
        try:
            block = reading.read(BLOCK)
        except OSError as error:
            raise MediaError(f"{original} cannot be read: {error.strerror or said_by(error)}") from None
        if not block:
            return
        file.write(block)


def _link(original: Path, target: Path) -> None:
    """A hard link; a symbolic one where the file lies on another disk."""
    original = original.resolve()
    with writing(target):
        try:
            target.hardlink_to(original)
        except OSError:
            target.symlink_to(original)
