"""Mutants of files: bits turned over, pieces cut out, doubled and swapped, lengths that lie.

The same by seed and number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

Mutation = Callable[[bytearray, Random, bytes], None]

_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFF0, 1 << 24)
_MOST_AT_ONCE = 4
_LARGEST = 1 << 20


def mutant(corpus: Mapping[str, bytes], seed: int, number: int) -> tuple[str, bytes]:
    """One mutant, with the name of the file it was made of.

    Args:
        corpus: files by name.
        seed: of all mutants.
        number: which; the files come in turn.
    """
    names = list(corpus)
    name = names[number % len(names)]
    draw = Random(f"{seed} {number}")
    data = bytearray(corpus[name])
    for _ in range(draw.randint(1, _MOST_AT_ONCE)):
        if data:
            draw.choice(MUTATIONS)(data, draw, corpus[draw.choice(names)])
    return name, bytes(data[:_LARGEST])


def _place(data: bytearray, draw: Random) -> int:
    """Anywhere, and half of the time where headers stand."""
    return draw.randrange(min(len(data), 64) if draw.random() < 0.5 else len(data))


def _flip(data: bytearray, draw: Random, _: bytes) -> None:
    for _ in range(draw.choice((1, 1, 2, 8, 64))):
        data[_place(data, draw)] ^= 1 << draw.randrange(8)


def _bytes(data: bytearray, draw: Random, _: bytes) -> None:
    at = _place(data, draw)
    some = draw.randbytes(draw.choice((1, 2, 4, 16, 200)))
    data[at : at + len(some)] = some


def _number(data: bytearray, draw: Random, _: bytes) -> None:
    """A length, size or count that lies."""
    at, size = _place(data, draw), draw.choice((1, 2, 4, 4, 8))
    value = draw.choice((*_NUMBERS, len(data), draw.getrandbits(16))) & ((1 << 8 * size) - 1)
    data[at : at + size] = value.to_bytes(size, draw.choice(("big", "little")))


def _cut_off(data: bytearray, draw: Random, _: bytes) -> None:
    del data[_place(data, draw) :]


def _cut_out(data: bytearray, draw: Random, _: bytes) -> None:
    at = _place(data, draw)
    del data[at : at + draw.choice((1, 2, 4, 13, 100, 1000))]


def _double(data: bytearray, draw: Random, _: bytes) -> None:
    """A piece again and again, as chunks and boxes in chunks."""
    at, size = _place(data, draw), draw.choice((1, 4, 12, 64, 500))
    data[at:at] = bytes(data[at : at + size]) * draw.choice((1, 2, 10, 300))


def _swap(data: bytearray, draw: Random, _: bytes) -> None:
    first, second, size = _place(data, draw), _place(data, draw), draw.choice((1, 4, 16, 200))
    piece = data[first : first + size]
    data[first : first + size] = data[second : second + size]
    data[second : second + size] = piece


def _splice(data: bytearray, draw: Random, other: bytes) -> None:
    """The beginning of this file and the end of another, or a piece of another inside."""
    at, start = _place(data, draw), draw.randrange(len(other))
    if draw.random() < 0.5:
        data[at:] = other[start:]
    else:
        data[at:at] = other[start : start + draw.choice((8, 100, 2000))]


def _hole(data: bytearray, draw: Random, _: bytes) -> None:
    at, size = _place(data, draw), draw.choice((4, 64, 1024))
    data[at : at + size] = draw.choice((b"\0", b"\xff", b"\n", b"{", b" ")) * size


MUTATIONS: tuple[Mutation, ...] = (
    _flip,
    _flip,
    _bytes,
    _number,
    _number,
    _cut_off,
    _cut_out,
    _double,
    _swap,
    _splice,
    _hole,
)
