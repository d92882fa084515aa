"""What a run may spend, and what it has spent. A cap stops the run before more is asked; what is in flight comes in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from dataflow.core import BudgetSpent, LLMServingABC, Response, UsageError
from dataflow.engine.counts import Counts
from dataflow.engine.prices import Price, prices_by_model


@dataclass(frozen=True, slots=True)
class Caps:
    """What a run may spend; None is without limit.

    Args:
        cost: dollars.
        tokens: tokens read and written.
        requests: answered requests.
        price: for every model of the run; None looks each model up.
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

    def __init__(self, caps: Caps, counts: Counts, servings: Collection[LLMServingABC]) -> None:
        self._caps = caps
        self._counts = counts
        self._in_flight = 0
        known = dict.fromkeys((str(serving.identity.get("model", "")) for serving in servings), caps.price)
        self._prices = known if caps.price is not None else prices_by_model(servings)
        unknown = sorted(model for model, price in self._prices.items() if price is None)
        if unknown and caps.cost is not None:
            raise UsageError(
                f"a cost cap needs the price of {', '.join(unknown)}, which is not in the price list: give "
                "--price IN,OUT in dollars per million tokens (0,0 for a server of your own)"
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
            counts.cost += price.cost(usage)


_GO_ON = "What was answered is kept; the same command with a higher cap goes on from here"
