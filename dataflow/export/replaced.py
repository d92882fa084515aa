"""What an export leaves of the one before it in the same folder: what that one wrote goes, all else stays the user's.

`export.json` lists what was written, itself included. The list may have been made by somebody else: nothing outside the
folder, and nothing behind a link in it, is ever touched.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import orjson

ABOUT = "export.json"
"""What an export says of itself; the file by which one is told from any other folder."""

FILES = "files"
"""In it, the paths of all files that were written."""


class Written:
    """The files that an export has written into a folder, by its own word."""

    def __init__(self, paths: list[str]) -> None:
        self._paths = {*paths, ABOUT}
        self._folders = {str(parent) for path in self._paths for parent in Path(path).parents}

    def others(self, folder: Path, within: str = "") -> Iterator[str]:
        """What else is in the folder: files, and folders in which nothing was written, as one each."""
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        for entry in found:
            path = f"{within}{entry.name}"
            is_folder = entry.is_dir(follow_symlinks=False)
            if is_folder and path in self._folders:
                yield from self.others(folder / entry.name, f"{path}/")
            elif is_folder or path not in self._paths:
                yield path

    def remove(self, folder: Path, into: Path) -> None:
        """Remove what was written, the list last, and take what else there is into another folder, where it is absent.

        When a kill comes between, it can be done again; what has no place stays.

        Raises:
            OSError: the disk refuses.
        """
        for path in list(self.others(folder)):
            if not os.path.lexists(into / path):
                (into / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).rename(into / path)
        for path in sorted(self._paths - {ABOUT}):
            if not self._behind_link(folder, path):
                with suppress(FileNotFoundError):
                    (folder / path).unlink()
        for inner in sorted(self._folders - {"."}, reverse=True):
            with suppress(OSError):  # not empty, or gone
                (folder / inner).rmdir()
        (folder / ABOUT).unlink(missing_ok=True)
        with suppress(OSError):
            folder.rmdir()

    def _behind_link(self, folder: Path, path: str) -> bool:
        return any((folder / parent).is_symlink() for parent in Path(path).parents)


def written_in(folder: Path) -> Written | None:
    """What the export in a folder has written; None where there is none, or it kept no list that can be read."""
    try:
        about = orjson.loads((folder / ABOUT).read_bytes())
    except (OSError, ValueError):
        return None
    paths = about.get(FILES) if isinstance(about, dict) else None
    if not isinstance(paths, list) or not all(isinstance(path, str) and _is_within(path) for path in paths):
        return None
    return Written(paths)


def files_in(folder: Path) -> Iterator[str]:
    """The paths of all files in a folder, links included, from there."""
    for root, folders, files in os.walk(folder):
        folders.sort()
        inner = Path(root).relative_to(folder)
        yield from (str(inner / name) for name in sorted(files))


def _is_within(path: str) -> bool:
    return bool(path) and "\0" not in path and not Path(path).is_absolute() and ".." not in Path(path).parts
