"""Caps: what a run may spend, and when it stops."""

from __future__ import annotations

from typing import Any

import pytest

from dataflow.core import BudgetSpent, LLMServingABC, Request, Response, Usage, UsageError
from dataflow.engine.budget import Budget, Caps
from dataflow.engine.counts import Counts
from dataflow.engine.prices import Price


class Model(LLMServingABC):
    """Says what it is called."""

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def identity(self) -> dict[str, Any]:
        return {"model": self.name}

    async def generate(self, request: Request) -> Response:
        return Response("an answer")


def forget(model: str, usage: Usage, dollars: float | None) -> None:
    """Keep nothing of a reply: here it is the counts that are looked at."""


def spend(budget: Budget, model: Model, answers: int, usage: Usage) -> int:
    """Ask one after the other until the budget stops it; how many were answered."""
    name, price = budget.price(model)
    for number in range(answers):
        try:
            budget.begin()
        except BudgetSpent:
            return number
        budget.spend(name, usage, price)
        budget.end(answered=True)
    return answers


@pytest.mark.parametrize(
    ("caps", "answered"),
    [
        (Caps(), 50),
        (Caps(requests=7), 7),
        (Caps(tokens=1000), 10),
        (Caps(tokens=1001), 11),
        (Caps(cost=0.0004, price=Price(1.0, 2.0)), 3),
        (Caps(requests=9, tokens=500), 5),
    ],
)
def test_each_cap_stops_before_the_next_question(caps: Caps, answered: int) -> None:
    counts, model = Counts(), Model("unknown")
    assert spend(Budget(caps, counts, forget), model, 50, Usage(60, 40)) == answered
    assert counts.requests == answered and counts.input_tokens == 60 * answered


def test_requests_in_flight_count_towards_the_cap_and_failed_ones_do_not() -> None:
    counts = Counts()
    budget = Budget(Caps(requests=3), counts, forget)
    for _ in range(3):
        budget.begin()
    with pytest.raises(BudgetSpent, match=r"3 requests"):
        budget.begin()
    budget.end(answered=False)
    budget.begin()
    assert counts.requests == 0


def test_each_model_is_counted_at_its_own_price_and_cached_tokens_at_theirs() -> None:
    counts = Counts()
    kept: list[tuple[str, Usage, float | None]] = []
    budget = Budget(Caps(), counts, lambda *reply: kept.append(reply))
    for model in (Model("gpt-4o-mini"), Model("gpt-4o")):
        name, price = budget.price(model)
        budget.spend(name, Usage(1_000_000, 1_000_000, 500_000), price)
    cheap, dear = 0.5 * 0.15 + 0.5 * 0.075 + 0.6, 0.5 * 2.5 + 0.5 * 1.25 + 10
    assert counts.cost == pytest.approx(cheap + dear)
    assert [dollars for _, _, dollars in kept] == pytest.approx([cheap, dear])
    assert counts.spent.usage == Usage(2_000_000, 2_000_000, 1_000_000)


def test_a_cost_cap_without_a_price_is_refused_and_cost_is_then_not_told() -> None:
    counts = Counts()
    with pytest.raises(UsageError, match=r"price of house-model.*--price IN,OUT"):
        Budget(Caps(cost=1.0), counts, forget).price(Model("house-model"))
    budget = Budget(Caps(), counts, forget)
    assert counts.cost == 0
    budget.price(Model("house-model"))
    assert counts.cost is None
    assert spend(budget, Model("gpt-4o"), 1, Usage(1, 1)) == 1
    assert counts.cost is None
