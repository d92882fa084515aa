"""Model specs of the command line as servings, and options that the chosen one cannot use."""

from __future__ import annotations

from typing import Any

import pytest

from dataflow.core import UsageError
from dataflow.registry import find
from dataflow.serving import APIVLMServing_openai, EmbeddedVLMServing, LocalModelVLMServing_transformers

OPTIONS = [
    "api_url",
    "max_workers",
    "timeout",
    "patience",
    "requests_per_minute",
    "tokens_per_minute",
    "temperature",
    "max_tokens",
]
NONE_GIVEN = dict.fromkeys(OPTIONS)


def made(spec: str, **settings: Any) -> Any:
    kind, _, model = spec.partition("/")
    return find("servings", kind)(model, {**NONE_GIVEN, **settings})


def test_what_is_not_given_is_left_to_the_serving() -> None:
    assert isinstance(made("embedded"), EmbeddedVLMServing)
    assert isinstance(made("openai/m"), APIVLMServing_openai)
    assert made("openai/m").patience == 900
    assert isinstance(made("transformers/m"), LocalModelVLMServing_transformers)


def test_what_is_given_arrives() -> None:
    assert made("embedded", max_workers=3).max_workers == 3
    api = made("openai/m", api_url=["http://h/v1"], timeout=5.0, patience=6.0, temperature=0.5, max_tokens=7)
    assert (api.timeout, api.patience, api.params) == (5.0, 6.0, {"temperature": 0.5, "max_tokens": 7})
    local = made("transformers/m?device=cpu", max_workers=3, max_tokens=7, requests_per_minute=60.0)
    assert (local.max_workers, local.params["max_tokens"], local.requests_per_minute) == (3, 7, 60.0)


@pytest.mark.parametrize("spec", ["embedded", "transformers/m", "vllm/m"])
def test_an_address_without_a_model_that_is_asked_there_is_refused(spec: str) -> None:
    with pytest.raises(UsageError, match="--model openai/NAME") as raised:
        made(spec, api_url=["http://maria:hunter2@h.example/v1?token=hunter3"])
    assert "hunter" not in str(raised.value)


@pytest.mark.parametrize(
    ("spec", "settings", "said"),
    [
        ("embedded", {"temperature": 0.5}, "--temperature cannot be used with the embedded serving"),
        ("embedded", {"max_tokens": 50, "timeout": 5.0}, "--timeout and --max-tokens"),
        ("embedded", {"patience": 5.0}, "--patience"),
        ("embedded", {"requests_per_minute": 5.0}, "--requests-per-minute"),
        ("embedded", {"tokens_per_minute": 5.0}, "--tokens-per-minute"),
        ("transformers/m", {"timeout": 5.0}, "--timeout cannot be used with transformers/m"),
        ("vllm/m?dtype=bfloat16", {"timeout": 5.0}, "--timeout cannot be used with vllm/m"),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(spec: str, settings: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError) as raised:
        made(spec, **settings)
    assert said in str(raised.value) and "--model openai/NAME --api-url URL" in str(raised.value)


@pytest.mark.parametrize(
    "url", ["", "h/v1", "ftp://h/v1", "http://", "http:///v1", "http://h:port/v1", "http://[::1/v1", "http://h:0/v1"]
)
def test_an_address_that_cannot_be_asked_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="api_url"):
        made("openai/m", api_url=[url])
