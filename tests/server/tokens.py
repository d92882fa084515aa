"""Prompt tokens as the model's family counts them, from the bytes that arrive: what an endpoint would charge.

A second implementation of the published rules, by other means than the package's own, so that neither can be wrong
alone: sizes come from decoding the pictures, counts from cutting them up or from search.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping
from fractions import Fraction
from io import BytesIO
from typing import Any

from PIL import Image

_WORDS = re.compile(r"[A-Za-z]+|[0-9]{1,3}|[^\sA-Za-z0-9]")
_TILE_NUMBERS = {"gpt-4o-mini": (2833, 5667), "gpt-4": (85, 170), "gpt-5": (70, 140), "o3": (75, 150), "o1": (75, 150)}
_PATCH_FACTORS = {"gpt-4.1-mini": 1.62, "gpt-4.1-nano": 2.46, "gpt-5-mini": 1.62, "gpt-5-nano": 2.46, "o4-mini": 1.72}


def charged_tokens(body: Mapping[str, Any]) -> int:
    """The prompt tokens of a chat request.

    Raises:
        ValueError: the model's family is not known here, or a medium is no picture.
    """
    model = body["model"].lower().rpartition("/")[2]
    total = 3.0
    for message in body["messages"]:
        total += 4
        content = message["content"]
        for part in [{"type": "text", "text": content}] if isinstance(content, str) else content:
            if part["type"] == "text":
                total += words(part["text"])
            elif part["type"] == "image_url":
                total += picture(model, *_size(part["image_url"]["url"]))
            else:
                raise ValueError(f"no rule for {part['type']}")
    return round(total)


def words(text: str) -> float:
    """Tokens of a text, cut as tokenizers cut before they merge: words, up to three digits, single signs."""
    total = 0.0
    for piece in _WORDS.findall(text):
        if piece[0].isascii():
            total += 1 if len(piece) < 10 else 2
        else:
            total += 0.85 if piece >= "\u0900" else 0.45
    return total


def picture(model: str, width: int, height: int) -> int:
    """Tokens of a picture.

    Raises:
        ValueError: the model's family is not known here.
    """
    if model in _PATCH_FACTORS:
        return -(-_openai_patches(width, height) * Fraction(str(_PATCH_FACTORS[model])) // 1)
    for name, (base, tile) in _TILE_NUMBERS.items():
        if model.startswith(name):
            return base + tile * _openai_tiles(width, height)
    if "gemini-2" in model:
        return 258 * _gemini_tiles(width, height)
    if "claude" in model:
        return _claude(width, height)
    if "qwen2" in model:
        return _qwen(width, height, 28, 4 * 28 * 28, 16384 * 28 * 28) + 2
    if "qwen3" in model:
        return _qwen(width, height, 32, 65536, 16777216) + 2
    raise ValueError(f"no rule for the pictures of {model}")


def _openai_tiles(width: int, height: int) -> int:
    longer, shorter = Fraction(max(width, height)), Fraction(min(width, height))
    if longer > 2048:
        longer, shorter = Fraction(2048), shorter * 2048 / longer
    if shorter > 768:
        longer, shorter = longer * 768 / shorter, Fraction(768)
    tiles = 0
    while longer > 0:
        tiles += -(-shorter // 512)
        longer -= 512
    return int(tiles)


def _openai_patches(width: int, height: int) -> int:
    """The columns are tried one after the other: the widest whole number of patches whose area is within the budget."""
    longest = max(width, height)
    if longest > 2048:
        width, height = max(1, width * 2048 // longest), max(1, height * 2048 // longest)
    if -(-width // 32) * -(-height // 32) <= 1536:
        return -(-width // 32) * -(-height // 32)
    # whole patches along both sides, of an image of the same shape and an area of at most 1,536 patches
    best = 0
    for columns in range(1, 1537):
        rows = Fraction(columns * height, width)
        if columns * rows <= 1536:
            best = max(best, columns * max(1, int(rows)))
    return best


def _gemini_tiles(width: int, height: int) -> int:
    if width <= 384 and height <= 384:
        return 1
    if max(width, height) > 3072:
        scale = Fraction(3072, max(width, height))
        width, height = int(width * scale), int(height * scale)
    side = int(min(width, height) / 1.5)
    side = 256 if side < 256 else 768 if side > 768 else side
    return len(range(0, width, side)) * len(range(0, height, side))


def _claude(width: int, height: int) -> int:
    """The width is lowered pixel by pixel until the picture is within both limits."""
    high = wide = 0
    for across in range(width, 0, -1):
        down = max(1, round(across * height / width))
        wide, high = -(-across // 28), -(-down // 28)
        if max(across, down) <= 1568 and wide * high <= 1568:
            break
    return wide * high


def _qwen(width: int, height: int, unit: int, least: int, most: int) -> int:
    """Scales are tried from 1 on, until the area is within its limits."""
    columns, rows = max(1, round(width / unit)), max(1, round(height / unit))
    scale = 1.0
    if columns * rows * unit * unit > most:
        while width * scale * height * scale > most:
            scale *= 0.9999
        columns, rows = max(1, int(width * scale / unit)), max(1, int(height * scale / unit))
    elif columns * rows * unit * unit < least:
        while width * scale * height * scale < least:
            scale *= 1.0001
        columns, rows = -int(-width * scale // unit), -int(-height * scale // unit)
    return columns * rows


def _size(url: str) -> tuple[int, int]:
    with Image.open(BytesIO(b64decode(url.partition(",")[2]))) as image:
        return image.size
