"""Measures a picture: its colours and where they are, its light, its sharpness and texture, and how it was taken."""

from __future__ import annotations

import io
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from dataflow.core.causes import said_by
from dataflow.core.errors import MediaError
from dataflow.media.data_url import decode_data_url
from dataflow.media.exif import Shot
from dataflow.media.image import is_data_url, load_image
from dataflow.media.image_file import LARGEST_HELD, look_at
from dataflow.media.image_file import ImageFacts as FileFacts
from dataflow.media.image_limits import MAX_IMAGE_PIXELS, ImageLimits
from dataflow.serving.embedded.colours import base_name, clusters, lab, name_of
from dataflow.serving.embedded.facts import Colour, ImageFacts

_PIXELS = 200 * 200
"""The area at which colours and light are measured."""

_DETAIL_SIDE = 1024
"""The longer side at which sharpness and texture are measured."""

_LOW, _HIGH = 0.12, 0.26
"""Standard deviation of luma (0 to 1) below which contrast is low, and above which it is high."""

_SHARP, _SOFT = 0.55, 0.25
"""How much of a strong edge's height falls within one pixel, for the picture to be called sharp, or soft."""

_EDGE = 24.0
"""The luma step between neighbours, 0 to 255, from which on there is an edge to judge sharpness by."""

_ROWS = ("upper", "middle", "lower")
_COLUMNS = ("left", "middle", "right")


