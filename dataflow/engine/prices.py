"""What a model costs: the price list of the `genai-prices` package (its offline data), or what the user says.

The list is looked at when a run begins, for models that an endpoint may bill: 0.12 s and 12 MB that no other run pays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from dataflow.core.request import Usage
from dataflow.core.serving import LLMServingABC
from dataflow.serving.openai_api.address import is_private

if TYPE_CHECKING:
    from genai_prices.types import MatchLogic, ModelInfo, Provider

ON_THIS_MACHINE = ("embedded", "vllm", "transformers")
"""Servings in this process or one that it starts: no endpoint, no bill."""

_GATEWAY_NAMES = {"gemini": "google", "vertex_ai": "google", "bedrock": "aws", "xai": "x-ai", "together_ai": "together"}
"""What gateways write before a model's name where `genai-prices` has another name for the provider."""

_VERSION = re.compile(
    r"\d*(?:[-@.:_](?:\d+|e?\d+b|v\d+|it|latest|preview|exp|experimental|beta|thinking|high|low)(?![a-z0-9]))*"
)
"""What may stand behind a name without making it another model: dates, numbers, sizes and a few words."""

_LISTED = re.compile(
    r"(?:ft:|models/)?(?:gpt|chatgpt|o[1-9]|tts|whisper|claude|gemini|grok|\w{0,9}[sx]tral|open-mi|kimi|moonshot|glm|"
    r"deepseek|minimax|m2-|command|muse|composer|databricks|system\.ai|voyage|eleven|jev|@cf/|accounts/)"
    r"|(?:anthropic|aws|azure|bedrock|cerebras|cloudflare|cohere|databricks|deepseek|fireworks|gemini|google|groq|"
    r"minimax|mistral|moonshotai|novita|openai|openrouter|perplexity|together|together_ai|vertex_ai|x-ai|xai|zai)/"
)
"""How names begin that a gateway in one's own network may bill. A server of one's own has others; for those the list is
not loaded, which would cost a small run a quarter of its time and memory."""

_FINE_TUNED = re.compile(r"^ft:|\.ft-")
"""The names of fine-tuned models: what stands behind the base model is their owner's."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Dollars per million tokens.

    Args:
        read: tokens read.
        written: tokens written, reasoning included.
        cached: tokens read from the endpoint's prompt cache; None where these cost as much as others.
    """

    read: float
    written: float
    cached: float | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """What a reply costs.

    Args:
        read: dollars per million tokens read.
        written: dollars per million tokens written.
        cached: dollars per million tokens read from the endpoint's prompt cache; None where these cost as others.
        request: dollars for each request, beside its tokens.
        above: (tokens, rates) ascending: a request that reads more than so many tokens is billed at these rates.
        source: where the price comes from, to be shown.
    """

    read: float
    written: float
    cached: float | None = None
    request: float = 0.0
    above: tuple[tuple[int, Rates], ...] = ()
    source: str = field(default="", compare=False)

    def cost(self, usage: Usage) -> float:
        """Dollars for one reply."""
        rates: Price | Rates = self
        for tokens, dearer in self.above:
            if usage.input_tokens > tokens:
                rates = dearer
        cached = min(usage.cached_tokens, usage.input_tokens)
        from_cache = rates.read if rates.cached is None else rates.cached
        tokens_cost = (usage.input_tokens - cached) * rates.read + cached * from_cache
        return self.request + (tokens_cost + usage.output_tokens * rates.written) / 1e6

    def __str__(self) -> str:
        cached = "" if self.cached is None else f", {self.cached:g} from the cache"
        dearer = "".join(
            f"; above {tokens:,} tokens read {rates.read:g} and {rates.written:g}" for tokens, rates in self.above
        )
        return f"${self.read:g} read{cached}, ${self.written:g} written per million tokens{dearer}"


FREE = Price(0.0, 0.0, source="runs on this machine")


def prices_by_model(servings: Iterable[LLMServingABC]) -> dict[str, Price | None]:
    """The prices of what some servings ask, by the model's name; None where one is not known.

    Of several endpoints for a model the dearest counts: a reply does not say who gave it.
    """
    known: dict[str, Price | None] = {}
    for serving in servings:
        model = str(serving.identity.get("model", ""))
        prices = [*serving_prices(serving), *([known[model]] if model in known else [])]
        if None in prices:
            known[model] = None
        else:
            known[model] = max((price for price in prices if price), key=lambda price: (price.read, price.written))
    return known


