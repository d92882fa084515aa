"""Side files of a run by sample: the lines of the trace, the discussion."""

from __future__ import annotations

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

    def of(self, sample_id: Any) -> list[dict[str, Any]]:
        """The lines of a sample, or of the one that it was made of (`7/0` of `7`). Blocking."""
        self._extend()
        key = id_key(sample_id)
        while key not in self._first and "/" in key:
            key = key.rpartition("/")[0]
        found: list[dict[str, Any]] = []
        number = self._first.get(key)
        while self._lines is not None and number is not None and number < self._known:
            row = self._lines.row(number)
            if isinstance(row, BadRow) or id_key(row.get("id")) != key:
                break
            found.append(row)
            number += 1
        return found

    def close(self) -> None:
        """Close the file."""
        if self._lines is not None:
            self._lines.close()

    def _extend(self) -> None:
        if self._lines is None:
            if not self._path.exists():
                return
            self._lines = Lines(self._path)
        while self._lines.extend(ended=False):
            pass
        for number, line in self._lines.blocks(self._known, len(self._lines)):
            try:
                key = id_key(orjson.loads(line)["id"])
            except (ValueError, KeyError, TypeError):
                continue
            self._first.setdefault(key, number)
        self._known = len(self._lines)
