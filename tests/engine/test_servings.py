"""Every serving an operator asks is in the budget, the limiter and the manifest from its first question, wherever the
operator keeps it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest

from dataflow import Operator, Pipeline, RunOptions
from dataflow.core import BudgetSpent, DataFlowError, LLMServingABC, Request, Response, Run, Sample, Usage, UsageError
from dataflow.core.operator import Keys
from dataflow.engine.budget import Caps
from dataflow.engine.prices import Price
from dataflow.engine.servings import servings_of
from dataflow.serving import APIVLMServing_openai
from tests.engine.questions import serving_at
from tests.engine.rude_operators import question
from tests.servers import ModelServer, start_server

Find = Callable[[], LLMServingABC]


class Holder:
    """A helper object."""

    __slots__ = ("deep",)

    def __init__(self, serving: LLMServingABC) -> None:
        self.deep = {"er": (serving,)}


class Keeps(Operator):
    """Asks a serving that it keeps in some place.

    Args:
        place: attribute -> value.
        find: gives the serving.
    """

    def __init__(self, place: Mapping[str, Any], find: Find) -> None:
        self.find = find
        vars(self).update(place)

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Sample:
        response = await run.ask(self.find(), question(sample["text"]))
        return {**sample, "answer": response.text}


class MakesItself(Operator):
    """Makes its serving when it is first asked to work."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.made: list[LLMServingABC] = []

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Sample:
        if not self.made:
            self.made.append(APIVLMServing_openai(self.url, model_name="stub", max_workers=4))
        response = await run.ask(self.made[0], question(sample["text"]))
        return {**sample, "answer": response.text}


PLACES: dict[str, Callable[[LLMServingABC], Mapping[str, Any]]] = {
    "attribute": lambda serving: {"serving": serving},
    "list": lambda serving: {"servings": [serving]},
    "dict in tuple": lambda serving: {"servings": ({"a": serving},)},
    "object": lambda serving: {"helper": Holder(serving)},
}


def keeping(place: str, serving: LLMServingABC) -> Keeps:
    return Keeps(PLACES[place](serving) if place in PLACES else {}, lambda: serving)


ROWS = [{"text": f"Question {number}?"} for number in range(60)]


def run(operator: Operator, folder: Path, caps: Caps) -> dict[str, Any]:
    """Run to whatever end; the manifest."""
    try:
        Pipeline([operator]).run(ROWS, folder, prefix="p", options=RunOptions(quiet=True, caps=caps))
    except DataFlowError as error:
        assert isinstance(error, BudgetSpent | UsageError)
    manifest: dict[str, Any] = orjson.loads((folder / "run.json").read_bytes())
    return manifest


@pytest.mark.parametrize("place", PLACES)
def test_a_look_at_an_operator_finds_its_servings(model_server: ModelServer, place: str) -> None:
    serving = serving_at(model_server)
    assert servings_of(keeping(place, serving).bind()) == [serving]


def test_a_look_at_an_operator_that_holds_a_world_comes_to_an_end() -> None:
    class World(Keeps):
        """Holds itself, a module, and a table."""

    world = World({"module": pytest, "table": [{"a": number} for number in range(100_000)]}, lambda: None)  # type: ignore[arg-type, return-value]
    vars(world)["me"] = world
    assert servings_of(world.bind()) == []


@pytest.mark.parametrize("place", [*PLACES, "closure", "made late"])
def test_a_cost_cap_holds_wherever_the_serving_is_kept_and_the_manifest_names_it(
    model_server: ModelServer, tmp_path: Path, place: str
) -> None:
    model_server.configure(latency=0.005)
    serving = serving_at(model_server, max_workers=4)
    operator = MakesItself(model_server.url) if place == "made late" else keeping(place, serving)
    manifest = run(operator, tmp_path, Caps(cost=0.002, price=Price(10.0, 20.0)))
    stats = model_server.stats()
    spent = (10 * stats["prompt_tokens"] + 20 * stats["completion_tokens"]) / 1e6
    assert manifest["state"] == "stopped" and "cap of $0.002" in manifest["message"]
    assert 0.002 <= spent <= 0.002 + (4 + 2) * spent / stats["delivered"]
    assert manifest["cost"] == pytest.approx(spent, abs=1e-6)
    assert [(one["model"], one["max_workers"]) for one in manifest["servings"]] == [("stub", 4)]


@pytest.mark.parametrize("place", [*PLACES, "closure"])
def test_a_cost_cap_without_a_price_asks_nothing_wherever_the_serving_is_kept(
    model_server: ModelServer, tmp_path: Path, place: str
) -> None:
    with pytest.raises(UsageError, match=r"price of stub.*--price IN,OUT"):
        Pipeline([keeping(place, serving_at(model_server))]).run(
            ROWS, tmp_path, prefix="p", options=RunOptions(quiet=True, caps=Caps(cost=1.0))
        )
    assert model_server.stats()["requests"] == 0


def test_a_serving_that_becomes_known_late_has_as_many_samples_at_once_as_it_takes(tmp_path: Path) -> None:
    with start_server(gather={".": 41}) as server:  # 28 samples were begun before it was known
        serving = serving_at(server, max_workers=60)
        run(keeping("closure", serving), tmp_path, Caps())
        assert server.stats()["peak_in_flight"] > 40


class WithoutBill(LLMServingABC):
    """A serving of a third party that knows of no bill."""

    @property
    def identity(self) -> Mapping[str, Any]:
        return {"model": "house"}

    async def generate(self, request: Request) -> Response:
        return Response("an answer")

    async def answer(self, request: Request, *, order: int = 0) -> Response:  # type: ignore[override]
        return await self.generate(request)


def test_a_serving_that_takes_no_bill_is_told_so_before_anything_is_asked(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"WithoutBill\.answer must take `bill`.*LLMServingABC\.answer"):
        Pipeline([keeping("list", WithoutBill())]).run(ROWS, tmp_path, prefix="p", options=RunOptions(quiet=True))


class Wrong(LLMServingABC):
    """Answers one question with what is no answer."""

    def __init__(self, wrong: Any) -> None:
        self.wrong = wrong

    @property
    def identity(self) -> Mapping[str, Any]:
        return {"model": "house"}

    async def generate(self, request: Request) -> Response:
        if "Question 7?" in request.messages[0].text:
            return self.wrong  # type: ignore[no-any-return]
        return Response("an answer", usage=Usage(1, 1))


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        "a text",
        Response(None),  # type: ignore[arg-type]
        Response("a", usage=Usage(-1, 2**70)),
        Response("a", usage=Usage(1.5, 1)),  # type: ignore[arg-type]
        Response("a", media=({"times": object()},)),
    ],
)
def test_what_is_no_response_is_the_failure_of_one_sample_and_spoils_no_other_answer(
    tmp_path: Path, wrong: Any
) -> None:
    done = Pipeline([keeping("list", Wrong(wrong))]).run(ROWS, tmp_path, prefix="p", options=RunOptions(quiet=True))
    assert (done.counts.written, done.counts.failed) == (59, 1)
    again = Pipeline([keeping("list", Wrong(wrong))]).run(ROWS, tmp_path, prefix="p", options=RunOptions(quiet=True))
    assert again.counts.from_ledger >= 59
