"""Several inputs as they were named become what is read one after the other.

Files of media that stand side by side are one folder of which only these are taken: so a pattern comes that the shell
has opened. Samples of several folders get the folder's name before their ids, so that equal names in two of them stay
apart, whatever comes or goes in either.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from dataflow.storage.file_storage import FileStorage
from dataflow.storage.media_folder import is_media_source, media_base


def parts_of(entries: Sequence[str | Path]) -> list[FileStorage]:
    """What is read, in order, each at its first step.

    Args:
        entries: dataset files, folders, globs and files of media.

    Raises:
        InputError: one of them cannot be looked at.
    """
    parts: list[FileStorage] = []
    folders: dict[int, Path] = {}  # by the place of the part
    for one_by_one, group in groupby(map(_expanded, entries), key=_is_file_of_media):
        for files in [list(group)] if one_by_one else [[entry] for entry in group]:
            if one_by_one:
                folder = _common_folder(files)
                part = FileStorage(folder).step()
                part.take_only(files)
            else:
                part = FileStorage(files[0]).step()
                folder = media_base(files[0])
            if one_by_one or is_media_source(files[0]):
                folders[len(parts)] = Path(os.path.abspath(folder))  # noqa: PTH100 -- `..` is taken out, links stay
            parts.append(part)
    names = _names(folders.values())
    for at, folder in folders.items():
        parts[at].prefix = names[folder]
    return parts


def _expanded(entry: str | Path) -> Path:
    return Path(entry).expanduser()


def _is_file_of_media(entry: Path) -> bool:
    return entry.is_file() and is_media_source(entry)


def _common_folder(files: Sequence[Path]) -> Path:
    return Path(os.path.commonpath([file.parent for file in files]))


def _names(folders: Iterable[Path]) -> dict[Path, str]:
    """What stands before the ids of each folder's files: its name, with those of as many folders above it as tell it
    from the others; nothing where there is but one."""
    different = dict.fromkeys(folders)
    if len(different) < 2:
        return dict.fromkeys(different, "")
    depth = dict.fromkeys(different, 1)
    while True:
        names = {folder: "/".join(folder.parts[1:][-levels:]) for folder, levels in depth.items()}
        times = Counter(names.values())
        twice = [folder for folder in depth if times[names[folder]] > 1 and depth[folder] < len(folder.parts)]
        if not twice:
            return {folder: f"{name}/" for folder, name in names.items()}
        for folder in twice:
            depth[folder] += 1
