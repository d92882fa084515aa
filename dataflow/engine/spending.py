"""What has been spent: on a dataset over all its runs, and by one run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dataflow.core import Usage


@dataclass(frozen=True, slots=True)
class Spending:
    """Tokens and dollars of all replies, whatever became of them.

    Args:
        runs: how many runs spent them.
        usage: the tokens.
        cost: dollars; None where the price of a model is not known.
    """

    runs: int = 0
    usage: Usage = field(default_factory=Usage)
    cost: float | None = 0.0

    def __add__(self, other: Spending) -> Spending:
        cost = None if self.cost is None or other.cost is None else self.cost + other.cost
        return Spending(self.runs + other.runs, self.usage + other.usage, cost)

    def as_dict(self) -> dict[str, Any]:
        """As the manifest and the summary have it."""
        return {
            "tokens": {
                "input": self.usage.input_tokens,
                "cached": self.usage.cached_tokens,
                "output": self.usage.output_tokens,
            },
            "cost": None if self.cost is None else round(self.cost, 6),
        }
