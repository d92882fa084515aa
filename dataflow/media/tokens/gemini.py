"""Google's models: Gemini's 258-token tiles, the fixed budget of Gemini 3, and Gemma."""

from __future__ import annotations

import re
from math import ceil, floor

from dataflow.media.tokens.rule import TokenRule

TILE_TOKENS, SMALL_SIDE = 258, 384
SMALLEST_TILE, LARGEST_TILE, LARGEST_SIDE = 256, 768, 3072

GEMINI3_TOKENS = 1120
"""An image at the media resolution that Gemini 3 takes by itself (Gemini API, "Media resolution", token counts)."""

GEMMA_TOKENS = 256
"""An image in Gemma 3, whatever its size (arXiv 2503.19786, section 2.1)."""


def tiled(width: int, height: int) -> int:
    """258 for an image with both sides up to 384 pixels, else for each tile that it is cut into.

    A tile is the shorter side over 1.5, from 256 to 768 pixels, of an image of at most 3072 (Vertex AI, "Image
    understanding", how tokens are calculated; the Gemini API's guide counts 6 tiles for 960x540).
    """
    if max(width, height) <= SMALL_SIDE:
        return TILE_TOKENS
    shrink = min(1.0, LARGEST_SIDE / max(width, height))
    across, down = width * shrink, height * shrink
    tile = min(max(floor(min(across, down) / 1.5), SMALLEST_TILE), LARGEST_TILE)
    return TILE_TOKENS * ceil(across / tile) * ceil(down / tile)


GEMINI = TokenRule("Gemini tiles (258 each)", tiled)
GEMINI3 = TokenRule("Gemini 3 (1,120 an image)", lambda width, height: GEMINI3_TOKENS)
GEMMA = TokenRule("Gemma 3 (256 an image)", lambda width, height: GEMMA_TOKENS)


def google_rule(name: str) -> TokenRule | None:
    """The rule of a model of Google's; None where the name is none of theirs.

    Args:
        name: in lower case.
    """
    if "gemma" in name:
        return GEMMA
    if "gemini" not in name:
        return None
    version = re.search(r"gemini-(\d+)", name)
    return GEMINI3 if version and int(version[1]) >= 3 else GEMINI
