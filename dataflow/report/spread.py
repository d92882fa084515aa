"""How numbers spread, in memory that does not grow with how many there are."""

from __future__ import annotations

from math import ceil, exp, floor, log, log10

GROWTH = 1.02
"""Each bin is so many times wider than the one before: a quantile is off by one hundredth at most."""
EXACT_VALUES = 1000
"""Different numbers up to which each is kept as it is."""

_STEP = log(GROWTH)


class Spread:
    """Numbers from 0 up: each as it is while there are few different ones, then in bins that widen with size."""

    def __init__(self) -> None:
        self.count = 0
        self.total = 0.0
        self.low = float("inf")
        self.high = 0.0
        self.whole = True
        self._counts: dict[float, int] = {}
        self._binned = False

    def add(self, number: float) -> None:
        """Take a number; one below 0, infinite or not a number is passed over."""
        if not 0 <= number < float("inf"):
            return
        self.count += 1
        self.total += number
        self.low = min(self.low, number)
        self.high = max(self.high, number)
        self.whole = self.whole and number == int(number)
        key = self._bin(number) if self._binned else number
        self._counts[key] = self._counts.get(key, 0) + 1
        if len(self._counts) > EXACT_VALUES and not self._binned:
            self._into_bins()

    @property
    def mean(self) -> float:
        """The mean; 0 of nothing."""
        return self.total / self.count if self.count else 0.0

    def quantile(self, share: float) -> float:
        """The number that this share of all numbers does not exceed; 0 of nothing."""
        rank = max(1, ceil(share * self.count - 1e-9))
        for number, times in self.steps():
            rank -= times
            if rank <= 0:
                return number
        return 0.0

    def steps(self) -> list[tuple[float, int]]:
        """The numbers, or the middles of their bins, with how many there are, smallest first."""
        ordered = sorted(self._counts.items())
        if not self._binned:
            return ordered
        return [(self._middle(bin), times) for bin, times in ordered]

    def _into_bins(self) -> None:
        exact, self._counts, self._binned = self._counts, {}, True
        for number, times in exact.items():
            bin = self._bin(number)
            self._counts[bin] = self._counts.get(bin, 0) + times

    def _bin(self, number: float) -> float:
        return round(log(number) / _STEP) if number else float("-inf")

    def _middle(self, bin: float) -> float:
        number = exp(bin * _STEP)
        return min(max(round(number) if self.whole else number, self.low), self.high)


def nice_step(width: float) -> float:
    """The smallest of 1, 2, 2.5, 5 and 10 times a power of ten that is not smaller than `width`."""
    power = 10.0 ** floor(log10(width))
    return next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= width * 0.999)


def nice_edges(low: float, high: float, most: int) -> list[float]:
    """Evenly spaced round numbers that span from `low` to `high`, at most `most + 1` intervals."""
    step = nice_step((high - low) / most or 1.0)
    first = floor(low / step + 1e-9)
    count = max(1, ceil(high / step - first - 1e-9))
    return [round((first + number) * step, 10) for number in range(count + 1)]
