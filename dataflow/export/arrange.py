"""Which side of the split each conversation is on, and which stand first, once all are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dataflow.export.conversation import Conversation
from dataflow.export.gathering import Gathering
from dataflow.export.splits import TRAIN, VAL, Splits


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The order in which conversations are written.

    Args:
        counts: conversations by split, those without any included.
        first: the places of those that stand first, in order.
        returned: groups taken back to the training side, for something that none there has.
    """

    counts: dict[str, int]
    first: tuple[int, ...]
    returned: int

    def conversations(self, gathered: Gathering) -> Iterator[tuple[str, Conversation]]:
        """All of them with their keys, in order."""
        for place in self.first:
            yield gathered.at(place)
        known = set(self.first)
        for place, key, conversation in gathered:
            if place not in known:
                yield key, conversation


def arrange(gathered: Gathering, splits: Splits, shows: Callable[[Conversation], frozenset[str]]) -> Arrangement:
    """Count the sides and find what must stand first.

    Args:
        gathered: the conversations.
        splits: drawn; a group goes back to training where it alone has something that a reader has to see there, since
            readers take the types of all splits from the training file.
        shows: what a reader can learn from a conversation about the types of columns.
    """
    returned = 0
    while True:
        counts = dict.fromkeys((TRAIN, VAL), 0)
        seen: dict[str, set[str]] = {TRAIN: set(), VAL: set()}
        alone: dict[str, tuple[bytes, str]] = {}
        first: list[int] = []
        for place, key, conversation in gathered:
            side = splits.side(key)
            counts[side] += 1
            shown = shows(conversation)
            if not shown <= seen[side]:
                seen[side] |= shown
                first.append(place)
            if side == VAL and (new := shown - seen[TRAIN]):
                rank = splits.rank(key)
                alone |= {one: min(rank, alone.get(one, rank)) for one in new}
        groups = {alone[one][1] for one in seen[VAL] - seen[TRAIN]}
        if not groups:
            return Arrangement(counts, tuple(first), returned)
        for group in groups:
            splits.to_train(group)
        returned += len(groups)
