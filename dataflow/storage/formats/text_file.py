"""What the text formats share: the encoding, how many rows there are, and how much of a file is held at once, whatever
it unpacks to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO

from dataflow.core.errors import InputError
from dataflow.storage.formats.packed import GROWTH, is_packed

QUICKLY_READ_BYTES = 1 << 26

LONGEST_ROW = 1 << 27
"""Bytes of a row. Some have pictures in them; what unpacks to a line without end has not."""

LARGEST_UNPACKED = 1 << 30
"""Bytes of what is read in one piece; of a file that is not packed, as many as it has."""


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


def lines_of(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file. Of one longer than `LONGEST_ROW` so much and a byte come; the rest is passed over."""
    most = LONGEST_ROW
    for line in iter(partial(file.readline, most + 1), b""):
        yield line
        if len(line) > most:
            rest = line
            while rest and not rest.endswith(b"\n"):
                rest = file.readline(1 << 18)


def too_long() -> str:
    """What is said of a row that is not read."""
    return f"the row is longer than {LONGEST_ROW:,} bytes"


def whole(path: Path, file: BinaryIO) -> bytes:
    """All that is left of a file.

    Raises:
        InputError: it is packed, and unpacks to more than `LARGEST_UNPACKED`.
    """
    if not is_packed(path):
        return file.read()
    text = file.read(LARGEST_UNPACKED + 1)
    if len(text) > LARGEST_UNPACKED:
        raise InputError(
            f"{path}: unpacks to more than {LARGEST_UNPACKED:,} bytes, and has not one element on each line, which "
            "could be read one by one. Make it JSON Lines (jq -c '.[]')"
        )
    return text
