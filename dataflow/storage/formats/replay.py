"""Rows that can be read twice, for formats whose head depends on all rows: a nameless temporary file holds them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import orjson

from dataflow.core.sample import Sample
from dataflow.storage.json_text import dump_row


@contextmanager
def replayed(rows: Iterable[Sample], beside: BinaryIO, look: Callable[[Sample], None]) -> Iterator[Iterator[bytes]]:
    """Read all rows once, showing each to `look`, then give their JSON again from disk, line by line.

    Args:
        rows: the stream; read to its end before the block begins.
        beside: the file to be written; the temporary one lies on the same disk.
        look: sees each row as it will be read back, with plain JSON values only.
    """
    with tempfile.TemporaryFile(dir=Path(beside.name).parent) as lines:
        for row in rows:
            line = dump_row(row)
            look(orjson.loads(line))
            lines.write(line + b"\n")
        lines.seek(0)
        yield iter(lines)
