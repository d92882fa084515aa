"""Which rule a model counts by, from its name."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from dataflow.media.tokens.claude import claude_rule
from dataflow.media.tokens.gemini import google_rule
from dataflow.media.tokens.internvl import INTERNVL
from dataflow.media.tokens.openai import openai_rule
from dataflow.media.tokens.qwen import QWEN2, QWEN3
from dataflow.media.tokens.rule import TokenRule

MEASURED = TokenRule("embedded (words alone)", lambda width, height: 0)
"""The embedded serving measures pictures; it reads no tokens of them."""

ASSUMED = replace(QWEN2, name=f"not known for this model; as {QWEN2.name}")

_QWEN3 = re.compile(r"qwen-?[3-9]")


@lru_cache(maxsize=256)
def rule_of(model: str, serving: str = "", detail: str | None = None) -> TokenRule:
    """The token rule of a model; one whose family is not known is taken to count as Qwen2-VL does.

    Args:
        model: its name, with or without a provider, a folder or a hub's user before it.
        serving: the kind of serving that asks it.
        detail: how closely it is told to look at images; only OpenAI's models heed it.
    """
    if model == "embedded" or serving == "embedded":
        return MEASURED
    whole = model.lower()
    name = whole.rstrip("/").rpartition("/")[2].removeprefix("ft:")
    known = claude_rule(whole) or google_rule(whole) or openai_rule(name, detail)
    if known is not None:
        return known
    if "internvl" in whole:
        return INTERNVL
    if "qwen" in whole or "qvq" in whole:
        return QWEN3 if _QWEN3.search(whole) else QWEN2
    return ASSUMED
