"""Counting what models may make as many kinds of as they like: words, labels, messages, in bounded memory."""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Iterator
from hashlib import blake2b
from typing import BinaryIO

CAPACITY = 4000
LONGEST = 300
"""Characters of a key that are kept."""


class TopCounts:
    """The most frequent of many keys.

    When there are too many, the rarer half is forgotten; then counts are of what came since, and `exact` is False.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.total = 0
        self.exact = True
        self._capacity = capacity
        self._counts: dict[str, int] = {}

    def add(self, key: str, times: int = 1) -> None:
        """Count a key."""
        key = key[:LONGEST]
        self.total += times
        self._counts[key] = self._counts.get(key, 0) + times
        if len(self._counts) > self._capacity:
            self.exact = False
            kept = sorted(self._counts.items(), key=lambda item: -item[1])[: self._capacity // 2]
            self._counts = dict(kept)

    def __len__(self) -> int:
        return len(self._counts)

    def most(self, number: int) -> list[tuple[str, int]]:
        """The most frequent keys, the first seen first where they are equally frequent."""
        return sorted(self._counts.items(), key=lambda item: -item[1])[:number]


class Repeats:
    """How many of many texts are the same: eight bytes of each on disk, sorted when asked."""

    def __init__(self) -> None:
        self._file: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as this
        self.count = 0

    def add(self, text: str) -> None:
        """Take a text. Upper case, spaces and full stops do not tell texts apart."""
        self.count += 1
        self._file.write(blake2b(" ".join(text.casefold().split()).rstrip(".").encode(), digest_size=8).digest())

    def distinct(self) -> int:
        """How many different texts there were."""
        import numpy as np

        self._file.seek(0)
        return len(np.unique(np.frombuffer(self._file.read(), dtype=np.uint64)))


class Draw:
    """A fixed number of different keys, each as likely as any other, the same for the same seed.

    Args:
        size: how many.
        seed: another one draws others.
    """

    def __init__(self, size: int, seed: int) -> None:
        self._size = size
        self._seed = seed
        self._kept: dict[str, bytes] = {}

    def add(self, key: str) -> bool:
        """Take a key; whether it is among the drawn for now."""
        if key in self._kept:
            return True
        rank = blake2b(f"{self._seed}:{key}".encode("utf-8", "replace"), digest_size=8).digest()
        if len(self._kept) < self._size:
            self._kept[key] = rank
            return True
        if not self._size:
            return False
        last = max(self._kept, key=self._kept.__getitem__)
        if rank >= self._kept[last]:
            return False
        del self._kept[last]
        self._kept[key] = rank
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._kept, key=self._kept.__getitem__))

    def __contains__(self, key: str) -> bool:
        return key in self._kept

    def __len__(self) -> int:
        return len(self._kept)


def integers() -> array[int]:
    """A growing list of whole numbers of four bytes each."""
    return array("i")
