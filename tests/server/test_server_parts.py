"""The parts of the test endpoint by themselves: its draws, its buckets, its structured output."""

from __future__ import annotations

import pydantic
import pytest

from tests.server.config import FAULTS, Config
from tests.server.draws import draw_fault, draw_latency, uniform_pair
from tests.server.limits import Bucket, format_duration
from tests.server.structured import instance_of


class Pair(pydantic.BaseModel):
    question: str = pydantic.Field(min_length=5)
    answer: str
    weight: int = pydantic.Field(ge=3, le=9)
    score: float = pydantic.Field(gt=0, lt=1)
    kind: str | None = None


class Pairs(pydantic.BaseModel):
    pairs: list[Pair] = pydantic.Field(min_length=4, max_length=6)
    tags: list[str] = pydantic.Field(max_length=1)


def test_structured_output_is_valid_for_the_schema() -> None:
    pairs = Pairs.model_validate(instance_of(Pairs.model_json_schema(), "abc", items=2), strict=True)
    assert (len(pairs.pairs), len(pairs.tags)) == (4, 1)
    assert len({pair.question for pair in pairs.pairs}) == 4


def test_draws_have_the_asked_distribution() -> None:
    pairs = [uniform_pair(3, b"record %d" % n, 0) for n in range(4000)]
    latencies = sorted(draw_latency(0.4, 0.5, u) for _, u in pairs)
    assert 0.38 < latencies[2000] < 0.42
    assert 0.22 < latencies[635] < 0.26  # the 15.9 % quantile of a lognormal is median * exp(-sigma)
    faults = [draw_fault({"500": 0.05, "drop": 0.01}, u) for u, _ in pairs]
    assert 150 < faults.count("500") < 250 and 20 < faults.count("drop") < 60


def test_a_bucket_gives_no_more_than_it_holds_and_refills() -> None:
    bucket = Bucket(rate=10, size=2, now=0.0)
    assert [bucket.take(1, 0.0) for _ in range(3)] == [True, True, False]
    assert bucket.seconds_until(1) == pytest.approx(0.1)
    assert bucket.take(1, 0.1)
    assert [bucket.take(1, 100.0) for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.0171, "18ms"), (1.2, "1.2s"), (1, "1s"), (60, "1m0s"), (375, "6m15s")]
)
def test_durations_are_written_as_the_headers_write_them(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


def test_every_fault_can_be_named() -> None:
    assert Config(faults=dict.fromkeys(FAULTS, 0.01)).faults.keys() == set(FAULTS)
