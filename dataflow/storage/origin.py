"""A table that was fetched: what it is called, and where the media lie that its rows name relative to it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Set
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from dataflow.core.sample import Sample
from dataflow.core.storage import BadRow
from dataflow.storage.media_kinds import column_of

REMOTE = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)


class Origin:
    """Where a table was fetched from.

    Args:
        url: its address, without what is secret in it.
        columns: those that hold media.
    """

    def __init__(self, url: str, columns: Set[str]) -> None:
        self.url = url
        self._columns = columns
        parts = urlsplit(url)
        self._root = f"{parts.scheme}://{parts.netloc}"
        self._folder = posixpath.dirname(parts.path)
        self._quoted = parts.scheme in ("http", "https")

    def rows(self, rows: Iterator[Sample | BadRow]) -> Iterator[Sample | BadRow]:
        """The rows, with addresses for paths that lead to nothing below the working directory."""
        for row in rows:
            if isinstance(row, dict):
                for name in self._columns & row.keys():
                    if (led := self._led(row[name])) is not row[name]:
                        row = {**row, name: led}
            yield row

    def _led(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._address(value)
        if isinstance(value, list):
            made = [self._led(item) for item in value]
            return made if any(new is not old for new, old in zip(made, value, strict=True)) else value
        if isinstance(value, dict):
            inner = {name: self._led(item) for name, item in value.items()}
            return inner if any(inner[name] is not item for name, item in value.items()) else value
        return value

    def _address(self, path: str) -> str:
        if path.startswith(("/", "~")) or REMOTE.match(path) or column_of(path) is None or Path(path).is_file():
            return path
        beside = posixpath.normpath(posixpath.join("/", self._folder, path))
        return self._root + (quote(beside, safe="/%") if self._quoted else beside)
