"""Ways in which a file of a run gets damaged: by the disk, by a full one, by a copy that broke off, by hand."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random


def bit(path: Path, chance: Random) -> None:
    """One bit turned over."""
    _change(path, lambda data: _flip(data, chance, 1))


def bits(path: Path, chance: Random) -> None:
    """Eight bits turned over."""
    _change(path, lambda data: _flip(data, chance, 8))


def letter(path: Path, chance: Random) -> None:
    """One letter become another, as no parser would notice."""

    def change(data: bytearray) -> None:
        places = [at for at, value in enumerate(data) if chr(value).isascii() and chr(value).isalnum()]
        if places:
            data[chance.choice(places)] = chance.choice(b"abcdefgh0123456789")

    _change(path, change)


def zeros(path: Path, chance: Random) -> None:
    """A stretch of zeros, as blocks that were never written."""

    def change(data: bytearray) -> None:
        at = chance.randrange(len(data) + 1)
        length = min(len(data) - at, chance.choice([1, 16, 512, 4096]))
        data[at : at + length] = bytes(length)

    _change(path, change)


def cut(path: Path, chance: Random) -> None:
    """Its end missing."""
    _change(path, lambda data: data.__delitem__(slice(chance.randrange(len(data) + 1), None)))


def longer(path: Path, chance: Random) -> None:
    """Something behind its end."""
    _change(path, lambda data: data.extend(chance.choice([b"\0" * 4096, b"\n", b"{", chance.randbytes(300)])))


def doubled_line(path: Path, chance: Random) -> None:
    """A line twice."""

    def change(data: bytearray) -> None:
        lines = bytes(data).splitlines(keepends=True)
        at = chance.randrange(len(lines) or 1)
        data[:] = b"".join(lines[: at + 1] + lines[at:])

    _change(path, change)


def lost_line(path: Path, chance: Random) -> None:
    """A line missing."""

    def change(data: bytearray) -> None:
        lines = bytes(data).splitlines(keepends=True)
        if lines:
            del lines[chance.randrange(len(lines))]
        data[:] = b"".join(lines)

    _change(path, change)


def empty(path: Path, chance: Random) -> None:
    """Nothing in it."""
    path.write_bytes(b"")


def gone(path: Path, chance: Random) -> None:
    """Removed."""
    path.unlink()


def folder(path: Path, chance: Random) -> None:
    """A folder in its place."""
    path.unlink()
    path.mkdir()


def unreadable(path: Path, chance: Random) -> None:
    """Without any permission."""
    path.chmod(0)


def loop(path: Path, chance: Random) -> None:
    """A link that leads to itself."""
    path.unlink()
    path.symlink_to(path.name)


WAYS: tuple[Callable[[Path, Random], None], ...] = (
    *(bit, bits, letter, letter, zeros, cut, longer, doubled_line, lost_line),
    *(empty, gone, folder, unreadable, loop),
)
"""Those that a reader may not notice are there more often."""


def restore(template: Path, target: Path) -> None:
    """Lay a copy of a folder in the place of another."""
    if target.exists():
        for path in target.rglob("*"):
            if not path.is_symlink():
                path.chmod(0o755)
        shutil.rmtree(target)
    shutil.copytree(template, target, symlinks=True)


def _flip(data: bytearray, chance: Random, times: int) -> None:
    for _ in range(times if data else 0):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _change(path: Path, change: Callable[[bytearray], None]) -> None:
    data = bytearray(path.read_bytes())
    change(data)
    path.write_bytes(data)
