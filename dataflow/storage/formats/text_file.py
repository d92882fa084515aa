"""What the text formats share: looking at the first bytes of a file before its rows are read."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from dataflow.core.errors import InputError


def refuse_utf16(path: Path, file: BinaryIO) -> None:
    """Look at the first bytes and rewind.

    Raises:
        InputError: the text is in UTF-16 or UTF-32.
    """
    head = file.read(4)
    file.seek(0)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or (b"\0" in head and head.strip(b"\0")):
        raise InputError(
            f"{path}: line 1: UTF-16, not UTF-8. Convert the file: iconv -f UTF-16 -t UTF-8 {path.name} > NEW"
        )
