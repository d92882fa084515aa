"""Side files of a run by sample: the lines of the trace, the discussion.

They are in the order of the data, so that a sample near the top is found without reading the rest.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import orjson

from dataflow.core.storage import BadRow
from dataflow.storage.review import id_key
from dataflow.viewer.lines import Lines


class SideRows:
    """Finds the lines of a sample in a side file, which may not be there, or grow.

    Args:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines: Lines | None = None
        self._known = 0
        self._first: dict[str, int] = {}
        self._guard = threading.Lock()

    def of(self, sample_id: Any) -> list[dict[str, Any]]:
        """The lines of a sample, or of the one that it was made of (`7/0` of `7`). Blocking."""
        with self._guard:
            keys = _with_parents(id_key(sample_id))
            while not any(key in self._first for key in keys) and self._read_on():
                pass
            key = next((key for key in keys if key in self._first), None)
            return [] if key is None else self._lines_from(self._first[key], key)

    def _lines_from(self, number: int, key: str) -> list[dict[str, Any]]:
        """The lines that belong together, from the first on."""
        found: list[dict[str, Any]] = []
        while self._lines is not None and (number < self._known or self._read_on()):
            row = self._lines.row(number)
            if isinstance(row, BadRow) or id_key(row.get("id")) != key:
                break
            found.append(row)
            number += 1
        return found

    def _read_on(self) -> bool:
        """Learn of some more lines; returns whether there were any."""
        if self._lines is None:
            if not self._path.exists():
                return False
            self._lines = Lines(self._path)
        while self._known == len(self._lines):
            if not self._lines.extend(ended=False):
                return False
        for number, line in self._lines.blocks(self._known, len(self._lines)):
            try:
                key = id_key(orjson.loads(line)["id"])
            except (ValueError, KeyError, TypeError):
                continue
            self._first.setdefault(key, number)
        self._known = len(self._lines)
        return True


def _with_parents(key: str) -> list[str]:
    """An id and those of the samples that it was made of: `a/b.mp4/0/1`, `a/b.mp4/0`, `a/b.mp4`; never `a`."""
    keys = [key]
    while (parts := keys[-1].rpartition("/"))[0] and parts[2].isdecimal():
        keys.append(parts[0])
    return keys
