"""What the text formats share before any row is read: the encoding, and how many rows there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BufferedReader
from pathlib import Path
from typing import Any

from dataflow.core.errors import InputError
from dataflow.storage.formats.packed import GROWTH, is_packed

QUICKLY_READ_BYTES = 1 << 26


def refuse_utf16(path: Path, file: BufferedReader) -> None:
    """Look at the first bytes, without reading them.

    Raises:
        InputError: the text is in UTF-16 or UTF-32.
    """
    head = file.peek(4)[:4]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or (b"\0" in head and head.strip(b"\0")):
        raise InputError(
            f"{path}: line 1: UTF-16, not UTF-8. Convert the file: iconv -f UTF-16 -t UTF-8 {path.name} > NEW"
        )


def count_if_small(path: Path, read: Callable[[Path], Iterator[Any]]) -> int | None:
    """The number of rows by reading them, where that takes no second; else None."""
    size = path.stat().st_size * (GROWTH if is_packed(path) else 1)
    return sum(1 for _ in read(path)) if size <= QUICKLY_READ_BYTES else None
