"""Names for colours, and the few colours that a picture is made of.

The names are the basic English colour terms (Berlin and Kay, "Basic Color Terms", 1969) with cyan and magenta, and
`dark` and `light` before them. Lightness and chroma are those of CIELAB (CIE 15:2004, D65).
"""

from __future__ import annotations

from colorsys import rgb_to_hsv
from dataclasses import dataclass
from typing import Any

import numpy as np

_GREY_CHROMA, _PALE_CHROMA = 12.0, 11.0
_BLACK, _WHITE = 18.0, 92.0

_LIGHTNESS = {
    "red": (35, 101), "orange": (50, 82), "yellow": (60, 101), "green": (38, 80), "cyan": (55, 101), "blue": (22, 70),
    "purple": (25, 65), "magenta": (30, 101), "pink": (0, 101), "brown": (24, 62), "grey": (40, 75),
}  # fmt: skip
"""CIELAB lightness below which a colour is called dark, and above which it is called light."""

_VIVID = {"green": 70.0}
"""A colour of more chroma than this is not called light, however light it is: pure green is just green."""

_CLUSTER = 24.0
"""CIELAB distance within which pixels count as one colour."""

_LEAST_SHARE = 0.02


@dataclass(frozen=True, slots=True)
class Patch:
    """A colour of a picture.

    Args:
        name: with `dark` or `light`, as it is said.
        share: of the pixels, 0 to 1.
        rgb: the mean of its pixels, 0 to 255.
    """

    name: str
    share: float
    rgb: tuple[float, float, float]


def name_of(red: float, green: float, blue: float) -> str:
    """The name that a person would give a colour; components 0 to 255."""
    lightness, a, b = (float(value) for value in lab(np.array([[red, green, blue]], np.float32))[0])
    base = _base(red, green, blue, lightness, float(np.hypot(a, b)))
    low, high = _LIGHTNESS.get(base, (0, 101))
    if lightness < low:
        return f"dark {base}"
    if lightness > high and np.hypot(a, b) <= _VIVID.get(base, 1000):
        return f"light {base}"
    return base


def base_name(name: str) -> str:
    """A colour's name without `dark` or `light`."""
    return name.rsplit(" ", 1)[-1]


def _base(red: float, green: float, blue: float, lightness: float, chroma: float) -> str:
    if lightness < 8 or (chroma < _GREY_CHROMA and lightness < _BLACK):
        return "black"
    if chroma < (_GREY_CHROMA if lightness < 90 else _PALE_CHROMA):
        return "white" if lightness > _WHITE else "grey"
    hue, saturation, value = rgb_to_hsv(red / 255, green / 255, blue / 255)
    return _hue_name(hue * 360, saturation, value, lightness)


def _hue_name(hue: float, saturation: float, value: float, lightness: float) -> str:
    if hue >= 345 or hue < 12:
        if lightness >= 70 or (hue >= 345 and lightness > 62):
            return "pink"
        return "brown" if value < 0.72 and 0.3 < saturation < 0.77 else "red"
    if hue < 41:
        return "brown" if value < 0.8 or lightness < 57 or (saturation < 0.5 and lightness < 85) else "orange"
    if hue < 70:
        return "brown" if hue < 50 and value < 0.74 else "yellow"
    for limit, name in ((162, "green"), (192, "cyan"), (250, "blue"), (293, "purple")):
        if hue < limit:
            return name
    if hue < 320:
        return "magenta" if value >= 0.75 and saturation > 0.6 else "purple"
    if value < 0.6:
        return "purple" if hue < 335 else "red"
    return "pink" if lightness >= 52 else "magenta"


def lab(rgb: Any) -> Any:
    """sRGB (n, 3), 0 to 255, as CIELAB (n, 3)."""
    linear = np.asarray(rgb, np.float32) / 255
    linear = np.where(linear <= 0.04045, linear / 12.92, ((linear + 0.055) / 1.055) ** 2.4)
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]], np.float32)
    xyz = linear @ matrix.T / np.array([0.9505, 1.0, 1.089], np.float32)
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, y, z = root[:, 0], root[:, 1], root[:, 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)


def clusters(
    pixels: Any, most: int = 8, least: float = _LEAST_SHARE, reach: float = _CLUSTER
) -> list[tuple[float, Any]]:
    """The colours that pixels gather around, as (share, mean RGB), the largest first.

    Args:
        pixels: array (n, 3), 0 to 255.
        most: how many at most.
        least: the smallest share that counts.
        reach: the CIELAB distance within which pixels count as one colour.
    """
    values = np.asarray(pixels).reshape(-1, 3)
    if not len(values):
        return []
    cells = (values.astype(np.uint32) >> 3) @ np.array([1024, 32, 1], np.uint32)
    count = np.bincount(cells, minlength=32768)
    sums = np.stack([np.bincount(cells, weights=values[:, channel], minlength=32768) for channel in range(3)], axis=1)
    used = np.flatnonzero(count)
    weight = count[used].astype(np.float64)
    means = sums[used] / weight[:, None]
    places = lab(means)
    free = np.ones(len(used), bool)
    found: list[tuple[float, Any]] = []
    while len(found) < most and free.any():
        centre = places[np.argmax(np.where(free, weight, 0))]
        for _ in range(2):  # the heaviest cell may lie at the rim of its colour: move to the middle once
            near = free & (((places - centre) ** 2).sum(axis=1) < reach**2)
            if not near.any():
                break
            centre = np.average(places[near], axis=0, weights=weight[near])
        near = free & (((places - centre) ** 2).sum(axis=1) < reach**2)
        if not near.any():
            break
        share = float(weight[near].sum() / weight.sum())
        free &= ~near
        if share >= least:
            found.append((share, np.average(means[near], axis=0, weights=weight[near])))
        elif share < least / 4:
            break
    return sorted(found, key=lambda one: -one[0])


def patches(pixels: Any) -> list[Patch]:
    """The named colours of some pixels, those of one basic name together, the largest first."""
    grouped: dict[str, list[tuple[float, Any]]] = {}
    for share, rgb in clusters(pixels):
        grouped.setdefault(base_name(name_of(*rgb)), []).append((share, rgb))
    found = []
    for base, parts in grouped.items():
        share = sum(part for part, _ in parts)
        red, green, blue = (float(sum(part * rgb[channel] for part, rgb in parts) / share) for channel in range(3))
        mixed = name_of(red, green, blue)
        name = mixed if base_name(mixed) == base else base
        found.append(Patch(name, share, (red, green, blue)))
    return sorted(found, key=lambda patch: -patch.share)
