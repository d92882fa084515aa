"""All files below a folder or behind a glob, as a person counts: img2 before img10. Linked folders are followed once,
loops not."""

from __future__ import annotations

import glob
import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from dataflow.storage.os_errors import reading
from dataflow.storage.tally import BROKEN_LINK, CLOSED, TAKEN_BEFORE, Reason

Passed = Callable[[str, Reason], None]
"""Told the name of what is passed over, and why."""


def files_below(folder: Path, passed: Passed) -> Iterator[tuple[Path, frozenset[str]]]:
    """Every visible file below a folder, with the names that lie in its own folder; hidden ones too are told.

    The names of one level at a time are in memory, and of linked folders the identity of each.

    Raises:
        InputError: the folder itself cannot be read.
    """
    yield from _Walk(folder, passed).below(folder, linked=False)


def files_behind(pattern: str, passed: Passed) -> Iterator[tuple[Path, frozenset[str]]]:
    """Every file that a glob names (`**` for any depth), likewise. The names of all matches are in memory."""
    first: dict[Path, str] = {}  # by where a folder really is, under which name its files come
    folder, names = "", frozenset[str]()
    for name in sorted(glob.iglob(pattern, recursive=True), key=natural):  # noqa: PTH207
        path = Path(name)
        if path.is_dir():
            continue
        parent = str(path.parent)
        if parent != folder or not names:
            folder, names = parent, _names(path.parent)
            first.setdefault(path.parent.resolve(), parent)
        if not path.exists():
            passed(path.name, BROKEN_LINK)
        elif first[path.parent.resolve()] != parent:
            passed(path.name, TAKEN_BEFORE)
        else:
            yield path, names


def natural(name: str) -> tuple[list[Any], str]:
    """The key by which names sort as a person counts."""
    # Text and numbers alternate, so that only like is compared with like; the name itself parts `1` from `01`.
    pieces = re.split(r"(\d+)", name.casefold())
    return [int(piece) if at % 2 else piece for at, piece in enumerate(pieces)], name


class _Walk:
    def __init__(self, root: Path, passed: Passed) -> None:
        self._root = root.resolve()
        self._passed = passed
        self._linked: set[tuple[int, int]] = set()

    def below(self, folder: Path, *, linked: bool) -> Iterator[tuple[Path, frozenset[str]]]:
        """The files below `folder`; `linked` where it was reached through a link."""
        if linked and not self._is_new(folder):
            self._passed(folder.name, TAKEN_BEFORE)
            return
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: natural(entry.name))
        except PermissionError:
            if folder.resolve() == self._root:
                with reading(folder):
                    raise
            self._passed(folder.name, CLOSED)
            return
        names = frozenset(entry.name for entry in entries)
        kinds = [(entry.name, _kind(entry), entry.is_symlink()) for entry in entries]
        del entries
        for name, kind, is_link in kinds:
            path = folder / name
            if kind is None:
                self._passed(name, BROKEN_LINK)
            elif not stat.S_ISDIR(kind):
                yield path, names
            elif name[0] != ".":
                yield from self._folder(path, linked=linked, is_link=is_link)

    def _folder(self, path: Path, *, linked: bool, is_link: bool) -> Iterator[tuple[Path, frozenset[str]]]:
        if is_link and self._is_walked_anyway(path):
            self._passed(path.name, TAKEN_BEFORE)
        else:
            yield from self.below(path, linked=linked or is_link)

    def _is_walked_anyway(self, link: Path) -> bool:
        """Whether a link leads to a folder that is walked under its own name, or to one around all."""
        target = link.resolve()
        if self._root.is_relative_to(target):
            return True
        if not target.is_relative_to(self._root):
            return False
        return not any(part.startswith(".") for part in target.relative_to(self._root).parts)

    def _is_new(self, folder: Path) -> bool:
        status = folder.stat()
        identity = status.st_dev, status.st_ino
        if identity in self._linked:
            return False
        self._linked.add(identity)
        return True


def _kind(entry: os.DirEntry[str]) -> int | None:
    """The kind of what an entry stands for, as `stat` has it; None for a link that leads nowhere."""
    if entry.is_dir(follow_symlinks=False):
        return stat.S_IFDIR
    if not entry.is_symlink():
        return stat.S_IFREG  # or a pipe: whoever takes it looks
    try:
        return stat.S_IFMT(entry.stat().st_mode)
    except OSError:
        return None


def _names(folder: Path) -> frozenset[str]:
    try:
        return frozenset(path.name for path in folder.iterdir())
    except OSError:
        return frozenset()
