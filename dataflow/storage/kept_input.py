"""Inputs that can be read only once, standard input and rows that a program makes, are kept in files before a run
begins: memory holds a row at a time, a run can be resumed from the file, and a draw at random can read it twice."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Set
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from dataflow.core.errors import InputError, UsageError
from dataflow.core.sample import Sample
from dataflow.core.storage import BadRow
from dataflow.storage.atomic import atomic_file
from dataflow.storage.embedded_media import EmbeddedMedia
from dataflow.storage.json_text import dump
from dataflow.storage.own_files import make_own_folder

FOLDER = "input"
"""In the output folder."""

STANDARD_INPUT = "-"

_PIECE = 1 << 20
_HEADS = (
    (b"PAR1", ".parquet"),
    (b"\x1f\x8b", ".jsonl.gz"),
    (b"\x28\xb5\x2f\xfd", ".jsonl.zst"),
    (b"BZh", ".jsonl.bz2"),
    (b"\xfd7zXZ", ".jsonl.xz"),
)
"""How files begin that are no lines of text."""


def keep_standard_input(folder: Path, limit: int | None = None) -> Path:
    """Read standard input to its end, into a file of the output: JSON lines, a JSON list, parquet, or lines packed.

    Args:
        folder: of the output.
        limit: so many rows of JSON lines are enough; whoever writes more is told by a closed pipe, as `head` does it.

    Returns:
        The file, `input/stdin.jsonl` or with the ending of another format.

    Raises:
        InputError: nothing comes; names the file of an earlier run, if there is one.
        OutputError: the file cannot be written.
    """
    stream: BinaryIO | None = getattr(sys.stdin, "buffer", None)
    if stream is None or sys.stdin.isatty():
        raise InputError(f"-i -: nothing is piped in. Try: cat FILE.jsonl | dataflow run ... -i -{_or_kept(folder)}")
    head = stream.read(8)
    if not head:
        raise InputError(f"-i -: standard input is empty{_or_kept(folder)}")
    make_own_folder(folder / FOLDER)
    path = folder / FOLDER / f"stdin{ending_of(head)}"
    earlier = _kept(folder)
    with atomic_file(path) as file:
        for piece in _pieces(head, stream, limit if path.suffix == ".jsonl" else None):
            file.write(piece)
    for old in earlier:
        if old != path:
            old.unlink(missing_ok=True)
    return path


def _pieces(head: bytes, stream: BinaryIO, limit: int | None) -> Iterator[bytes]:
    """The stream with its head, a piece at a time, to the end of the line with which there are rows enough."""
    head += stream.readline(_PIECE) if not head.endswith(b"\n") else b""
    yield head
    *whole, begun = head.split(b"\n")
    rows = sum(1 for line in whole if line.strip())
    in_row = bool(begun.strip())
    while (limit is None or rows < limit) and (piece := stream.readline(_PIECE)):
        yield piece
        in_row = in_row or not piece.isspace()
        if piece.endswith(b"\n"):
            rows += in_row
            in_row = False


def ending_of(head: bytes) -> str:
    """The ending that a dataset should have which begins so."""
    known = next((ending for begin, ending in _HEADS if head.startswith(begin)), None)
    return known or (".json" if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"[") else ".jsonl")


def _kept(folder: Path) -> list[Path]:
    return sorted((folder / FOLDER).glob("stdin.*"))


def _or_kept(folder: Path) -> str:
    """How to go on with what was piped in before."""
    return "".join(f". What the run before read is kept: -i {path}" for path in _kept(folder)[:1])


def comes_once(rows: Any) -> bool:
    """Whether something gives rows but once, or nobody knows how many: a generator, a reader, a stream."""
    return hasattr(rows, "__iter__") and not hasattr(rows, "__len__")


def keep_rows(
    rows: Iterable[Any], folder: Path, columns: Set[str], limit: int | None, warn: Callable[[str], None]
) -> Path:
    """Write rows that come once to a file of the output, pictures that stand in them to files of their own.

    Args:
        rows: dicts; read until they end or there are enough.
        folder: of the output.
        columns: at which somebody looks.
        limit: so many rows are enough.
        warn: told what was left out.

    Returns:
        The file, `input/rows.jsonl`.

    Raises:
        UsageError: something among them is no dict; says which.
        OutputError: the file cannot be written.
    """
    make_own_folder(folder / FOLDER)
    path = folder / FOLDER / "rows.jsonl"
    with atomic_file(path) as file:
        for row in EmbeddedMedia(folder, columns, warn).rows(islice(_dicts(rows), limit)):
            # What cannot be written is a text in the place of a row: whoever reads the file sets it aside with that.
            file.write(dump(row.message if isinstance(row, BadRow) else row) + b"\n")
    return path


def _dicts(rows: Iterable[Any]) -> Iterator[Sample]:
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise UsageError(f"row {number} of the input is a {type(row).__name__}: samples are dicts")
        yield row
