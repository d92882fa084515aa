"""What a run would ask and cost, without asking: the first samples of a dataset, taken through the operators."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from dataflow.core import BadRow, LLMServingABC, Sample, Step, Usage
from dataflow.engine.prices import Price, prices_by_model
from dataflow.engine.rehearsal import Failure, Planned, Rehearsed, assumed_in, rehearse
from dataflow.engine.servings import all_servings
from dataflow.media.tokens.families import rule_of
from dataflow.media.tokens.rule import MESSAGE_TOKENS, REPLY_TOKENS, TokenRule
from dataflow.media.tokens.text import text_tokens
from dataflow.serving.as_sent import Sent, SentImage, SentText, SentVideo
from dataflow.storage.places import MediaPlaces

LOOKED_AT = 200
LOOK_SECONDS = 30.0
"""Samples looked at, and seconds after which no further one is begun: where videos are cut, a few tell enough."""

AT_ONCE = 8
"""Samples looked at side by side."""

ANSWER_TOKENS = 250
"""What an answer is taken to cost where no max_tokens bounds it lower: about that of a detailed caption."""

ADDED_TOKENS = 1200
"""What each further question of several that lead on from one reads beyond it: a role, and some twenty pairs so far."""

EXTRA_SHARE = 0.05
"""Corrections and top-ups per question: one in twenty, an assumption. Each reads the question again, the answer, and a
few words on what is missing."""

EXTRA_WORDS = 100

REMOTE_SIDE = 1024
"""Pixels that an image behind a URL is taken to have in both directions: nothing is fetched for an estimate."""

EXAMPLES = 3
"""Samples that would fail, named by kind."""


@dataclass(slots=True)
class Estimate:
    """What a run would ask.

    Args:
        samples: in the whole input, or None where only reading it all would tell.
        looked_at: samples that the figures were made on.
        requests: questions, for the samples looked at.
        extra: corrections and top-ups beyond them, on average.
        images: images shown.
        frames: frames of videos shown.
        input_tokens: tokens read, by the published rule for the model.
        output_tokens: tokens written, at a guess.
        cost: dollars; None where a price is not known.
        problems: samples that would fail.
        kinds: how many of them in which way.
        failures: the first of each kind.
        unforeseen: samples with questions that depend on what an earlier step makes, which are not counted.
        rules: by model, the rule that its tokens were counted by.
        prices: by model, its price.
        first: the questions of the first sample that has any.
        first_id: that sample.
    """

    samples: int | None = None
    looked_at: int = 0
    requests: float = 0
    extra: float = 0
    images: float = 0
    frames: float = 0
    input_tokens: float = 0
    output_tokens: float = 0
    cost: float | None = 0.0
    problems: float = 0
    kinds: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    unforeseen: float = 0
    rules: dict[str, str] = field(default_factory=dict)
    prices: dict[str, Price | None] = field(default_factory=dict)
    first: list[Planned] = field(default_factory=list)
    first_id: object = None

    def whole(self) -> Estimate:
        """The figures scaled from the samples looked at to the whole input, in whole numbers."""
        scale = self.samples / self.looked_at if self.looked_at and self.samples is not None else 1.0
        figures = {name: round(getattr(self, name) * max(1.0, scale)) for name in FIGURES}
        return replace(self, **figures, cost=None if self.cost is None else self.cost * max(1.0, scale))


FIGURES = ("requests", "extra", "images", "frames", "input_tokens", "output_tokens", "problems", "unforeseen")


async def estimate(
    steps: Sequence[Step],
    rows: Iterator[Sample | BadRow],
    samples: int | None,
    places: MediaPlaces,
    own_price: Price | None = None,
) -> Estimate:
    """Go through the first samples of a dataset as a run would, asking nothing.

    Args:
        steps: the operators in order, keys bound.
        rows: the dataset.
        samples: how many there are, or None where that is not known.
        places: where media are looked for.
        own_price: what the user says a model costs; None looks each model up.

    Raises:
        DataFlowError: the run could not begin.
    """
    found = Estimate(samples)
    for serving in all_servings(steps):
        _know_price(found, serving, own_price)
    until = time.monotonic() + LOOK_SECONDS
    with tempfile.TemporaryDirectory(prefix="dataflow-estimate-") as folder:
        looked_at = itertools.islice(rows, LOOKED_AT)
        while time.monotonic() < until:
            # the first one alone, and read to the byte: it is shown
            group = list(itertools.islice(looked_at, AT_ONCE if found.first else 1))
            if not group:
                break
            outcomes = await asyncio.gather(
                *(_look(steps, row, places, Path(folder), read=not found.first) for row in group)
            )
            for row, outcome in zip(group, outcomes, strict=True):
                for planned in outcome.planned:
                    _know_price(found, planned.serving, own_price)
                _add(found, row, outcome)
        ended = found.looked_at < LOOKED_AT and next(looked_at, None) is None
    if samples is None and ended:
        found.samples = found.looked_at
    return found


def _know_price(found: Estimate, serving: LLMServingABC, own: Price | None) -> None:
    """Look up what a serving's answers cost, once; an operator may keep one where only its question shows it."""
    model = _model(serving)
    if model not in found.prices:
        found.prices[model] = own or prices_by_model([serving])[model]
        if found.prices[model] is None:
            found.cost = None


