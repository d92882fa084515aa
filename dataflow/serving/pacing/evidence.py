"""Whether refusals mean that an endpoint's bucket is empty, or come by chance as from one busy machine among many.

A refusal alone proves nothing. Where nothing is left, about every second request near it is refused too; where chance
refuses, hardly one. So log odds are summed over refusals, and over the requests between them that were let in: a
cumulative sum test (E. S. Page, "Continuous Inspection Schemes", Biometrika 41, 1954).
"""

from __future__ import annotations

from bisect import insort
from math import log

WHEN_EMPTY = 0.5
"""Share of requests that are refused where nothing is left; most of those sent at once, fewer of those spread out."""

SURE, LIKELY = 9.0, 4.6
"""Log odds from which a bucket is believed to be empty: out of the blue, and where that is just what was expected."""

WHEN_JUST_EMPTY = 0.15
"""Likewise where asking is a little faster than the rate that is known: refusals come one by one, in a row for good."""

RARE, OFTEN = 0.001, 0.25
"""Bounds of the share that is taken to be refused by chance."""

SELDOM = 0.005
"""Share by chance above which nothing is believed more easily for being expected."""

GUESS, DOUBT = 1.0, 50
"""So many refusals by chance among so many requests: what is taken for granted before anything has been seen."""


class Evidence:
    """Sums up what refusals say. Requests are known by their numbers, in the order in which they were sent."""

    def __init__(self) -> None:
        self._refused: list[int] = []
        self._settled = 0
        self._by_chance = 0
        self._sum = 0.0
        self._row = _Row()

    def by_chance(self, sent: int) -> float:
        """The share of requests that are refused although there is room, of so many sent."""
        return min(OFTEN, max(RARE, (self._by_chance + GUESS) / (sent + DOUBT)))

    def nearly(self, sent: int) -> bool:
        """Whether two more refusals would do."""
        return self._sum + 2 * log(WHEN_EMPTY / self.by_chance(sent)) >= SURE

    def refused(self, number: int, *, expected: bool) -> bool:
        """Take a refusal; whether the bucket is to be believed empty.

        Args:
            number: of the request. Replies overtake each other, so that a smaller one may come later.
            expected: an empty bucket is what was expected about now.
        """
        row = self._row.refused(number, self.by_chance(number), expected=expected)
        if number < self._settled:
            self._by_chance += 1
            return False
        insort(self._refused, number)
        chance = self.by_chance(self._refused[-1])
        self._add_up(chance)
        if row >= SURE:
            self._by_chance = max(0, self._by_chance - self._row.count)
        elif self._sum < (LIKELY if expected and chance <= SELDOM else SURE):
            return False
        self._row = _Row()
        if len(self._refused) == 1:  # right or wrong, the next one alone shall not do
            self._by_chance += 1
        self._settled, self._sum = self._refused[-1] + 1, 0.0
        self._refused.clear()
        return True

    def _add_up(self, chance: float) -> None:
        """Sum over the refusals in order; those before the last point at which nothing spoke for an empty bucket are
        taken to have come by chance."""
        total, before, chances = 0.0, self._refused[0] - 1, 0
        for place, number in enumerate(self._refused):
            total += (number - before - 1) * log((1 - WHEN_EMPTY) / (1 - chance))
            if total <= 0:
                total, chances = 0.0, place
            total += log(WHEN_EMPTY / chance)
            before = number
        self._sum = total
        if chances:
            self._by_chance += chances
            self._settled = self._refused[chances - 1] + 1
            del self._refused[:chances]


class _Row:
    """Refusals that come one by one while asking is about as fast as the rate that is known."""

    def __init__(self) -> None:
        self.count = 0
        self._sum = 0.0
        self._last = 0

    def refused(self, number: int, chance: float, *, expected: bool) -> float:
        """Take a refusal; the log odds for its being one of many."""
        let_in = max(0, number - self._last - 1)
        self._sum += let_in * log((1 - WHEN_JUST_EMPTY) / (1 - chance))
        if self._sum <= 0 or not expected:
            self._sum, self.count = 0.0, 0
        self._last = max(self._last, number)
        if expected:
            self.count += 1
            self._sum += log(WHEN_JUST_EMPTY / chance)
        return self._sum
