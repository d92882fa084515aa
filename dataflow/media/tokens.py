"""What an image costs a model: the published resize rules and the tokens that follow from them. Estimates, no bills."""

from __future__ import annotations

from math import ceil, floor, sqrt
from typing import Literal

from dataflow.core.request import Request

Family = Literal["qwen", "openai"]

QWEN_FACTOR = 28
"""Pixels per side of one token: 14-pixel patches merged two by two (Qwen2-VL, arXiv 2409.12191, section 2.1)."""

CHARACTERS_PER_TOKEN = 4
"""The rule of thumb for English text."""

QWEN_MIN_PIXELS = 4 * QWEN_FACTOR**2
QWEN_MAX_PIXELS = 16384 * QWEN_FACTOR**2
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


def image_tokens(width: int, height: int, family: Family = "qwen") -> int:
    """About how many tokens an image takes.

    Args:
        width: pixels as sent.
        height: pixels as sent.
        family: `qwen` counts merged patches (one per 28x28 pixels) and the two marks around them; `openai` the tiles
            of the vision guide for GPT-4o: fitted into 2048x2048, shorter side at most 768, 85 + 170 per 512x512 tile.
    """
    if family == "qwen":
        across, down = smart_resize(width, height)
        return across * down // QWEN_FACTOR**2 + 2
    shrink = min(1.0, 2048 / max(width, height))
    shrink = min(shrink, 768 / min(width, height))
    return 85 + 170 * ceil(width * shrink / 512) * ceil(height * shrink / 512)


def text_tokens(request: Request) -> int:
    """About how many tokens the words of a request take, at four characters a token."""
    return sum(len(message.text) for message in request.messages) // CHARACTERS_PER_TOKEN


def video_tokens(width: int, height: int, frames: int, family: Family = "qwen", as_video: bool = False) -> int:
    """About how many tokens the frames of a video take.

    Args:
        width: pixels of a frame as sent.
        height: pixels of a frame as sent.
        frames: how many.
        family: as in `image_tokens`.
        as_video: sent as one video: Qwen merges two frames into one there (arXiv 2409.12191). Otherwise as images.
    """
    if family == "qwen" and as_video:
        return (image_tokens(width, height) - 2) * ceil(frames / 2) + 2
    return image_tokens(width, height, family) * frames
