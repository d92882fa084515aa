"""InternVL: 448-pixel tiles in the grid that is nearest to the image's shape, and a small view of the whole."""

from __future__ import annotations

from functools import lru_cache

from dataflow.media.tokens.rule import TokenRule

TILE, TILE_TOKENS, MOST_TILES = 448, 256, 12
"""InternVL 1.5, arXiv 2404.16821, section 3.2; the same in 2, 2.5 and 3."""

MARKS = 2

_GRIDS = sorted(
    (
        (across, down)
        for across in range(1, MOST_TILES + 1)
        for down in range(1, MOST_TILES + 1)
        if across * down <= MOST_TILES
    ),
    key=lambda grid: (grid[0] * grid[1], grid),
)


@lru_cache(maxsize=4096)
def tiles(width: int, height: int) -> int:
    """How many tiles an image is cut into: of the grids whose shape is nearest, the larger only for an image that
    fills more than half of it."""
    best, least = (1, 1), float("inf")
    for across, down in _GRIDS:
        difference = abs(width / height - across / down)
        half_filled = width * height > TILE * TILE * across * down / 2
        if difference < least or (difference == least and half_filled and across * down > best[0] * best[1]):
            best, least = (across, down), difference
    return best[0] * best[1]


def tiled(width: int, height: int) -> int:
    """256 for each tile, and for the small view where there are several."""
    count = tiles(width, height)
    return TILE_TOKENS * (count + (count > 1)) + MARKS


INTERNVL = TokenRule(
    "InternVL (256 per 448x448 pixels)",
    tiled,
    lambda width, height, frames: (TILE_TOKENS + MARKS) * frames,  # a frame is one tile
)
