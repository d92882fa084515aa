"""How the test endpoint behaves: one frozen value, given at the start and changed over `POST /_config`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.server.chat import SHARES
from tests.server.refusals import REFUSALS

MUTILATIONS = ("drop", "torn", "not_json", "empty", "mute", "coded", "length", "hang")
FAULTS = (*REFUSALS, *MUTILATIONS)
ANSWERS = ("echo", "caption", "qa", "script", "chat")
_NEEDS_BODY = (
    "slow",
    "gather",
    "fail_on",
    "max_images",
    "models",
    "refuse_params",
    "max_context",
    "tokens_per_minute",
    "reasoning",
)


@dataclass(frozen=True)
class Config:
    """One behaviour of the endpoint. Zero, empty and False switch a field off.

    A *record* is a request body (JSON in canonical form), an *attempt* how many times it was asked before; what is
    drawn at random depends on `seed`, `draw_by` and attempt alone, so that a run can be repeated.

    A *fault* is one of the refusals `400 401 402 403 flagged 404 409 425 rate 429 500 502 503 504 quota context
    refused`, which are whole answers with an error body, or of: `drop` (connection reset without an answer), `torn`
    (half of the body, then the end of the connection), `not_json` (whole body that is no JSON), `empty` (200 with ""),
    `mute` (the whole answer in `reasoning`), `coded` (200 with an error of code 429 as its body), `length` (half an
    answer, `finish_reason` length), `hang` (no answer until `POST /_release`).

    Args:
        light: the body is hashed and never parsed. For benchmarks; excludes what depends on the content.
        latency: seconds per answer; the median where `latency_sigma` is set.
        latency_sigma: sigma of a lognormal distribution.
        seed: of everything drawn at random.
        draw_by: what stands for the record there: its `digest`, or its place in the `order` in which records first
            arrive, so that clients whose bodies differ meet the same latencies and faults.
        knee: above so many requests in flight the latency grows in proportion to their number.
        slow: seconds of latency for the first of these regexes found in the prompt.
        gather: regex on the prompt -> so many requests in which it is found must have come before the first of them is
            answered, so that they are in flight together on any machine.
        max_in_flight: 429 above so many requests in flight.
        requests_per_second: refill of the request bucket; 429 where it is empty.
        burst: size of that bucket; one second's worth when 0.
        tokens_per_minute: prompt tokens that may be asked per minute, counted likewise.
        token_burst: size of that bucket; one minute's worth when 0.
        rate_headers: whether answers carry the `x-ratelimit-*` headers of those buckets.
        said_headers: carried in their place, true or not.
        retry_after: form of Retry-After on 429 and 503: `seconds`, `date` (HTTP date) or `none`.
        retry_after_s: seconds it says, where no bucket knows better.
        faults: fault -> probability per record and attempt.
        fail_first: so many first requests of all fail with `fail_with`.
        fail_attempts: so many first attempts of each record fail with `fail_with`.
        fail_with: a fault.
        fail_on: regex on the prompt -> fault, always.
        hang_nth: the request that arrives as the n-th (from 1) hangs.
        reset_after_500: a connection that carried a 5xx answer is reset when it is used again.
        expected_key: 401 for any other bearer key.
        expected_headers: header -> value; 401 for a request without them.
        repeats: 400 for every request, with its headers in the message.
        max_bytes: 413 above so many bytes of body.
        max_images: 400 above so many images.
        models: 404 for any other model; when empty every model exists.
        refuse_params: 400 when the body has one of these parameters.
        max_context: 400 above so many prompt tokens.
        answer: `echo`, `caption`, `qa`, `script`, or `chat`: as a chat model answers, refusals, chatter and all.
        qa_pairs: pairs in a `qa` answer, and items of an array in structured output where its schema allows.
        script: texts, one per record in the order in which records first arrive, the last for all further ones; or
            regex on the prompt -> text, or -> texts by attempt. The first regex found counts.
        reasoning: field in which the answer carries reasoning (`reasoning_content`, `reasoning`), or `think` for
            `<think>` in the text.
        streams: whether answers come as event streams although none was asked for.
        charge: prompt tokens by this endpoint's own rule (`flat`), or as the model's `family` counts what really came.
        chat: shares of what a chat model does, by the names of `tests.server.chat.SHARES`, which holds the others.
    """

    light: bool = False
    latency: float = 0.0
    latency_sigma: float = 0.0
    seed: int = 0
    draw_by: str = "digest"
    knee: int = 0
    slow: Mapping[str, float] = field(default_factory=dict)
    gather: Mapping[str, int] = field(default_factory=dict)
    max_in_flight: int = 0
    requests_per_second: float = 0.0
    burst: int = 0
    tokens_per_minute: int = 0
    token_burst: int = 0
    rate_headers: bool = True
    said_headers: Mapping[str, str] = field(default_factory=dict)
    retry_after: str = "seconds"
    retry_after_s: float = 1.0
    faults: Mapping[str, float] = field(default_factory=dict)
    fail_first: int = 0
    fail_attempts: int = 0
    fail_with: str = "500"
    fail_on: Mapping[str, str] = field(default_factory=dict)
    hang_nth: int = 0
    reset_after_500: bool = False
    expected_key: str = ""
    expected_headers: Mapping[str, str] = field(default_factory=dict)
    repeats: bool = False
    max_bytes: int = 0
    max_images: int = 0
    models: tuple[str, ...] = ()
    refuse_params: tuple[str, ...] = ()
    max_context: int = 0
    answer: str = "echo"
    qa_pairs: int = 2
    script: tuple[str, ...] | Mapping[str, str | list[str]] = ()
    reasoning: str = ""
    chat: Mapping[str, float] = field(default_factory=dict)
    streams: bool = False
    charge: str = "flat"

    def __post_init__(self) -> None:
        """Refuse what would silently do nothing.

        Raises:
            ValueError: a field has a value that it cannot have.
        """
        named = [*self.faults, self.fail_with, *self.fail_on.values()]
        _check("fault", named, FAULTS)
        _check("answer", [self.answer], ANSWERS)
        _check("draw_by", [self.draw_by], ("digest", "order"))
        _check("retry_after", [self.retry_after], ("seconds", "date", "none"))
        _check("reasoning", [self.reasoning], ("", "reasoning_content", "reasoning", "think"))
        if sum(self.faults.values()) > 1 + 1e-9:
            raise ValueError(f"the probabilities of the faults add up to more than 1: {dict(self.faults)}")
        if self.answer == "script" and not self.script:
            raise ValueError("answer='script' needs a script")
        if self.light and (set_fields := [name for name in _NEEDS_BODY if getattr(self, name)]):
            raise ValueError(f"light mode does not read bodies, so it cannot do {', '.join(set_fields)}")
        if self.light and self.answer in ("script", "chat"):
            raise ValueError(f"light mode does not read bodies, so it cannot answer as {self.answer}")
        _check("share", self.chat, tuple(SHARES))
        _check("charge", [self.charge], ("flat", "family"))
        if self.light and self.charge == "family":
            raise ValueError("light mode does not read bodies, so it cannot charge by family")

    def changed(self, fields: Mapping[str, Any]) -> Config:
        """This behaviour with some fields changed, as they come from JSON.

        Raises:
            ValueError: there is no such field, or it cannot have that value.
        """
        _check("field", fields, tuple(f.name for f in dataclasses.fields(self)))
        frozen: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()
        }
        return dataclasses.replace(self, **frozen)


def _check(what: str, values: Any, known: tuple[str, ...]) -> None:
    for value in values:
        if value not in known:
            raise ValueError(f"unknown {what} {value!r}; known are {', '.join(map(repr, known))}")