def serving_prices(serving: LLMServingABC) -> list[Price | None]:
    """The price at each endpoint of a serving."""
    identity = serving.identity
    if identity.get("serving") in ON_THIS_MACHINE:
        return [FREE]
    endpoints: Sequence[str] = getattr(serving, "endpoints", ()) or ("",)
    return [price_of(str(identity.get("model", "")), url if "://" in url else None) for url in endpoints]


def price_of(model: str, endpoint_url: str | None = None) -> Price | None:
    """The list price of a model today; None where it is not known.

    The endpoint's host names the provider, as one model costs differently at each. Where the host says nothing (a
    gateway, an address on this machine or a private network) the model's name does: `gpt-4o`, or with its provider,
    `google/gemini-2.5-flash`. A longer name than a known one (`gpt-5-pro`) is another model.

    Args:
        model: the name as the endpoint knows it.
        endpoint_url: the address that is asked.
    """
    if model == "embedded":
        return FREE
    name = model.lower()
    if not name or (endpoint_url and is_private(endpoint_url) and not _LISTED.match(name)):
        return None
    from genai_prices import __version__
    from genai_prices.data_snapshot import get_snapshot

    providers = get_snapshot().providers
    for provider, sold_as in _candidates(providers, name.removeprefix("models/"), endpoint_url):
        found = provider.find_model(sold_as, all_providers=providers)
        if found is not None and (_FINE_TUNED.search(sold_as) or _names(found.match, sold_as)):
            return _price(found, f"genai-prices {__version__}: {found.id} at {provider.name}")
    return None


def _candidates(providers: list[Provider], model: str, url: str | None) -> Iterable[tuple[Provider, str]]:
    """Who may sell the model, and what it is called there."""
    if url:
        for provider in providers:
            if re.match(provider.api_pattern, url, re.IGNORECASE):
                yield provider, model
                return
    vendor, slash, name = model.partition("/")
    if slash:
        wanted = _GATEWAY_NAMES.get(vendor, vendor)
        yield from ((provider, name) for provider in providers if provider.id == wanted)
    bare = model.removeprefix("ft:")
    for provider in providers:
        if provider.model_match is not None and provider.model_match.is_match(bare):
            yield provider, model


def _names(match: MatchLogic, name: str) -> bool:
    """Whether a name is that of the model, and not of another that begins alike."""
    from genai_prices import types

    if isinstance(match, types.ClauseOr):
        return any(_names(clause, name) for clause in match.or_)
    if isinstance(match, types.ClauseAnd):
        literal = [clause for clause in match.and_ if not isinstance(clause, types.ClauseRegex)]
        return match.is_match(name) and any(_names(clause, name) for clause in literal)
    if isinstance(match, types.ClauseStartsWith):
        beginning = match.starts_with.lower()
    elif isinstance(match, types.ClauseContains):
        beginning = match.contains.lower()
    else:
        return match.is_match(name)
    if not match.is_match(name):
        return False
    # a separator that ends the beginning belongs to what follows
    rest = name[name.index(beginning) + len(beginning.rstrip("-@.:_")) :]
    return _VERSION.fullmatch(rest) is not None


def _price(model: ModelInfo, source: str) -> Price | None:
    prices = model.get_prices(datetime.now(tz=UTC))
    own = {name: value for name, value in vars(prices).items() if value is not None}
    if own and not {"input_mtok", "output_mtok"} & own.keys():
        return None  # billed by the hour, the page or the search: no price of tokens
    starts = sorted({tier.start for value in own.values() for tier in getattr(value, "tiers", ())})
    base = _rates(own, 0)
    request = _rate(own.get("requests_kcount"), 0) or 0.0
    above = tuple((start, _rates(own, start + 1)) for start in starts)
    return Price(base.read, base.written, base.cached, request / 1000, above, source)


def _rates(prices: dict[str, Any], tokens: int) -> Rates:
    read, written, cached = (
        _rate(prices.get(name), tokens) for name in ("input_mtok", "output_mtok", "cache_read_mtok")
    )
    return Rates(read or 0.0, written or 0.0, cached)


def _rate(price: Any, tokens: int) -> float | None:
    """One rate for a request that reads so many tokens; `genai-prices` has it plain, or in tiers."""
    if price is None:
        return None
    rate = getattr(price, "base", price)
    for tier in getattr(price, "tiers", ()):
        if tokens > tier.start:
            rate = tier.price
    return float(rate)
