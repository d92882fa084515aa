"""Train and validation: conversations that share a clip or picture, directly or over others, stay on one side."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from hashlib import blake2b

TRAIN = "train"
VAL = "val"


class Splits:
    """Groups conversations by their media and draws the validation side.

    The draw depends on the seed and on the media alone: the same dataset in another order gives the same sides.

    Args:
        database: where the groups are kept.
        share: of the conversations, for validation; 0 leaves all for training.
        seed: another one draws others.
    """

    def __init__(self, database: sqlite3.Connection, share: float, seed: int) -> None:
        self._database = database
        self._share = share
        self._seed = seed
        self._count = 0
        database.execute("CREATE TABLE node (key TEXT PRIMARY KEY, parent TEXT, weight INTEGER, val INTEGER)")
        database.create_function("draw", 1, self._draw)

    def add(self, keys: Sequence[str]) -> str:
        """Take a conversation.

        Args:
            keys: what its media are known by, at least one.

        Returns:
            What to ask `side` for.
        """
        self._count += 1
        if not self._share:
            return keys[0]
        roots = sorted({self._root(key) for key in keys})
        first = roots[0]
        for other in roots[1:]:  # the smallest key leads a group, so that its name does not depend on the order
            self._database.execute("UPDATE node SET parent = ? WHERE key = ?", (first, other))
        self._database.execute("UPDATE node SET weight = weight + 1 WHERE key = ?", (first,))
        return keys[0]

    def draw(self) -> None:
        """Choose the groups for validation, up to the share as nearly as whole groups allow, but at least one."""
        if not self._share:
            return
        self._flatten()
        groups = "SELECT parent, SUM(weight) FROM node GROUP BY parent ORDER BY draw(parent)"
        count, taken, first = 0, 0, None
        wanted = self._share * self._count
        chosen: list[tuple[str]] = []
        for root, weight in self._database.execute(groups):
            count += 1
            first = first or root
            # Nearer to the share with it than without; and something is left to train on.
            if weight < 2 * (wanted - taken) and taken + weight < self._count:
                chosen.append((root,))
                taken += weight
                if len(chosen) == 1000:
                    self._mark(chosen)
                    chosen = []
        self._mark(chosen)
        if not taken and count > 1 and first is not None:
            self._mark([(first,)])

    def rank(self, key: str) -> tuple[bytes, str]:
        """Where the group of a conversation stands in the draw, and its name."""
        root = self._parent(key)
        return self._draw(root), root

    def to_train(self, root: str) -> None:
        """Take a group back out of the validation side, by its name."""
        self._database.execute("UPDATE node SET val = NULL WHERE key = ?", (root,))

    def side(self, key: str) -> str:
        """The side of a conversation, by what `add` returned for it."""
        if not self._share:
            return TRAIN
        query = "SELECT root.val FROM node JOIN node AS root ON root.key = node.parent WHERE node.key = ?"
        return VAL if self._database.execute(query, (key,)).fetchone()[0] else TRAIN

    def _draw(self, root: str) -> bytes:
        return blake2b(f"{self._seed}:{root}".encode(), digest_size=8).digest()

    def _mark(self, roots: list[tuple[str]]) -> None:
        self._database.executemany("UPDATE node SET val = 1 WHERE key = ?", roots)

    def _root(self, key: str) -> str:
        """The leader of a key's group; the way there gets shorter."""
        self._database.execute("INSERT OR IGNORE INTO node VALUES (?, ?, 0, 0)", (key, key))
        way = []
        while (parent := self._parent(key)) != key:
            way.append((parent, key))
            key = parent
        self._database.executemany(
            "UPDATE node SET parent = ? WHERE key = ?", ((key, passed) for _, passed in way[:-1])
        )
        return key

    def _parent(self, key: str) -> str:
        return str(self._database.execute("SELECT parent FROM node WHERE key = ?", (key,)).fetchone()[0])

    def _flatten(self) -> None:
        """Point every key at the leader of its group."""
        step = """UPDATE node SET parent = (SELECT up.parent FROM node AS up WHERE up.key = node.parent)
                  WHERE parent <> (SELECT up.parent FROM node AS up WHERE up.key = node.parent)"""
        while self._database.execute(step).rowcount:
            pass