async def _look(
    steps: Sequence[Step], row: Sample | BadRow, places: MediaPlaces, folder: Path, *, read: bool
) -> Rehearsed:
    if isinstance(row, BadRow):
        return Rehearsed(failures=[Failure(row.row, None, "input", row.message)])
    return await rehearse(steps, row, places, folder, read=read)


def _add(found: Estimate, row: Sample | BadRow, outcome: Rehearsed) -> None:
    found.looked_at += 1
    found.unforeseen += outcome.unforeseen
    found.problems += bool(outcome.failures)
    for failure in outcome.failures:
        found.kinds[failure.kind] += 1
        if found.kinds[failure.kind] <= EXAMPLES:
            found.failures.append(failure)
    if outcome.planned and not found.first and not isinstance(row, BadRow):
        found.first, found.first_id = outcome.planned, row["id"]
    if not outcome.failures:  # what is asked before a sample fails is counted where it comes through
        for planned in outcome.planned:
            _count(found, planned)


def _count(found: Estimate, planned: Planned) -> None:
    """Add the questions of one kind that a sample takes, and what corrections add to them on average."""
    model, rule = _model(planned.serving), _rule(planned.serving)
    found.rules[model] = rule.name
    parts = [part for message in planned.sent for part in message.parts]
    read = REPLY_TOKENS + MESSAGE_TOKENS * len(planned.sent) + sum(part_tokens(part, rule) for part in parts)
    read += round(ADDED_TOKENS * (planned.times - 1) / planned.times)
    written = answer_tokens({**planned.serving.params, **planned.request.params})
    extra = planned.times * EXTRA_SHARE
    again = read + written + EXTRA_WORDS
    found.requests += planned.times
    found.extra += extra
    found.images += planned.times * sum(isinstance(part, SentImage) for part in parts)
    found.frames += planned.times * sum(part.frames for part in parts if isinstance(part, SentVideo))
    found.input_tokens += planned.times * read + extra * again
    found.output_tokens += (planned.times + extra) * written
    price = found.prices.get(model)
    if found.cost is not None and price is not None:
        found.cost += planned.times * price.cost(Usage(read, written)) + extra * price.cost(Usage(again, written))


def part_tokens(part: Sent, rule: TokenRule) -> int:
    """About how many tokens a part of a message takes."""
    if isinstance(part, SentText):
        return text_tokens(part.text) + ANSWER_TOKENS * assumed_in(part.text)
    if isinstance(part, SentImage):
        return rule.image(part.width or REMOTE_SIDE, part.height or REMOTE_SIDE)
    if not part.frames:
        return 0
    return text_tokens(part.told) + rule.frames(part.width, part.height, part.frames, as_video=part.whole)


def answer_tokens(params: Mapping[str, object]) -> int:
    """What an answer is taken to cost."""
    body = params.get("extra_body")
    stated = {**params, **body} if isinstance(body, Mapping) else params
    limits = [stated.get(name) for name in ("max_tokens", "max_completion_tokens")]
    return min([ANSWER_TOKENS, *(limit for limit in limits if isinstance(limit, int) and limit > 0)])


def _model(serving: LLMServingABC) -> str:
    return str(serving.identity.get("model", ""))


def _rule(serving: LLMServingABC) -> TokenRule:
    identity = serving.identity
    return rule_of(_model(serving), str(identity.get("serving", "")), identity.get("detail"))
