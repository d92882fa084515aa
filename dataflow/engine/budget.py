"""What a run may spend, and what it has spent. A cap stops the run before more is asked; what is in flight comes in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dataflow.core import BudgetSpent, LLMServingABC, Usage, UsageError
from dataflow.engine.counts import Counts
from dataflow.engine.prices import Price, prices_by_model

Record = Callable[[str, Usage, float | None], None]
"""Keeps what a reply cost: model, tokens, and dollars where its price is known."""


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
        record: where every reply is kept with its cost.
    """

    def __init__(self, caps: Caps, counts: Counts, record: Record) -> None:
        self._caps = caps
        self._counts = counts
        self._record = record
        self._in_flight = 0
        counts.cost = 0.0

    def price(self, serving: LLMServingABC) -> tuple[str, Price | None]:
        """The model that a serving asks, and its price.

        Raises:
            UsageError: cost is capped, and the price is not known.
        """
        model = str(serving.identity.get("model", ""))
        price = self._caps.price or prices_by_model([serving])[model]
        if price is None:
            if self._caps.cost is not None:
                raise UsageError(
                    f"a cost cap needs the price of {model}, which is not in the price list: give "
                    "--price IN,OUT in dollars per million tokens (0,0 for a server of your own)"
                )
            self._counts.cost = None
        return model, price

    def begin(self) -> None:
        """Count a request that is about to be asked.

        Raises:
            BudgetSpent: a cap is reached; says which, and that a higher one goes on.
        """
        caps = self._caps
        if caps.requests is not None and self._counts.requests + self._in_flight >= caps.requests:
            message = f"stopped: the cap of {caps.requests:,} requests is reached. {_GO_ON}"
            raise BudgetSpent(message, counted=True)
        if (reason := self.spent()) is not None:
            raise reason
        self._in_flight += 1

    def end(self, answered: bool) -> None:
        """Count a request that has ended."""
        self._in_flight -= 1
        self._counts.requests += answered

    def spend(self, model: str, usage: Usage, price: Price | None) -> None:
        """Count a reply, whatever becomes of it."""
        counts = self._counts
        dollars = None if price is None else price.cost(usage)
        counts.input_tokens += usage.input_tokens
        counts.cached_tokens += usage.cached_tokens
        counts.output_tokens += usage.output_tokens
        if dollars is not None and counts.cost is not None:
            counts.cost += dollars
        self._record(model, usage, dollars)

    def spent(self) -> BudgetSpent | None:
        """The cap on tokens or on cost that is reached."""
        caps, counts = self._caps, self._counts
        if caps.tokens is not None and counts.input_tokens + counts.output_tokens >= caps.tokens:
            return BudgetSpent(f"stopped: the cap of {caps.tokens:,} tokens is reached. {_GO_ON}")
        if caps.cost is not None and (counts.cost or 0.0) >= caps.cost:
            return BudgetSpent(f"stopped: the cap of ${caps.cost:g} is reached (${counts.cost:.4f} spent). {_GO_ON}")
        return None


_GO_ON = "What was answered is kept; the same command with a higher cap goes on from here"
