"""Anthropic's models: a token for every 28x28 pixels, of an image brought down to what the model takes."""

from __future__ import annotations

import re
from functools import partial
from math import ceil, floor, sqrt

from dataflow.media.tokens.rule import TokenRule

PATCH = 28
"""Pixels per side of a token (Claude Docs, "Vision"; earlier versions of it say width x height / 750)."""

STANDARD = (1568, 1568)
HIGH = (2576, 4784)
"""Longer side in pixels and tokens at most (the same page). Opus 4.7 and later have the high ones; that all models from
Claude 5 on do is assumed."""


def patched(width: int, height: int, longest: int, most: int) -> int:
    """The tokens of an image: shrunk, its shape kept, until side and count are within the limits."""
    shrink = min(1.0, longest / max(width, height))
    across, down = width * shrink, height * shrink
    if ceil(across / PATCH) * ceil(down / PATCH) <= most:
        return ceil(across / PATCH) * ceil(down / PATCH)
    fit = sqrt(most * PATCH**2 / (across * down))
    # the largest size whose padded grid is within the limit is at most one row or column smaller than this
    columns, rows = max(1, floor(across * fit / PATCH)), max(1, floor(down * fit / PATCH))
    return min(most, max(columns * ceil(columns * down / across), rows * ceil(rows * across / down)))


def claude_rule(name: str) -> TokenRule | None:
    """The rule of a model of Anthropic's; None where the name is none of theirs.

    Args:
        name: in lower case.
    """
    if "claude" not in name:
        return None
    high = re.search(r"opus-4[-.][7-9](?!\d)|(?:opus|sonnet|haiku|fable|mythos)-[5-9](?!\d)|claude-[5-9](?!\d)", name)
    longest, most = HIGH if high else STANDARD
    return TokenRule(
        f"Claude (a token per 28x28 pixels, at most {most:,})", partial(patched, longest=longest, most=most)
    )
