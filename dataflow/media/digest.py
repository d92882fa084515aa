"""What a file's content is known by: the digest that stands for it in the ledger key."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

from dataflow.media.files import open_regular

WHOLE_UP_TO = 16 * 2**20
"""Bytes up to which a file is digested whole; above, reading it would cost more than decoding a few frames."""

_BLOCK = 256 * 2**10
_BLOCKS = 16
_DIGITS = 32


def bytes_digest(data: bytes) -> str:
    """The digest of content that is in memory: the first 32 hex digits of its SHA-256.

    Processors of the last ten years compute it in hardware, three times as fast as BLAKE2b in software.
    """
    return sha256(data).hexdigest()[:_DIGITS]


def file_digest(path: Path, full: bool = False) -> str:
    """The digest of a file's content.

    Args:
        path: the file. Up to 16 MB it is read whole, and the digest equals `bytes_digest` of its content.
        full: read it whole whatever its size. Otherwise a larger file is known by its size and 16 blocks of 256 KB
            spread evenly from its first byte to its last; the two kinds of digest never coincide.

    Raises:
        MediaError: the file is missing, no regular file, or may not be read.
    """
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        if full or size <= WHOLE_UP_TO:
            whole = sha256()
            while chunk := file.read(1 << 20):
                whole.update(chunk)
            return whole.hexdigest()[:_DIGITS]
        sampled = sha256(b"sampled" + size.to_bytes(8, "little"))
        for number in range(_BLOCKS):
            file.seek((size - _BLOCK) * number // (_BLOCKS - 1))
            sampled.update(file.read(_BLOCK))
        return sampled.hexdigest()[:_DIGITS]
