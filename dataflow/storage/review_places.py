"""Which row of a data file each decision is about: the row that looks as it was seen, and of several the one of its id.

So decisions hold when ids change, when rows come between, and when a log was written by row numbers; and none does
anything to a row that was made anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dataflow.core.sample import Sample
from dataflow.core.storage import BadRow
from dataflow.storage.review import CaseKey, Decision, Review, id_key, row_digest


@dataclass(frozen=True, slots=True)
class ReviewCounts:
    """How many decisions do something, and how many do not.

    Args:
        applied: rows about which a decision counts; the next four are among them.
        accepted: rows.
        rejected: rows.
        edited: rows with edited fields.
        pairs: rejected pairs of rows that were not rejected whole.
        stale: rows that were made anew since they were decided about: nothing is done.
        gone: samples that were decided about and are not there any more, under no id.
    """

    applied: int = 0
    accepted: int = 0
    rejected: int = 0
    edited: int = 0
    pairs: int = 0
    stale: int = 0
    gone: int = 0


class Places:
    """Decisions by the number of their row, from 0. Rows may be shown, and lines added to the review, as they come.

    Args:
        review: the decisions.
    """

    def __init__(self, review: Review) -> None:
        self.decisions: dict[int, Decision] = {}
        """Those that count."""
        self.stale: dict[int, Decision] = {}
        """Of rows about which nothing counts: what was decided about an earlier form of theirs."""
        self._review = review
        self._row_of: dict[str, int] = {}
        self._name_of: dict[int, tuple[str, str]] = {}
        self._rows_with: dict[str, list[int]] = {}
        self._placed: dict[CaseKey, int] = {}
        self._case_at: dict[int, CaseKey] = {}
        self._digests: set[str] = set()
        self._ids: set[str] = set()

    def see(self, number: int, key: str, digest: str) -> None:
        """Take in a row; what no decision could be about is forgotten at once.

        Args:
            number: of the row.
            key: the `id_key` of its id, which no other row has.
            digest: its `row_digest`.
        """
        if number in self._name_of or not (self._review.seen_under(key) or self._review.ids_seen(digest)):
            return
        self._name_of[number] = digest, key
        self._row_of[key] = number
        self._rows_with.setdefault(digest, []).append(number)
        self._digests.add(digest)
        self._ids.add(key)

    def see_row(self, number: int, row: Sample | BadRow) -> None:
        """Take in a row with its id; without decisions nothing is done, a bad row is nothing to decide about."""
        if self._review and not isinstance(row, BadRow):
            self.see(number, id_key(row.get("id")), row_digest(row))

    def settle(self, changed: Iterable[CaseKey] = ()) -> set[int]:
        """Find the rows of decisions anew where something came; returns the rows about which something changed.

        Args:
            changed: what `Review.add` said.
        """
        for digest, key in changed:
            self._digests.add(digest)
            self._ids.add(key)
        rows: set[int] = set()
        for digest in self._digests:
            rows |= self._bind(digest)
        rows |= {self._row_of[key] for key in self._ids if key in self._row_of}
        self._digests, self._ids = set(), set()
        return {number for number in rows if self._decide(number)}

    def unplaced(self) -> list[CaseKey]:
        """The decisions for which no row was found so far."""
        return [case for case in self._review.cases() if not self._is_placed(case)]

    def id_seen(self, number: int) -> str | None:
        """The `id_key` under which the lines know a row; None where there are none about what it is now."""
        case = self._case_at.get(number)
        return None if case is None else case[1]

    def row_of(self, case: CaseKey) -> int | None:
        """The number of the row that a decision is about; None where there is none."""
        return self._placed.get(case) if case[0] else self._row_of.get(case[1])

    def counts(self) -> ReviewCounts:
        """How many decisions do something, once all rows have been seen."""
        counting = self.decisions.values()
        return ReviewCounts(
            applied=len(self.decisions),
            accepted=sum(decision.verdict == "accept" for decision in counting),
            rejected=sum(decision.verdict == "reject" for decision in counting),
            edited=sum(bool(decision.set) for decision in counting),
            pairs=sum(len(p) for one in counting if one.verdict != "reject" for p in one.pairs.values()),
            stale=len(self.stale),
            gone=len({key for seen, key in self.unplaced() if self._is_gone(seen, key)}),
        )

    def _bind(self, digest: str) -> set[int]:
        """Give the decisions about one content their rows: first by id, then by order."""
        if not digest:
            return set()
        rows = sorted(self._rows_with.get(digest, ()))
        last = self._review.ids_seen(digest)
        exact = {self._name_of[number][1]: number for number in rows if self._name_of[number][1] in last}
        free = [number for number in rows if self._name_of[number][1] not in exact]
        # Rows of one content are alike in everything but the id: of decisions without a row of their id each takes one,
        # the latest where they are more than the rows.
        others = [key for key in last if key not in exact]
        kept = set(sorted(others, key=last.__getitem__)[max(0, len(others) - len(free)) :])
        found = {**exact, **dict(zip([key for key in others if key in kept], free, strict=False))}
        for number in rows:
            if (case := self._case_at.pop(number, None)) is not None:
                self._placed.pop(case, None)
        for key, number in found.items():
            self._placed[digest, key] = number
            self._case_at[number] = digest, key
        # What these ids named before may be another row by now, about which nothing is said.
        return {*rows, *(self._row_of[key] for key in last if key in self._row_of)}

    def _decide(self, number: int) -> bool:
        """Whether something changed about a row."""
        digest, key = self._name_of[number]
        case = self._case_at.get(number, (digest, key))
        decision = self._review.decision(*dict.fromkeys((case, ("", key))))
        stale = None
        if decision is None:
            earlier = [(seen, key) for seen in self._review.seen_under(key) if not self._is_placed((seen, key))]
            newest = max(earlier, key=lambda one: self._review.ids_seen(one[0])[key], default=None)
            stale = self._review.decision(newest) if newest else None
        before = self.decisions.pop(number, None), self.stale.pop(number, None)
        if decision is not None:
            self.decisions[number] = decision
        if stale is not None:
            self.stale[number] = stale
        return before != (decision, stale)

    def _is_placed(self, case: CaseKey) -> bool:
        return self.row_of(case) is not None

    def _is_gone(self, seen: str, key: str) -> bool:
        """Whether a decision without a row is about nothing that is there, under this id or another."""
        if key in self._row_of or self._rows_with.get(seen):
            return False
        return not any(self._is_placed((other, key)) for other in self._review.seen_under(key))


def place(review: Review, rows: Iterable[Sample | BadRow]) -> Places:
    """Find the rows that decisions are about, in one pass; memory grows with the decisions, not with the rows.

    Args:
        review: the decisions.
        rows: all rows of the data file, with their ids.

    Returns:
        `decisions` by the number of the row, from 0, bad rows counted in; `counts()`: what was applied and what not.
    """
    places = Places(review)
    for number, row in enumerate(rows):
        places.see_row(number, row)
    places.settle()
    return places
