"""The tokens that an endpoint says a reply took, under the names that endpoints give them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from dataflow.core import Usage

_MOST_TOKENS = 10**9
_LONGEST_OBJECT = 4000
_NAMED = re.compile(rb'"usage"\s{0,9}:\s{0,9}(?=\{)')


def usage_of(counted: Any) -> Usage | None:
    """Tokens as the endpoint counted them; a count that is none is taken for 0, for the text is an answer still.

    The names are those of OpenAI's API reference (`prompt_tokens`, `prompt_tokens_details.cached_tokens`), of its
    responses and Anthropic's messages (`input_tokens`, `cache_read_input_tokens`), of DeepSeek
    (`prompt_cache_hit_tokens`) and Moonshot (`cached_tokens`).

    Args:
        counted: the `usage` of a reply.

    Returns:
        None where the reply says nothing.
    """
    if not isinstance(counted, dict):
        return None
    if "prompt_tokens" in counted or "input_tokens" not in counted:
        read = _count(counted, "prompt_tokens")
    else:
        # Anthropic's count leaves out what was read from the cache or written to it.
        read = sum(
            _count(counted, name) for name in ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
        )
    written = _count(counted, "completion_tokens") or _count(counted, "output_tokens")
    # Gemini's and xAI's endpoints leave thinking out of the completion and count it in the total, where it is charged.
    written += max(0, _count(counted, "total_tokens") - read - written)
    return Usage(read, written, min(read, _cached(counted)))


def usage_in(body: bytes) -> Usage | None:
    """The usage in a reply that is no JSON, as one that was cut off after it or has a bad character before it."""
    for named in _NAMED.finditer(body):
        end = _end_of_object(body, named.end())
        if end is not None:
            try:
                return usage_of(orjson.loads(body[named.end() : end]))
            except ValueError:
                continue
    return None


def charged(usage: Usage | None) -> bool:
    """Whether a reply cost something."""
    return usage is not None and bool(usage.input_tokens or usage.output_tokens)


def _count(counted: Mapping[str, Any], name: str) -> int:
    number = counted.get(name)
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    return number if type(number) is int and 0 <= number <= _MOST_TOKENS else 0


def _cached(counted: Mapping[str, Any]) -> int:
    for name in ("prompt_tokens_details", "input_tokens_details"):
        details = counted.get(name)
        if isinstance(details, dict) and (cached := _count(details, "cached_tokens")):
            return cached
    names = ("prompt_cache_hit_tokens", "cache_read_input_tokens", "cached_tokens")
    return next((cached for name in names if (cached := _count(counted, name))), 0)


def _end_of_object(body: bytes, start: int) -> int | None:
    """Where an object of names and numbers ends that begins at `start`."""
    depth = 0
    for at in range(start, min(len(body), start + _LONGEST_OBJECT)):
        depth += (body[at] == 0x7B) - (body[at] == 0x7D)
        if depth == 0:
            return at + 1
    return None
