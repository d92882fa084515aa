"""Text files that may be packed: `.gz`, `.zst`, `.bz2`, `.xz`, read as they are unpacked."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from dataflow.core.causes import said_by
from dataflow.core.errors import InputError

PACKED = (".gz", ".zst", ".bz2", ".xz")
GROWTH = 8
"""A packed file is taken to hold so many times its size."""


def is_packed(path: Path) -> bool:
    """Whether a file is packed, by its name."""
    return path.suffix.lower() in PACKED


def format_name(path: Path) -> str:
    """The ending that tells the format, without its dot: `jsonl` of `a.jsonl.gz`."""
    inner = path.with_suffix("") if is_packed(path) else path
    name = inner.suffix[1:].lower()
    return f"{name}{path.suffix.lower()}" if is_packed(path) and name in ("", "parquet") else name


@contextmanager
def opened(path: Path) -> Iterator[io.BufferedReader]:
    """The text of a file as bytes, unpacked.

    Raises:
        InputError: it is damaged or cut short.
    """
    try:
        with open(path, "rb") as file:
            if not is_packed(path):
                yield file
                return
            with io.BufferedReader(cast(Any, _unpacked(file, path.suffix.lower())), 1 << 18) as text:
                yield text
    except (EOFError, zlib.error, ValueError, OSError) as error:
        if not is_packed(path) or getattr(error, "errno", None):
            raise
        raise InputError(f"{path}: damaged, or cut short ({said_by(error)}). Fetch or make the file again") from None


def _unpacked(file: BinaryIO, suffix: str) -> Any:
    match suffix:
        case ".gz":
            import gzip

            return gzip.GzipFile(fileobj=file)
        case ".bz2":
            import bz2

            return bz2.BZ2File(file)
        case ".xz":
            import lzma

            return _WithPlainErrors(lzma.LZMAFile(file))
        case _:
            import pyarrow

            return pyarrow.CompressedInputStream(file, "zstd")


class _WithPlainErrors(io.RawIOBase):
    """An LZMA file whose errors are OSErrors, as those of the others."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        import lzma

        try:
            return int(self._inner.readinto(buffer))
        except lzma.LZMAError as error:
            raise OSError(said_by(error)) from None
