"""How numbers spread, in memory that does not grow with how many there are."""

from __future__ import annotations

from math import ceil, exp, floor, log, log10

GROWTH = 1.02
"""Each bin is so many times wider than the one before: a quantile is off by one hundredth at most."""

_STEP = log(GROWTH)


class Spread:
    """Numbers from 0 up, counted in bins that widen with size."""

    def __init__(self) -> None:
        self.count = 0
        self.total = 0.0
        self.low = float("inf")
        self.high = 0.0
        self._bins: dict[int, int] = {}
        self._zeros = 0

    def add(self, number: float, times: int = 1) -> None:
        """Take a number; less than 0, infinite or not a number is passed over."""
        if not 0 <= number < float("inf"):
            return
        self.count += times
        self.total += number * times
        self.low = min(self.low, number)
        self.high = max(self.high, number)
        if number == 0:
            self._zeros += times
        else:
            bin = round(log(number) / _STEP)
            self._bins[bin] = self._bins.get(bin, 0) + times

    @property
    def mean(self) -> float:
        """The mean; 0 of nothing."""
        return self.total / self.count if self.count else 0.0

    def quantile(self, share: float) -> float:
        """The number that this share of all numbers does not exceed; 0 of nothing."""
        rank = max(1, ceil(share * self.count))
        for number, times in self.steps():
            rank -= times
            if rank <= 0:
                return min(max(number, self.low), self.high)
        return 0.0

    def steps(self) -> list[tuple[float, int]]:
        """The bins as (number, how many), smallest first."""
        found = [(exp(bin * _STEP), times) for bin, times in sorted(self._bins.items())]
        return [(0.0, self._zeros), *found] if self._zeros else found


def nice_edges(low: float, high: float, most: int) -> list[float]:
    """Evenly spaced round numbers that span from `low` to `high`, at most `most` intervals.

    Args:
        low: the smallest number to show.
        high: the largest.
        most: intervals.
    """
    width = (high - low) / most or 1.0
    power = 10.0 ** floor(log10(width))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= width * 0.999)
    first = floor(low / step)
    count = max(1, ceil(high / step - first - 1e-9))
    return [round((first + number) * step, 10) for number in range(count + 1)]