def measure_image(source: str | bytes, max_image_pixels: int = MAX_IMAGE_PIXELS) -> ImageFacts:
    """The facts of a picture. Blocking.

    Args:
        source: a path, a `data:` URL, or the encoded file.
        max_image_pixels: at most so many are decoded.

    Raises:
        MediaError: the picture is missing, broken, cut off, or over the limits of `ImageLimits`.
    """
    encoded = load_image(source, ImageLimits(_DETAIL_SIDE, max_image_pixels))
    facts = _origin(source)
    try:
        with Image.open(io.BytesIO(encoded.data), formats=("JPEG", "PNG")) as image:
            upright = image.convert("RGB")
    except Exception as error:  # Pillow's plugins raise whatever hostile bytes provoke
        raise MediaError(f"{_called(source)} cannot be decoded: {said_by(error)}") from None
    detail = np.asarray(upright, np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    shrink = min(1.0, sqrt(_PIXELS / (upright.width * upright.height)))
    small_size = (max(1, round(upright.width * shrink)), max(1, round(upright.height * shrink)))
    # single pixels for colours, for means would make blends where two of them meet
    pixels = np.asarray(upright.resize(small_size, Image.Resampling.NEAREST), np.float32)
    luma = (
        np.asarray(upright.resize(small_size, Image.Resampling.BOX), np.float32)
        @ np.array([0.299, 0.587, 0.114], np.float32)
        / 255
    )
    spread = float(luma.std())
    width, height = (facts.width, facts.height) if facts else upright.size
    camera, taken = _told(facts.shot) if facts else ("", "")
    return ImageFacts(
        width,
        height,
        _colours(pixels),
        round(100 * float(luma.mean())),
        "low" if spread < _LOW else "high" if spread > _HIGH else "medium",
        _sharpness(detail),
        _texture(detail),
        camera,
        taken,
    )


def _called(source: str | bytes) -> str:
    return source if isinstance(source, str) and source[:5].lower() != "data:" else "the picture"


def _origin(source: str | bytes) -> FileFacts | None:
    """What the original file says of itself; None where it is silent, for the picture itself was decoded."""
    try:
        if isinstance(source, str):
            return look_at(decode_data_url(source, LARGEST_HELD) if is_data_url(source) else Path(source))
        return look_at(source)
    except Exception:  # Pillow's plugins raise whatever hostile bytes provoke
        return None


def _told(shot: Shot) -> tuple[str, str]:
    """The camera and the date, in plain words."""
    make, model = _plain(shot.make), _plain(shot.model)
    day, _, clock = _plain(shot.taken).partition(" ")
    return model if model.startswith(make) else f"{make} {model}".strip(), f"{day.replace(':', '-')} {clock}".strip()


def _plain(value: object) -> str:
    """Text of EXIF as one short line of letters, digits and simple marks, for it is written by anybody."""
    kept = "".join(sign for sign in str(value or "") if sign.isalnum() or sign in " -:/+")
    return " ".join(kept.split())[:60]


def _colours(pixels: Any) -> tuple[Colour, ...]:
    """The named colours of at least 3 %, each with the part of the picture where most of it is."""
    height, width, _ = pixels.shape
    found = clusters(pixels)
    if not found:
        return ()
    centres = lab(np.array([rgb for _, rgb in found]))
    nearest = ((lab(pixels.reshape(-1, 3))[:, None] - centres[None]) ** 2).sum(axis=2).argmin(axis=1)
    belongs = nearest.reshape(height, width)
    grouped: dict[str, list[int]] = {}
    for at, (_, rgb) in enumerate(found):
        grouped.setdefault(base_name(name_of(*rgb)), []).append(at)
    colours = []
    for base, members in grouped.items():
        mask = np.isin(belongs, members)
        percent = round(100 * float(mask.mean()))
        if percent >= 3:
            mixed = name_of(*(float(value) for value in pixels[mask].mean(axis=0)))
            colours.append(Colour(mixed if base_name(mixed) == base else base, percent, _place(mask)))
    return tuple(sorted(colours, key=lambda colour: -colour.percent)[:5])


def _place(mask: Any) -> str:
    """Which of nine parts of the picture a colour is in, in words; empty where it is scattered or everywhere."""
    parts = [np.array_split(row, 3, axis=1) for row in np.array_split(mask, 3)]
    amounts = np.array([[float(cell.sum()) for cell in row] for row in parts])
    amounts /= max(1.0, amounts.sum())
    row, column = amounts.sum(axis=1), amounts.sum(axis=0)
    if amounts.max() >= 0.6:
        y, x = divmod(int(amounts.argmax()), 3)
        if (y, x) == (1, 1):
            return "in the middle"
        return f"in the {_ROWS[y]} {_COLUMNS[x]}" if y != 1 else f"at the {_COLUMNS[x]} edge"
    if row.max() >= 0.75:
        return ("at the top", "at mid height", "at the bottom")[int(row.argmax())]
    if column.max() >= 0.75:
        return ("on the left", "in the middle column", "on the right")[int(column.argmax())]
    return ""


def _sharpness(luma: Any) -> str:
    """Whether edges are steep: the largest steps between neighbours against the height of the edges they climb."""
    if min(luma.shape) < 8:
        return ""
    ratios = []
    for values in (luma, luma.T):
        step = np.abs(np.diff(values, axis=1))
        inner = step[:, 2:-2]
        climb = np.abs(values[:, 5:] - values[:, :-5]) if values.shape[1] > 5 else np.zeros_like(inner)
        strong = (climb > _EDGE) & (inner >= step[:, 1:-3]) & (inner >= step[:, 3:-1])
        if strong.any():
            ratios.append((inner[strong] / climb[strong]).clip(0, 1))
    if not ratios or sum(len(ratio) for ratio in ratios) < 16:
        return ""
    typical = float(np.percentile(np.concatenate(ratios), 75))
    return "sharp" if typical >= _SHARP else "soft" if typical >= _SOFT else "blurred"


def _texture(luma: Any) -> str:
    """How much of the picture varies from pixel to pixel, by cells, so that a few edges do not make a texture."""
    if min(luma.shape) < 2:
        return "plain"
    down, across = np.abs(np.diff(luma, axis=0))[:, :-1], np.abs(np.diff(luma, axis=1))[:-1]
    varies = np.maximum(down, across) > 8
    rows = np.array_split(varies, min(8, len(varies)))
    cells = [cell for row in rows for cell in np.array_split(row, min(8, row.shape[1]), axis=1)]
    busy = float(np.mean([cell.mean() > 0.15 for cell in cells]))
    return "plain" if busy < 0.3 else "lightly textured" if busy < 0.7 else "richly textured"
