"""OpenAI's models: 512-pixel tiles, or 32-pixel patches times a factor.

All numbers are those of OpenAI's guide "Images and vision", sections "Model sizing behavior", "Specify image input
detail level" and "Calculating costs".
"""

from __future__ import annotations

import re
from functools import partial
from math import ceil, floor, sqrt

from dataflow.media.tokens.rule import TokenRule

LOW_SIDE = 512
"""Pixels within which an image is seen with the detail `low`."""

TILE, TILED_SIDE, TILED_SHORTER = 512, 2048, 768
PATCH = 32

TILES: tuple[tuple[str, int, int], ...] = (
    (r"gpt-4o-mini", 2833, 5667),
    (r"gpt-4|chatgpt-4o", 85, 170),
    (r"o[134]", 75, 150),
    (r"computer-use", 65, 129),
    (r"gpt-5\.1|gpt-5(?![.\d])", 70, 140),
)
"""(names, tokens of an image, tokens of each tile); of several that a name begins with, the first."""

PATCHES: tuple[tuple[str, float, int, int], ...] = (
    (r"gpt-4\.1-mini|gpt-5(\.\d+)?(-codex)?-mini", 1.62, 1536, 2048),
    (r"gpt-4\.1-nano|gpt-5(\.\d+)?-nano", 2.46, 1536, 2048),
    (r"o4-mini|codex-mini", 1.72, 1536, 2048),
    (r"gpt-5\.[23]", 1.2, 1536, 2048),
    (r"gpt-5\.4", 1.2, 2500, 2048),
    (r"gpt-(5\.([5-9]|\d\d)|[6-9]|\d\d)", 1.2, 10_000, 6000),
)
"""(names, factor, patches at most, longer side at most); asked before the tiles. The last are GPT-5.5 and later, which
look at images as they are unless told otherwise. The guide gives no factor for 5.2 and 5.3; 1.2 is what users measured
(community.openai.com, topic 1372291)."""

NEWEST = 4
"""Of `PATCHES`, from where on models tell `high` and `original` apart: GPT-5.4 and later."""

LIMITS = {"high": (2500, 2048), "original": (10_000, 6000)}
"""detail -> (patches at most, longer side at most) for those."""


def tiled(width: int, height: int, base: int, each: int) -> int:
    """Fitted into 2048x2048, the shorter side brought down to 768, then so much for each 512x512 tile."""
    shrink = min(1.0, TILED_SIDE / max(width, height))
    shrink = min(shrink, TILED_SHORTER / min(width, height))
    # a pixel's fraction that floating point adds is no further tile
    across, down = (ceil(round(side * shrink, 3) / TILE) for side in (width, height))
    return base + each * across * down


def patched(width: int, height: int, factor: float, most: int, longest: int) -> int:
    """Patches that cover the image; with more than `most` of them it is shrunk until whole patches fit."""
    shrink = min(1.0, longest / max(width, height))
    across, down = width * shrink, height * shrink
    if ceil(across / PATCH) * ceil(down / PATCH) > most:
        fit = sqrt(PATCH**2 * most / (across * down))
        wide, high = across * fit / PATCH, down * fit / PATCH
        fit *= min(max(1, floor(wide)) / wide, max(1, floor(high)) / high)
        across, down = across * fit, down * fit
    count = min(most, ceil(round(across / PATCH, 6)) * ceil(round(down / PATCH, 6)))
    return ceil(round(count * factor, 6))


def openai_rule(name: str, detail: str | None = None) -> TokenRule | None:
    """The rule of a model of OpenAI's; None where the name is none of theirs.

    Args:
        name: in lower case, without a provider before it.
        detail: `low`, `high`, `auto` or `original`; None is `auto`.
    """
    for number, (names, factor, most, longest) in enumerate(PATCHES):
        if re.match(names, name):
            if detail == "low":
                longest = LOW_SIDE
            elif number >= NEWEST and detail in LIMITS:
                most, longest = LIMITS[detail]
            return TokenRule(
                f"OpenAI patches (32x32 pixels, at most {most:,}, times {factor:g}){_told(detail)}",
                partial(patched, factor=factor, most=most, longest=longest),
            )
    for names, base, each in TILES:
        if re.match(names, name):
            if detail == "low":
                return TokenRule(f"OpenAI tiles ({base}){_told(detail)}", partial(_flat, tokens=base))
            return TokenRule(
                f"OpenAI tiles ({base} and {each} per 512x512 pixels){_told(detail)}",
                partial(tiled, base=base, each=each),
            )
    return None


def _flat(width: int, height: int, tokens: int) -> int:
    return tokens


def _told(detail: str | None) -> str:
    return f", detail {detail}" if detail else ""
