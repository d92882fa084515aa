"""What stands beside images and videos about them, as fields of their samples.

`photo.txt` beside `photo.jpg` (also `photo.jpg.txt`) becomes the column `text`: so pictures for training are captioned.
The object in `photo.json` becomes columns; so does the row of `metadata.jsonl` or `metadata.csv` (or .parquet) whose
`file_name` names the file from there, as the Hub's imagefolder has it, from the file's own folder up to the one given.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import orjson

from dataflow.core.causes import said_by
from dataflow.core.errors import DataFlowError, InputError
from dataflow.core.sample import Sample
from dataflow.core.storage import BadRow
from dataflow.storage.formats import read_rows
from dataflow.storage.json_text import BadText, decode, dump, load
from dataflow.storage.places import followed_by_environment, leads_within
from dataflow.storage.scratch_table import ScratchTable

TABLES = ("metadata.jsonl", "metadata.csv", "metadata.parquet")
TEXT = "text"
LARGEST_BYTES = 1 << 24

OWN_ID = "source_id"
"""Where a side file's own `id` goes: the sample's id is the path of its file, which stays when side files come."""

_TAKEN = ("id", "image", "video")


class SideFiles:
    """Finds the fields of a file.

    Args:
        root: the folder above which no metadata is looked for.
        warn: told, once for all, of side files that cannot be read.
        whole: all below the root is taken, so that rows of metadata without their file are told too.
        follow_links: read those behind links that lead out of the root, too. Of a picture its content shows that it is
            one; what is text may be any text of this machine.
    """

    def __init__(self, root: Path, warn: Callable[[str], None], *, whole: bool, follow_links: bool = False) -> None:
        self._root = root
        self._follow_links = follow_links or followed_by_environment()
        self._whole = whole
        self._warn = warn
        self._rows = ScratchTable()
        self._read: set[Path] = set()
        self._found = 0
        self._bad = 0
        self._first_bad = ""

    def fields(self, file: Path, names: frozenset[str]) -> Sample:
        """The fields of a file; those nearest to it win.

        Args:
            file: below the root.
            names: all that lies in its folder.
        """
        self._read_tables(file.parent, names)
        fields: Sample = {}
        if self._rows.count and (row := self._rows.take(_key(file))) is not None:
            self._found += 1
            fields |= orjson.loads(row)
        for name in (f"{file.stem}.json", f"{file.name}.json"):
            if name in names:
                fields |= self._object(file.with_name(name))
        for name in (f"{file.stem}.txt", f"{file.name}.txt"):
            if name in names and (text := self._text(file.with_name(name))):
                fields[TEXT] = text
        kept = {name: value for name, value in fields.items() if name not in _TAKEN}
        return {**kept, OWN_ID: fields["id"]} if "id" in fields and OWN_ID not in kept else kept

    def is_one(self, name: str, names: frozenset[str], media: Callable[[str], bool]) -> bool:
        """Whether a name is that of a side file of something in its folder."""
        if name in TABLES:
            return True
        path = PurePosixPath(name)
        if path.suffix not in (".txt", ".json"):
            return False
        return (path.stem in names and media(path.stem)) or path.stem in self._stems(names, media)

    _stems_of: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())

    def _stems(self, names: frozenset[str], media: Callable[[str], bool]) -> frozenset[str]:
        if self._stems_of[0] is not names:
            self._stems_of = names, frozenset(PurePosixPath(name).stem for name in names if media(name))
        return self._stems_of[1]

    def close(self) -> None:
        """Tell what was wrong."""
        left = self._rows.count - self._found
        self._rows.close()
        if self._bad:
            files = "1 side file cannot" if self._bad == 1 else f"{self._bad:,} side files, or rows of metadata, cannot"
            self._warn(f"{files} be read; what they tell of is taken without (the first: {self._first_bad})")
        if left and self._whole:
            rows = "1 row of metadata names a file" if left == 1 else f"{left:,} rows of metadata name files"
            self._warn(f"{rows} that the input does not have")

    def _read_tables(self, folder: Path, names: frozenset[str]) -> None:
        """Read the metadata of a folder and of those above it, the farthest first."""
        if folder in self._read:
            return
        self._read.add(folder)
        if folder != self._root and self._root in folder.parents:
            above = folder.parent
            self._read_tables(above, frozenset(name for name in TABLES if (above / name).is_file()))
        for name in TABLES:
            if name in names:
                self._read_table(folder / name)

    def _read_table(self, path: Path) -> None:
        try:
            self._check_link(path)
            for row in read_rows(path):
                if isinstance(row, BadRow):
                    self._tell(row.message)
                elif isinstance(name := row.pop("file_name", None), str):
                    self._rows.put(_key(path.parent / name), dump(row))
                else:
                    self._tell(f"{path}: a row without a file_name")
        except DataFlowError as error:
            self._tell(str(error))

    def _object(self, path: Path) -> Sample:
        try:
            value: Any = load(self._bytes(path))
        except InputError as error:
            self._tell(str(error))
            return {}
        except (OSError, ValueError) as error:
            self._tell(f"{path}: {said_by(error)}")
            return {}
        if not isinstance(value, dict):
            self._tell(f"{path}: holds no object")
            return {}
        return value

    def _text(self, path: Path) -> str:
        try:
            return decode(self._bytes(path)).strip()
        except InputError as error:
            self._tell(str(error))
            return ""
        except (OSError, BadText) as error:
            self._tell(f"{path}: {said_by(error)}")
            return ""

    def _check_link(self, path: Path) -> None:
        if not self._follow_links and not leads_within(str(path.resolve()), [str(self._root)]):
            raise InputError(f"{path}: a symbolic link leads out of {self._root}. If you laid it, add --follow-links")

    def _bytes(self, path: Path) -> bytes:
        self._check_link(path)
        with open(path, "rb") as file:
            data = file.read(LARGEST_BYTES + 1)
        if len(data) > LARGEST_BYTES:
            raise OSError(f"larger than {LARGEST_BYTES:,} bytes")
        return data.removeprefix(b"\xef\xbb\xbf")

    def _tell(self, problem: str) -> None:
        self._bad += 1
        self._first_bad = self._first_bad or problem


def _key(path: Path) -> str:
    return os.path.normpath(path)
