"""HEIC pictures, those of phones, through the package of the extra `heic`: known to Pillow once one is met."""

from __future__ import annotations

from functools import cache
from pathlib import Path

CURE = "HEIC pictures need a package: pip install 'dataflow-mm[heic]'"
_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
"""ISO/IEC 23008-12, annex B; `mif1` is AVIF's as well, which Pillow reads by itself."""


_HEAD = 32


def is_heif(head: bytes) -> bool:
    """Whether a file that begins so is in this format."""
    return head[4:8] == b"ftyp" and head[8:12] in _BRANDS


def is_avif(head: bytes) -> bool:
    """Whether a file that begins so is an AVIF picture or animation."""
    return head[4:8] == b"ftyp" and head[8:12] in (b"avif", b"avis")


def head_of(source: bytes | str | Path) -> bytes:
    """The first bytes of a picture; none of a file that cannot be read."""
    if isinstance(source, bytes):
        return source[:_HEAD]
    try:
        with open(source, "rb") as file:
            return file.read(_HEAD)
    except OSError:
        return b""


def know_heif(head: bytes) -> bool:
    """Teach Pillow the format where a file that begins so is in it.

    Returns:
        Whether the file can be read, as far as this is concerned: False where the package is missing.
    """
    return not is_heif(head) or _register()


@cache
def _register() -> bool:
    try:
        from pillow_heif import register_heif_opener
    except ImportError:
        return False
    register_heif_opener()
    return True
