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


def spend(budget: Budget, model: Model, answers: int, usage: Usage) -> int:
    """Ask one after the other until the budget stops it; how many were answered."""
    for number in range(answers):
        try:
            budget.begin()
        except BudgetSpent:
            return number
        budget.end(model, Response("text", usage=usage))
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
    assert spend(Budget(caps, counts, [model]), model, 50, Usage(60, 40)) == answered
    assert counts.requests == answered and counts.input_tokens == 60 * answered


def test_requests_in_flight_count_towards_the_cap_and_failed_ones_do_not() -> None:
    counts, model = Counts(), Model("m")
    budget = Budget(Caps(requests=3), counts, [model])
    for _ in range(3):
        budget.begin()
    with pytest.raises(BudgetSpent, match=r"3 requests"):
        budget.begin()
    budget.end(model, None)
    budget.begin()
    assert counts.requests == 0


def test_each_model_is_counted_at_its_own_price() -> None:
    counts = Counts()
    cheap, dear = Model("gpt-4o-mini"), Model("gpt-4o")
    budget = Budget(Caps(), counts, [cheap, dear])
    for model in (cheap, dear):
        budget.begin()
        budget.end(model, Response("text", usage=Usage(1_000_000, 1_000_000)))
    assert counts.cost == pytest.approx(0.75 + 12.5)


def test_a_cost_cap_without_a_price_is_refused_and_cost_is_then_not_told() -> None:
    counts = Counts()
    with pytest.raises(UsageError, match=r"price of house-model.*--price IN,OUT"):
        Budget(Caps(cost=1.0), counts, [Model("house-model"), Model("gpt-4o")])
    Budget(Caps(), counts, [Model("house-model")])
    assert counts.cost is None
