"""A folder or a glob of images and videos as a dataset, so that nobody must write JSON first.

The id of a sample is the path of its file below the folder, so that files that come, go or sort elsewhere change no
other sample's id.
"""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path

from dataflow.core.errors import InputError
from dataflow.core.sample import Sample
from dataflow.core.storage import BadRow
from dataflow.storage import tally as reasons
from dataflow.storage.folder_walk import files_behind, files_below
from dataflow.storage.media_kinds import (
    BOTH,
    HEIC,
    HEIC_CURE,
    IMAGES,
    VIDEOS,
    column_of,
    heic_can_be_read,
    is_transport_stream,
    moves,
)
from dataflow.storage.os_errors import reading
from dataflow.storage.side_files import TABLES as SIDE_TABLES
from dataflow.storage.side_files import SideFiles
from dataflow.storage.tally import Reason, Tally

UNUSED: dict[str, Reason] = {
    "image": Reason("image", "images", "this pipeline reads videos"),
    "video": Reason("video", "videos", "this pipeline reads images"),
}


def is_media_source(entry: str | Path) -> bool:
    """Whether an input names media rather than a dataset: a folder, a glob, or a single image or video."""
    path = Path(entry)
    with reading(path):
        if path.exists():
            return path.is_dir() or column_of(path.name) is not None
    return glob.has_magic(str(entry))


def media_base(entry: str | Path) -> Path:
    """The folder below which the files of an entry lie: the entry itself, a glob's part without magic, a file's own."""
    path = Path(entry)
    if path.is_dir():
        return path
    if path.exists() or not glob.has_magic(str(path)):
        return path.parent
    while glob.has_magic(str(path)):
        path = path.parent
    return path


@dataclass(slots=True)
class MediaFolder:
    """A folder (all below it is taken), a glob (`**` for any depth), or one file of media.

    Args:
        entry: as it was named.
        usable: the columns that whoever reads can use; a file that belongs in another is passed over.
        prefix: stands before the ids.
        files: the files, where they were named one by one; then `entry` is the folder that they have in common.
        follow_links: read side files behind links that lead out of the folder, too.
    """

    entry: Path
    usable: Set[str] = BOTH
    prefix: str = ""
    files: Sequence[Path] = ()
    follow_links: bool = False
    tally: Tally = field(default_factory=Tally)

    def rows(self, warn: Callable[[str], None] = lambda _: None) -> Iterator[Sample | BadRow]:
        """Stream `{"id": "b/c.jpg", "image": [path], ...}`, or `video`, with the fields that side files tell.

        The id is the path below the folder, below the part of a glob that has no `*` in it, or the name of a single
        file; with `/` on every system. The path is as it was named. `tally` counts anew.

        Args:
            warn: told at the end what is wrong with side files.

        Raises:
            InputError: there is nothing that can be used; names what was passed over, or the kinds.
        """
        self.tally = Tally()
        whole = self.entry.is_dir() and not self.files
        sides = SideFiles(self._base, warn, whole=whole, follow_links=self.follow_links)
        number = 0
        try:
            for file, column, names in self._media(sides):
                number += 1
                if _is_utf8(str(file)):
                    id = self.prefix + file.relative_to(self._base).as_posix()
                    yield {"id": id, column: [str(file)], **sides.fields(file, names)}
                else:
                    shown = os.fsencode(file).decode("utf-8", "replace")
                    yield BadRow(number, f"{shown}: the name of the file is not UTF-8. Rename it", shown)
        finally:
            sides.close()
        if not number:
            raise InputError(f"{self.entry}: no image or video there{self._what_there_is()}")

    def survey(self) -> Tally:
        """Count what would be taken and what passed over, reading no side file."""
        self.tally = Tally()
        sides = SideFiles(self._base, lambda _: None, whole=False)
        for _ in self._media(sides):
            pass
        sides.close()
        return self.tally

    @property
    def _base(self) -> Path:
        return self.entry if self.files else media_base(self.entry)

    def _media(self, sides: SideFiles) -> Iterator[tuple[Path, str, frozenset[str]]]:
        """The files that are taken, with their column and what lies in their folder."""
        for file, names in self._found():
            name = file.name
            column = column_of(name, self.usable)
            if name[0] == ".":
                if column is not None:
                    self._pass_over(name, reasons.HIDDEN)
            elif column is None:
                if not sides.is_one(name, names, lambda other: column_of(other) is not None):
                    self._pass_over(name, reasons.of_another_kind(name))
            elif isinstance(told := self._told(file, column), Reason):
                self._pass_over(name, told)
            else:
                self.tally.take(told)
                yield file, told, names

    def _found(self) -> Iterator[tuple[Path, frozenset[str]]]:
        path = Path(self.entry)
        with reading(path):
            if self.files:
                for file in self.files:
                    yield file, _beside(file)
            elif path.is_dir():
                yield from files_below(path, self._pass_over)
            elif path.exists():
                yield path, _beside(path)
            else:
                yield from files_behind(str(self.entry), self._pass_over)

    def _told(self, file: Path, column: str) -> str | Reason:
        """The column of a file, or why it is passed over."""
        try:
            status = file.stat()
        except OSError:
            return reasons.BROKEN_LINK
        suffix = file.suffix.lower()
        if not stat.S_ISREG(status.st_mode):
            return reasons.NOT_A_FILE
        if not status.st_size:
            return reasons.EMPTY
        if suffix in HEIC and not heic_can_be_read():
            return Reason(suffix[1:], suffix[1:], HEIC_CURE)
        if suffix == ".ts" and not is_transport_stream(file):
            return reasons.of_another_kind(file.name)
        if suffix == ".webp" and "image" not in self.usable and moves(file):
            column = "video"
        return column if column in self.usable else UNUSED[column]

    def _pass_over(self, name: str, reason: Reason) -> None:
        self.tally.pass_over(reason)

    def _what_there_is(self) -> str:
        if self.tally.passed_over:
            return f" that can be taken: {self.tally}"
        return f". Known are {', '.join(sorted(IMAGES))}; {', '.join(sorted(VIDEOS))}"


def _beside(file: Path) -> frozenset[str]:
    """The names in a file's folder that may belong to it."""
    names = [f"{file.stem}{end}" for end in (".txt", ".json")] + [f"{file.name}{end}" for end in (".txt", ".json")]
    return frozenset(name for name in (*names, *SIDE_TABLES) if (file.parent / name).is_file())


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
