"""A random draw of rows that stays: the same seed draws the same rows, and more of them when asked for more."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from hashlib import blake2b

from dataflow.core.sample import Sample
from dataflow.core.storage import BadRow
from dataflow.storage.json_text import dump


def drawn_places(rows: Iterable[Sample | BadRow], size: int, seed: int) -> set[int]:
    """The places, from 0, of rows drawn at random.

    Each row gets a number from its id and the seed, and those with the smallest are drawn: rows that come, go or move
    change the draw by themselves alone, and a larger draw holds the smaller one. Memory holds the numbers of those that
    are drawn.

    Args:
        rows: with their ids, each one's own; read to the end.
        size: how many are drawn, from 1.
        seed: of the draw.
    """
    drawn: list[tuple[int, int]] = []  # a heap of (minus the number, place)
    for place, row in enumerate(rows):
        entry = -_number(row, seed), place
        if len(drawn) < size:
            heapq.heappush(drawn, entry)
        elif entry > drawn[0]:
            heapq.heapreplace(drawn, entry)
    return {place for _, place in drawn}


def _number(row: Sample | BadRow, seed: int) -> int:
    name = f"row {row.row}".encode() if isinstance(row, BadRow) else dump(row.get("id"))
    return int.from_bytes(blake2b(name, digest_size=8, key=str(seed).encode()[:64]).digest(), "big")
