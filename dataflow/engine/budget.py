"""What a run may spend, and what it has spent. A cap stops the run before more is asked; what is in flight comes in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from dataflow.core import BudgetSpent, LLMServingABC, Response, UsageError
from dataflow.engine.counts import Counts

PRICES = {
    "embedded": (0.0, 0.0),
    "gpt-4o": (2.5, 10.0),
    "gpt-4o-mini": (0.15, 0.6),
    "gpt-4.1": (2.0, 8.0),
    "gpt-4.1-mini": (0.4, 1.6),
    "gpt-4.1-nano": (0.1, 0.4),
    "gpt-5": (1.25, 10.0),
    "gpt-5-mini": (0.25, 2.0),
    "gpt-5-nano": (0.05, 0.4),
}
"""Dollars per million tokens read and written, by a model's name without its date (OpenAI's price list, 2025)."""

_DATE = re.compile(r"-\d{4}-\d{2}-\d{2}$")

Price = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Caps:
    """What a run may spend; None is without limit.

    Args:
        cost: dollars.
        tokens: tokens read and written.
        requests: answered requests.
        price: dollars per million tokens read and written, for every model of the run; None looks the model up.
    """

    cost: float | None = None
    tokens: int | None = None
    requests: int | None = None
    price: Price | None = None


class Budget:
    """Counts what is spent, and says when a cap is reached.

    Args:
        caps: what may be spent.
        counts: where it is counted.
        servings: who will be asked.

    Raises:
        UsageError: cost is capped, and the price of a model is not known.
    """

    def __init__(self, caps: Caps, counts: Counts, servings: Iterable[LLMServingABC]) -> None:
        self._caps = caps
        self._counts = counts
        self._in_flight = 0
        models = {str(serving.identity.get("model", "")) for serving in servings}
        self._prices = {model: caps.price or price_of(model) for model in models}
        unknown = sorted(model for model, price in self._prices.items() if price is None)
        if unknown and caps.cost is not None:
            raise UsageError(
                f"a cost cap needs the price of {', '.join(unknown)}: give --price IN,OUT in dollars per million tokens"
            )
        counts.cost = None if unknown else 0.0

    def begin(self) -> None:
        """Count a request that is about to be asked.

        Raises:
            BudgetSpent: a cap is reached; says which, and that a higher one goes on.
        """
        caps, counts = self._caps, self._counts
        if caps.requests is not None and counts.requests + self._in_flight >= caps.requests:
            message = f"stopped: the cap of {caps.requests:,} requests is reached. {_GO_ON}"
            raise BudgetSpent(message, counted=True)
        if caps.tokens is not None and counts.input_tokens + counts.output_tokens >= caps.tokens:
            raise BudgetSpent(f"stopped: the cap of {caps.tokens:,} tokens is reached. {_GO_ON}")
        if caps.cost is not None and (counts.cost or 0.0) >= caps.cost:
            raise BudgetSpent(f"stopped: the cap of ${caps.cost:g} is reached (${counts.cost:.4f} spent). {_GO_ON}")
        self._in_flight += 1

    def end(self, serving: LLMServingABC, response: Response | None) -> None:
        """Count a request that has ended, answered or not."""
        self._in_flight -= 1
        if response is None:
            return
        counts, usage = self._counts, response.usage
        counts.requests += 1
        counts.input_tokens += usage.input_tokens
        counts.output_tokens += usage.output_tokens
        price = self._prices.get(str(serving.identity.get("model", "")))
        if price is not None and counts.cost is not None:
            counts.cost += (usage.input_tokens * price[0] + usage.output_tokens * price[1]) / 1e6


_GO_ON = "What was answered is kept; the same command with a higher cap goes on from here"


def price_of(model: str) -> Price | None:
    """The price of a model; None where it is not known, as for a longer name (`gpt-5-pro`), which is another model."""
    return PRICES.get(_DATE.sub("", model.rpartition("/")[2]))
