"""The estimate on operators of all kinds: that ask several things at once, make many rows of one, fail or stop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from dataflow.core import (
    BadRow,
    InputError,
    LLMServingABC,
    Message,
    OperatorABC,
    Rejection,
    Request,
    Response,
    Run,
    Sample,
    TextPart,
    UsageError,
    VideoPart,
    optional,
    output,
)
from dataflow.core.operator import Keys
from dataflow.engine import estimate as estimating
from dataflow.engine.estimate import ANSWER_TOKENS, Estimate, estimate
from dataflow.engine.prices import Price, Rates
from dataflow.storage.places import MediaPlaces
from tests.media.media_clips import Clip

DOLLAR = Price(1.0, 1.0)


class Model(LLMServingABC):
    """Is never asked."""

    def __init__(self, kind: str = "openai", **params: Any) -> None:
        self.kind = kind
        self._params = params

    @property
    def params(self) -> dict[str, Any]:
        return self._params

    @property
    def identity(self) -> dict[str, Any]:
        return {"serving": self.kind, "model": "Qwen2.5-VL"}

    async def generate(self, request: Request) -> Response:
        raise AssertionError("an estimate asks nothing")


def words(text: str, **params: Any) -> Request:
    return Request((Message("user", (TextPart(text),)),), params)


class Ask(OperatorABC):
    """Asks some things at once, then writes an answer."""

    keys = (optional("input_key", "text"), output("output_key", "answer"))

    def __init__(self, serving: LLMServingABC, *texts: str, most: int = 1) -> None:
        self.serving = serving
        self.texts = texts
        self.most = most

    def questions(self) -> int:
        return self.most

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Sample:
        await asyncio.gather(*(run.ask(self.serving, words(text.format(**sample))) for text in self.texts))
        raise AssertionError("there was an answer")


class Do(OperatorABC):
    """Asks nothing, and comes to some end."""

    keys = (optional("input_key", "text"),)

    def __init__(self, outcome: Any) -> None:
        self.outcome = outcome

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Any:
        if isinstance(self.outcome, BaseException):
            raise self.outcome
        return self.outcome(sample) if callable(self.outcome) else self.outcome


def made(*operators: OperatorABC, rows: Iterable[Any] = ({"id": 1},), price: Price | None = DOLLAR) -> Estimate:
    """The estimate for some rows."""
    steps = [operator.bind() for operator in operators]
    return asyncio.run(estimate(steps, iter(rows), None, MediaPlaces((Path(),)), price))


def test_questions_put_at_the_same_time_are_all_counted_each_with_its_words() -> None:
    found = made(Ask(Model(), "short", "long " * 4000, "short too"))
    assert (found.requests, found.problems) == (3, 0)
    assert found.input_tokens == pytest.approx(4000 * 5 / 4.8, rel=0.1)


def test_what_an_operator_says_it_asks_is_shared_out_over_the_questions_it_begins_with() -> None:
    assert made(Ask(Model(), "a", "b", most=18)).requests == 18
    assert made(Ask(Model(), "a", "b", "c", most=2)).requests == 3


def test_rows_that_one_row_becomes_are_all_followed() -> None:
    found = made(Do(lambda sample: [{"n": n} for n in range(4)]), Ask(Model(), "row {n}"))
    assert (found.requests, found.looked_at) == (4, 1)
    assert [one.request.messages[0].text for one in found.first] == ["row 0", "row 1", "row 2", "row 3"]


def test_an_answer_that_is_not_there_yet_counts_with_the_length_of_one() -> None:
    found = made(Ask(Model(), "a"), Ask(Model(), "about {answer}: b"))
    assert found.requests == 2
    assert ANSWER_TOKENS < found.input_tokens < 1.3 * ANSWER_TOKENS + 100
    assert "[answer, as Ask will have written it]" in found.first[1].request.messages[0].text


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (KeyError("brand"), "operator", "Do raised KeyError: 'brand'"),
        (TypeError("none"), "operator", "TypeError: none"),
    ],
)
def test_a_fault_in_an_operator_is_told_as_a_sample_that_would_fail(error: Exception, kind: str, message: str) -> None:
    found = made(Do(error), Ask(Model(), "a"), rows=[{"id": 7}, BadRow(8, "broken", "{")])
    assert (found.requests, found.problems, found.looked_at) == (0, 2, 2)
    assert found.failures[0].id == 7 and found.failures[0].kind == kind and message in found.failures[0].message
    assert (found.failures[1].id, found.failures[1].kind) == (8, "input")


@pytest.mark.parametrize("outcome", [None, "text", ["a", "b"], 7, []])
def test_what_a_run_does_not_take_from_an_operator_an_estimate_does_not_either(outcome: Any) -> None:
    found = made(Do(outcome), Ask(Model(), "a"))
    assert found.requests == 0 and found.looked_at == 1
    assert found.problems == (outcome != [])  # an empty list is a rejection
    assert not found.failures or "Do returned" in found.failures[0].message


def test_a_serving_that_only_its_question_shows_is_priced_too() -> None:
    kept: list[LLMServingABC] = [Model()]

    class Hidden(Do):
        async def process(self, sample: Sample, keys: Keys, run: Run) -> Any:
            return await run.ask(kept[0], words("a"))

    assert made(Hidden(None), price=None).cost is None
    priced = made(Hidden(None))
    assert priced.cost == pytest.approx((priced.input_tokens + priced.output_tokens) * 1e-6)


@pytest.mark.parametrize("error", [UsageError("a bad plan"), InputError("no such file")])
def test_what_would_end_a_run_ends_its_estimate(error: Exception) -> None:
    with pytest.raises(type(error)):
        made(Do(error))


def test_a_step_that_reads_an_answer_fails_nothing_and_what_it_leads_to_is_not_counted() -> None:
    parse = Do(lambda sample: {"parsed": int(sample["answer"])})
    assert made(Ask(Model(), "a"), parse).unforeseen == 0  # nothing is asked behind it
    found = made(Ask(Model(), "a"), parse, Ask(Model(), "b"))
    assert (found.requests, found.problems, found.unforeseen) == (1, 0, 1)
    real = made(parse, Ask(Model(), "b"), rows=[{"id": 1, "answer": "12"}, {"id": 2, "answer": "x"}])
    assert (real.requests, real.problems, real.unforeseen) == (1, 1, 0)


def test_a_rejected_sample_is_asked_nothing_and_is_no_failure() -> None:
    found = made(Do(Rejection("too dark")), Ask(Model(), "a"))
    assert (found.requests, found.problems, found.looked_at) == (0, 0, 1)


@pytest.mark.parametrize(
    "params",
    [{"max_tokens": 40}, {"extra_body": {"max_tokens": 40}}, {"extra_body": {"max_completion_tokens": 40}}],
)
def test_the_longest_answer_bounds_what_is_written_however_it_is_said(params: dict[str, Any]) -> None:
    assert 40 <= made(Ask(Model(**params), "a")).output_tokens < 45
    assert made(Ask(Model(max_tokens=5000), "a")).output_tokens < ANSWER_TOKENS * 1.1


def test_dearer_rates_for_long_requests_hold_by_request_and_not_for_the_sum() -> None:
    dear = Price(1.0, 0.0, above=((1000, Rates(100.0, 0.0)),))
    many = made(Ask(Model(), "short"), rows=[{"id": n} for n in range(200)], price=dear)
    assert many.input_tokens > 1000 and many.cost == pytest.approx(many.input_tokens * 1e-6)
    long = made(Ask(Model(), "long " * 2000), price=dear)
    assert long.cost == pytest.approx(long.input_tokens * 100e-6)


def test_a_video_for_a_model_in_this_process_counts_as_one(tmp_path: Path) -> None:
    path = Clip("clip.mp4", "libx264", 30, (448, 224)).make(tmp_path)

    class Watch(Ask):
        async def process(self, sample: Sample, keys: Keys, run: Run) -> Sample:
            await run.ask(self.serving, Request((Message("user", (VideoPart(str(path), "uniform:8"),)),)))
            raise AssertionError("there was an answer")

    one, eight = made(Watch(Model("vllm"))), made(Watch(Model("openai")))
    assert one.frames == eight.frames == 8
    merged = 16 * 8  # 28x28 pixels of 448x224
    assert one.input_tokens == pytest.approx(4 * merged * 1.05, rel=0.25)
    assert eight.input_tokens == pytest.approx(8 * (merged + 8) * 1.05, rel=0.15)


def test_only_the_first_samples_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimating, "LOOK_SECONDS", -1.0)
    assert made(Ask(Model(), "a")).looked_at == 0
    monkeypatch.setattr(estimating, "LOOK_SECONDS", 600.0)
    assert made(Ask(Model(), "a"), rows=({"id": n} for n in range(300))).looked_at == estimating.LOOKED_AT
