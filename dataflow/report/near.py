"""Texts that are nearly the same, found in time and disk that grow with their number, not with its square.

MinHash with banding (Broder 1997; Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, 3.4): texts as sets of three
words in a row, 64 minima each, 16 bands of 4. Two texts with a Jaccard similarity of 0.8 share a band with probability
0.9998. Texts that share one are compared by their minima, whose agreement estimates the similarity within 0.05.
"""

from __future__ import annotations

import os
import tempfile
from array import array
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO
from zlib import crc32

from dataflow.report.counts import integers
from dataflow.report.words import words_in

if TYPE_CHECKING:
    import numpy as np

MINIMA = 64
BANDS = 16
SIMILAR = 0.8
LONGEST = 2000
"""Words of a text that are looked at."""

_ROWS = MINIMA // BANDS
_MIX = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Texts that are nearly the same.

    Args:
        size: how many.
        members: the places of the first of them, in the order in which they were added.
    """

    size: int
    members: tuple[int, ...]


class NearDuplicates:
    """Finds them among texts that are added one by one."""

    def __init__(self) -> None:
        import numpy as np

        self.count = 0
        self._stack = ExitStack()
        self._minima = self._open()
        self._bands = [self._open() for _ in range(BANDS)]
        random = np.random.default_rng(1)
        self._factors = random.integers(1, 2**63, MINIMA, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
        self._offsets = random.integers(0, 2**63, MINIMA, dtype=np.uint64)

    def add(self, text: str) -> None:
        """Take a text; an empty one is like no other."""
        import numpy as np

        shingles = self._shingles(text)
        if shingles is None:
            minima = np.full(MINIMA, self.count, dtype=np.uint32) * np.arange(1, MINIMA + 1, dtype=np.uint32)
        else:
            hashed = shingles[:, None] * self._factors + self._offsets
            minima = (hashed >> np.uint64(32)).min(axis=0).astype(np.uint32)
        self._minima.write(minima.tobytes())
        bands = (minima.reshape(BANDS, _ROWS).astype(np.uint64) * self._factors[:_ROWS]).sum(axis=1, dtype=np.uint64)
        for file, band in zip(self._bands, bands, strict=True):
            file.write(band.tobytes())
        self.count += 1

    def clusters(self, shown: int = 8) -> list[Cluster]:
        """All clusters of two and more, the largest first.

        Args:
            shown: how many members of each are named.
        """
        import numpy as np

        leaders = integers()
        leaders.extend(range(self.count))
        self._minima.flush()
        for file in self._bands:
            file.seek(0)
            hashes = np.frombuffer(file.read(), dtype=np.uint64)
            order = np.argsort(hashes, kind="stable")
            edges = np.concatenate(([0], np.flatnonzero(np.diff(hashes[order])) + 1, [len(order)]))
            for run in np.flatnonzero(np.diff(edges) > 1).tolist():
                self._join(leaders, order[edges[run] : edges[run + 1]].tolist())
        members: dict[int, list[int]] = {}
        sizes: dict[int, int] = {}
        for place in range(self.count):
            leader = _leader(leaders, place)
            if leader != place:
                first = members.setdefault(leader, [leader])
                sizes[leader] = sizes.get(leader, 1) + 1
                if len(first) < shown:
                    first.append(place)
        found = (Cluster(size, tuple(members[leader])) for leader, size in sizes.items())
        return sorted(found, key=lambda cluster: (-cluster.size, cluster.members))

    def close(self) -> None:
        """Give the disk back."""
        self._stack.close()

    def _open(self) -> BinaryIO:
        file: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 - closed with all others
        return self._stack.enter_context(file)

    def _join(self, leaders: array[int], group: list[int]) -> None:
        """Compare each of a group with its first: linear, also where all texts are one."""
        first = None
        for place in group[1:]:
            one, other = _leader(leaders, group[0]), _leader(leaders, place)
            if one == other:
                continue
            if first is None:
                first = self._read(group[0])
            if float((first == self._read(place)).mean()) >= SIMILAR:
                leaders[max(one, other)] = min(one, other)

    def _read(self, place: int) -> np.ndarray:

        import numpy as np

        return np.frombuffer(os.pread(self._minima.fileno(), 4 * MINIMA, 4 * MINIMA * place), dtype=np.uint32)

    def _shingles(self, text: str) -> np.ndarray | None:
        import numpy as np

        words = np.array([crc32(word.encode()) for word in words_in(text, LONGEST)], dtype=np.uint64)
        if not len(words):
            return None
        one, two, three = (np.uint64(factor) for factor in _MIX)
        shingles: np.ndarray = words * one
        if len(words) >= 3:
            shingles = words[:-2] * one + words[1:-1] * two + words[2:] * three
        return shingles


def _leader(leaders: array[int], place: int) -> int:
    while leaders[place] != place:
        leaders[place] = leaders[leaders[place]]
        place = leaders[place]
    return place
