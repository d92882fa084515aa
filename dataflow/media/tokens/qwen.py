"""Qwen-style models: an image becomes a grid of merged patches at a size near its own."""

from __future__ import annotations

from functools import partial
from math import ceil, floor, sqrt

from dataflow.media.tokens.rule import TokenRule

QWEN_FACTOR = 28
"""Pixels per side of one token: 14-pixel patches merged two by two (Qwen2-VL, arXiv 2409.12191, section 2.1)."""

QWEN3_FACTOR = 32
"""The same for Qwen3-VL, whose patches have 16 pixels (arXiv 2511.21631; preprocessor_config.json of its models)."""

QWEN_MIN_PIXELS = 4 * QWEN_FACTOR**2
QWEN_MAX_PIXELS = 16384 * QWEN_FACTOR**2

QWEN3_MIN_PIXELS = 64 * QWEN3_FACTOR**2
QWEN3_MAX_PIXELS = 16384 * QWEN3_FACTOR**2
"""65,536 and 16,777,216: `shortest_edge` and `longest_edge` there, which are areas."""

MARKS = 2
"""Before and after an image or video."""

MERGED_FRAMES = 2
"""Frames of a video that share their tokens (Qwen2-VL, section 2.1; Qwen3-VL alike)."""

TIME_TOKENS = 9
"""Qwen3-VL writes the time before every two frames of a video, `<3.0 seconds>`, and marks both ends of them."""

_LONGEST_SHAPE = 200


def smart_resize(
    width: int,
    height: int,
    factor: int = QWEN_FACTOR,
    min_pixels: int = QWEN_MIN_PIXELS,
    max_pixels: int = QWEN_MAX_PIXELS,
) -> tuple[int, int]:
    """The size at which Qwen-style models look at an image (the rule of Qwen2-VL's processor).

    Both sides become multiples of `factor`, the area comes to lie between the two limits, and the shape is kept as
    nearly as that allows.

    Args:
        width: pixels.
        height: pixels.
        factor: pixels per side of one token.
        min_pixels: smallest area.
        max_pixels: largest area.

    Returns:
        (width, height) in pixels.

    Raises:
        ValueError: a side is not positive, or one is more than 200 times the other.
    """
    if min(width, height) < 1 or max(width, height) > _LONGEST_SHAPE * min(width, height):
        raise ValueError(f"{width}x{height}: one side is more than {_LONGEST_SHAPE} times the other, or none at all")
    across, down = (max(factor, round(side / factor) * factor) for side in (width, height))
    if across * down > max_pixels:
        shrink = sqrt(width * height / max_pixels)
        across, down = (max(factor, floor(side / shrink / factor) * factor) for side in (width, height))
    elif across * down < min_pixels:
        grow = sqrt(min_pixels / (width * height))
        across, down = (ceil(side * grow / factor) * factor for side in (width, height))
    return across, down


def grid_tokens(width: int, height: int, factor: int, min_pixels: int, max_pixels: int) -> int:
    """The tokens of one picture without the marks around it; a shape that the processor refuses counts as its area."""
    try:
        across, down = smart_resize(width, height, factor, min_pixels, max_pixels)
    except ValueError:
        return ceil(width / factor) * ceil(height / factor)
    return across * down // factor**2


_qwen2 = partial(grid_tokens, factor=QWEN_FACTOR, min_pixels=QWEN_MIN_PIXELS, max_pixels=QWEN_MAX_PIXELS)
_qwen3 = partial(grid_tokens, factor=QWEN3_FACTOR, min_pixels=QWEN3_MIN_PIXELS, max_pixels=QWEN3_MAX_PIXELS)
_qwen3_frame = partial(grid_tokens, factor=QWEN3_FACTOR, min_pixels=4 * QWEN3_FACTOR**2, max_pixels=QWEN3_MAX_PIXELS)

QWEN2 = TokenRule(
    "Qwen2-VL and 2.5 (a token per 28x28 pixels)",
    lambda width, height: _qwen2(width, height) + MARKS,
    lambda width, height, frames: _qwen2(width, height) * ceil(frames / MERGED_FRAMES) + MARKS,
)

QWEN3 = TokenRule(
    "Qwen3-VL (a token per 32x32 pixels)",
    lambda width, height: _qwen3(width, height) + MARKS,
    lambda width, height, frames: (_qwen3_frame(width, height) + TIME_TOKENS) * ceil(frames / MERGED_FRAMES),
)
