"""Prices: which model a name means, who sells it, and what a reply costs."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from genai_prices import Usage as ListedUsage
from genai_prices import calc_price
from genai_prices.data_snapshot import get_snapshot

from dataflow.core import LLMServingABC, Request, Response, Usage
from dataflow.engine.prices import FREE, Price, Rates, price_of, prices_by_model

LOOPBACK = "http://127.0.0.1:4000/v1"
OPENROUTER = "https://openrouter.ai/api/v1/chat/completions"
GEMINI = "https://generativelanguage.googleapis.com/v1beta/openai"


class Serving(LLMServingABC):
    """Asks a model at some endpoints."""

    def __init__(self, model: str, *endpoints: str, kind: str = "openai") -> None:
        self._identity = {"serving": kind, "model": model}
        self.endpoints = endpoints

    @property
    def identity(self) -> dict[str, Any]:
        return self._identity

    async def generate(self, request: Request) -> Response:
        return Response("an answer")


def listed(provider: str, model: str, usage: Usage) -> float:
    """What the price list itself makes of a usage."""
    used = ListedUsage(
        input_tokens=usage.input_tokens, output_tokens=usage.output_tokens, cache_read_tokens=usage.cached_tokens
    )
    return float(calc_price(used, model, provider_id=provider).total_price)


@pytest.mark.parametrize(
    ("model", "url", "provider", "listed_as"),
    [
        ("gpt-4o", None, "openai", "gpt-4o"),
        ("gpt-4o-mini-2024-07-18", None, "openai", "gpt-4o-mini"),
        ("GPT-4o", "https://api.openai.com/v1", "openai", "gpt-4o"),
        ("gpt-5-pro", None, "openai", "gpt-5-pro"),
        ("gpt-4.1-nano", LOOPBACK, "openai", "gpt-4.1-nano"),
        ("openai/gpt-4.1-nano", LOOPBACK, "openai", "gpt-4.1-nano"),
        ("gpt-4o", "https://house.openai.azure.com/openai/v1", "azure", "gpt-4o"),
        ("google/gemini-2.5-flash", OPENROUTER, "openrouter", "google/gemini-2.5-flash"),
        ("google/gemini-2.5-flash", None, "google", "gemini-2.5-flash"),
        ("gemini/gemini-2.5-pro", LOOPBACK, "google", "gemini-2.5-pro"),
        ("models/gemini-2.5-pro", GEMINI, "google", "gemini-2.5-pro"),
        ("gemini-2.5-pro-preview-06-05", GEMINI, "google", "gemini-2.5-pro"),
        ("claude-sonnet-4-5-20250929", "https://api.anthropic.com/v1", "anthropic", "claude-sonnet-4-5"),
        ("ft:gpt-4o-mini-2024-07-18:house::x1", "https://api.openai.com/v1", "openai", "ft:gpt-4o-mini-2024-07-18"),
        ("qwen/qwen2.5-vl-72b-instruct", OPENROUTER, "openrouter", "qwen/qwen2.5-vl-72b-instruct"),
    ],
)
@pytest.mark.parametrize("usage", [Usage(1200, 300), Usage(90_000, 10, 60_000), Usage(300_000, 4000, 1000)])
def test_a_reply_costs_what_the_price_list_says_for_the_model_at_that_provider(
    model: str, url: str | None, provider: str, listed_as: str, usage: Usage
) -> None:
    price = price_of(model, url)
    assert price is not None and price.source.startswith("genai-prices")
    assert price.cost(usage) == pytest.approx(listed(provider, listed_as, usage))


@pytest.mark.parametrize(
    "model",
    [
        *("", "gpt", "my-gpt-4o", "gpt-4o-house", "gpt-5-nano-house", "gpt-5-professional", "claude-sonnet-4-5-house"),
        *("gemini-2.5-pro-house", "Qwen/Qwen3-VL-8B", "mistralai/pixtral-12b-2409", "stub", "x/y/z", "whisper-large"),
    ],
)
def test_a_model_that_only_resembles_a_known_one_has_no_known_price(model: str) -> None:
    assert price_of(model, LOOPBACK) is None


def test_what_a_provider_does_not_sell_has_no_price_there_although_another_sells_it() -> None:
    assert price_of("gpt-4o", "https://api.mistral.ai/v1") is None


def test_every_listed_model_that_is_sold_by_the_token_has_the_price_of_the_list() -> None:
    missing, looked_at = [], 0
    for provider in get_snapshot().providers:
        if provider.id not in ("openai", "anthropic", "google", "openrouter", "groq", "mistral"):
            continue
        url = {
            "openai": "https://api.openai.com/v1",
            "anthropic": "https://api.anthropic.com/v1",
            "google": GEMINI,
            "openrouter": OPENROUTER,
            "groq": "https://api.groq.com/openai/v1",
            "mistral": "https://api.mistral.ai/v1",
        }[provider.id]
        for model in provider.models:
            usage = Usage(250_000, 1000)
            try:
                wanted = listed(provider.id, model.id, usage)
            except LookupError:  # an id that is not a name
                continue
            price = price_of(model.id, url)
            if price is None:
                missing.append(model.id)
            else:
                looked_at += 1
                assert price.cost(usage) == pytest.approx(wanted), model.id
    assert looked_at > 900 and len(missing) < looked_at / 20, missing


@pytest.mark.parametrize("kind", ["embedded", "vllm", "transformers"])
def test_what_runs_in_this_process_costs_nothing_whatever_it_is_called(kind: str) -> None:
    assert prices_by_model([Serving("gpt-4o", kind=kind)]) == {"gpt-4o": FREE}
    assert FREE.cost(Usage(1_000_000, 1_000_000)) == 0


def test_of_several_endpoints_the_dearest_counts_and_one_unknown_makes_it_unknown() -> None:
    cheap, dear = "https://api.groq.com/openai/v1", OPENROUTER
    name = "meta-llama/llama-4-scout-17b-16e-instruct"
    (price,) = prices_by_model([Serving(name, cheap)]).values()
    assert price == price_of(name, cheap) and price is not None
    gpt = Serving("gpt-4o", "https://api.openai.com/v1"), Serving("gpt-4o", "https://api.mistral.ai/v1")
    assert prices_by_model(gpt) == {"gpt-4o": None}
    two = [Serving("openai/gpt-4o-mini", LOOPBACK), Serving("openai/gpt-4o-mini", dear)]
    both = [price_of("openai/gpt-4o-mini", url) for url in (LOOPBACK, dear)]
    assert prices_by_model(two)["openai/gpt-4o-mini"] == max(both, key=lambda price: (price.read, price.written))


def test_cached_tokens_are_part_of_those_read_and_dearer_rates_hold_for_the_whole_request() -> None:
    price = Price(2.0, 8.0, 0.5, request=0.01, above=((1000, Rates(4.0, 16.0)),))
    assert price.cost(Usage(1000, 100, 400)) == pytest.approx(0.01 + (600 * 2 + 400 * 0.5 + 100 * 8) / 1e6)
    assert price.cost(Usage(1001, 100, 400)) == pytest.approx(0.01 + (1001 * 4 + 100 * 16) / 1e6)
    assert price.cost(Usage(10, 0, 400)) == pytest.approx(0.01 + 10 * 0.5 / 1e6)


def test_the_list_is_not_imported_where_nothing_is_billed() -> None:
    code = (
        "import sys; from dataflow.engine.prices import prices_by_model;"
        "from dataflow.serving.embedded.serving import EmbeddedVLMServing;"
        "from dataflow.serving import APIVLMServing_openai;"
        "own = APIVLMServing_openai('http://10.0.0.7:8000/v1', model_name='Qwen/Qwen2.5-VL-7B-Instruct');"
        "print(prices_by_model([EmbeddedVLMServing(), own]));"
        "sys.exit('genai_prices' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 0 and "'Qwen/Qwen2.5-VL-7B-Instruct': None" in done.stdout, done.stderr


def test_behind_a_gateway_of_ones_own_every_name_has_its_price_that_tells_its_provider() -> None:
    unpriced, looked_at = [], 0
    for provider in get_snapshot().providers:
        for model in provider.models:
            name = model.id.lower()
            told_by_name = provider.model_match is not None and provider.model_match.is_match(name)
            if told_by_name and price_of(name, "https://gateway.example/v1") is not None:
                looked_at += 1
                if price_of(name, LOOPBACK) is None:
                    unpriced.append(name)
    assert not unpriced and looked_at > 200
