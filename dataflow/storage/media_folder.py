"""A folder or a glob of images and videos as a dataset, so that nobody must write JSON first.

The id of a sample is the path of its file below the folder, so that files that come, go or sort elsewhere change no
other sample's id.
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dataflow.core.errors import InputError
from dataflow.core.sample import Sample
from dataflow.core.storage import BadRow
from dataflow.storage.os_errors import reading

IMAGES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff"})
VIDEOS = frozenset({".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".wmv", ".flv", ".3gp", ".ogv"})


def is_media_source(entry: str | Path) -> bool:
    """Whether an input names media rather than a dataset: a folder, a glob, or a single image or video."""
    path = Path(entry)
    with reading(path):
        if path.exists():
            return path.is_dir() or _column(path.name) is not None
    return glob.has_magic(str(entry))


def media_rows(entry: str | Path) -> Iterator[Sample | BadRow]:
    """Stream `{"id": "b/c.jpg", "image": [path]}`, or `video`, as a person counts: img2 before img10.

    The id is the path below the folder, below the part of a glob that has no `*` in it, or the name of a single file;
    with `/` on every system. The path is as it was named.

    Hidden files and folders are passed over, and so are files of other kinds. Of a folder, the names of one level at a
    time are in memory; of a glob, those of all matches.

    Args:
        entry: a folder (all below it is taken), a glob (`**` for any depth), or one file.

    Raises:
        InputError: there is nothing of a known kind; names the kinds.
    """
    path, folder = Path(entry), media_base(entry)
    with reading(path):
        if path.is_dir():
            found = _walk(path)
        elif path.exists():
            found = iter([path])
        else:
            found = (Path(name) for name in sorted(glob.iglob(str(entry), recursive=True), key=_natural))  # noqa: PTH207
        number = 0
        for file in found:
            column = _column(file.name)
            if column is None or not file.is_file():
                continue
            number += 1
            if _is_utf8(str(file)):
                yield {"id": file.relative_to(folder).as_posix(), column: [str(file)]}
            else:
                shown = os.fsencode(file).decode("utf-8", "replace")
                yield BadRow(number, f"{shown}: the name of the file is not UTF-8. Rename it", shown)
    if not number:
        raise InputError(
            f"{entry}: no image or video there. Known are {', '.join(sorted(IMAGES))}; {', '.join(sorted(VIDEOS))}"
        )


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


def _walk(folder: Path) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        visible = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries if entry.name[0] != "."]
    for name, is_folder in sorted(visible, key=lambda item: _natural(item[0])):
        if is_folder:
            yield from _walk(folder / name)
        else:
            yield folder / name


def _column(name: str) -> str | None:
    suffix = Path(name).suffix.lower()
    return "image" if suffix in IMAGES else "video" if suffix in VIDEOS else None


def _natural(name: str) -> tuple[list[Any], str]:
    # Text and numbers alternate, so that only like is compared with like; the name itself parts `1` from `01`.
    pieces = re.split(r"(\d+)", name.casefold())
    return [int(piece) if at % 2 else piece for at, piece in enumerate(pieces)], name


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
