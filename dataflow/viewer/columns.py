"""The facts of all rows, in columns of a few bytes a row, with the ids: what filters and sorting work on."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator
from typing import Any

from dataflow.core.sample import Sample
from dataflow.core.storage import BadRow
from dataflow.export.columns import Columns as Roles
from dataflow.storage.ids import with_ids
from dataflow.storage.review import id_key
from dataflow.viewer.facts import facts_of

NO_RATING = float("nan")
_MOST_NAMES = 63
"""Labels and types are bits of a 64-bit number; the last bit is for all names beyond these."""
OTHERS = "(others)"


class Names:
    """Sets of names as bits: the labels of a row, or its question types."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}
        self.counts: Counter[str] = Counter()

    def mask(self, names: tuple[str, ...]) -> int:
        """The bits of some names."""
        mask = 0
        for name in names:
            if name not in self.known and len(self.known) >= _MOST_NAMES:
                name = OTHERS
            mask |= 1 << self.known.setdefault(name, len(self.known))
            self.counts[name] += 1
        return mask

    def bit(self, name: str) -> int:
        """The bit of one name; 0 where it is unknown."""
        return 1 << self.known[name] if name in self.known else 0


class Columns:
    """Facts and ids by row number. Rows are added on one thread while others read.

    Args:
        media_fields: the fields that hold media, which are no text.
        roles: which columns hold captions, and which pairs.
    """

    def __init__(self, media_fields: frozenset[str], roles: Roles) -> None:
        self.media_fields = media_fields
        self.roles = roles
        self.labels = Names()
        self.types = Names()
        self.pair_counts: Counter[int] = Counter()
        self.ids: list[Any] = []
        self.number_of: dict[str, int] = {}
        self.pairs = array("L")
        self.lengths = array("Q")
        self.ratings = array("d")
        self.label_masks = array("Q")
        self.type_masks = array("Q")
        self.partial = bytearray()
        self.rated = False
        self._next: Sample | BadRow = {}
        self._given = with_ids(self._rows(), lambda message: None)

    def __len__(self) -> int:
        return len(self.partial)

    def add(self, row: Sample | BadRow) -> None:
        """Take the next row."""
        number = len(self.ids)
        self._next = row
        given = next(self._given)  # exactly the ids that every other reader of the file gives
        if isinstance(given, BadRow):
            given = {}
        sample_id = given.get("id", number + 1)
        facts = facts_of(given, self.media_fields, self.roles)
        self.ids.append(sample_id)
        self.number_of.setdefault(id_key(sample_id), number)
        self.pairs.append(facts.pairs)
        self.pair_counts[facts.pairs] += 1
        self.lengths.append(facts.length)
        self.ratings.append(NO_RATING if facts.rating is None else facts.rating)
        self.rated = self.rated or facts.rating is not None
        self.label_masks.append(self.labels.mask(facts.labels))
        self.type_masks.append(self.types.mask(facts.types))
        self.partial.append(facts.partial)  # last: its length is how far the others can be read

    def _rows(self) -> Iterator[Sample | BadRow]:
        while True:
            yield self._next
