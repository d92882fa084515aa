"""The one velocity at which what changes in a shot moves, if there is one.

A thing that moves leaves the difference of two frames, a pattern of what it covers and what it uncovers, and that
pattern moves along with it while everything that stands still cancels out. Correlating the differences of successive
pairs of frames therefore peaks at the velocity, over plain, textured and noisy grounds alike, for things small and
large; the height of the peak says how much of all change this one velocity explains. (Phase-plane correlation, as in
Thomas, "Television motion measurement for DATV and other applications", BBC RD 1987/11, applied to differences.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

EXPLAINS = 0.5
"""The normalised correlation from which on a velocity is believed."""

_LEAST_SHIFT = 1.2
_LONG_WAY = 12.0
"""Pixels of displacement below which nothing is said, and over which a velocity is measured in the end."""


_FEW = 4
"""With no more frames than these, a displacement must be three times as large to be believed."""


@dataclass(frozen=True, slots=True)
class Velocity:
    """Pixels per second, y pointing down, and how far to trust it, 0 to 1."""

    x: float
    y: float
    trust: float


def find_velocity(channel: Any, seconds: float) -> Velocity | None:
    """The velocity that explains most of what changes in one channel (frames, height, width); None if none does."""
    best: Velocity | None = None
    count, height, width = channel.shape
    spectra = np.fft.rfft2(channel)
    lag = 1
    while 2 * lag < count:
        found = _peak(spectra, lag, height, width)
        if found is not None:
            dx, dy, trust = found
            velocity = Velocity(dx / (lag * seconds), dy / (lag * seconds), trust)
            least = _LEAST_SHIFT if count > _FEW else 3 * _LEAST_SHIFT
            if np.hypot(dx, dy) >= least and (best is None or trust > best.trust + 0.05):
                best = velocity
            if best is not None and best.trust > 0.75 and np.hypot(dx, dy) >= 3:
                break
        lag *= 2
    if best is None or best.trust < EXPLAINS or not _steady(spectra, best, seconds, height, width):
        return None
    return _refined(spectra, best, seconds, height, width)


def _refined(spectra: Any, rough: Velocity, seconds: float, height: int, width: int) -> Velocity:
    """The velocity once more, over a longer way, where a fraction of a pixel matters less."""
    way = np.hypot(rough.x, rough.y) * seconds
    lag = min((len(spectra) - 1) // 2, int(min(_LONG_WAY, 0.2 * width, 0.2 * height) / way))
    found = _peak(spectra, lag, height, width) if lag >= 1 else None
    if found is None or found[2] < 0.6 * rough.trust:
        return rough
    velocity = Velocity(found[0] / (lag * seconds), found[1] / (lag * seconds), rough.trust)
    apart = np.hypot(velocity.x - rough.x, velocity.y - rough.y)
    return velocity if apart < 0.35 * np.hypot(rough.x, rough.y) else rough


def _correlation(differences: Any, lag: int, height: int, width: int) -> tuple[Any, float]:
    """The correlation surface of differences of frames with those `lag` later, and the energy that bounds it."""
    surface = np.fft.irfft2((np.conj(differences[:-lag]) * differences[lag:]).sum(axis=0), s=(height, width))
    # Parseval: the half spectrum counts every column twice but the first (and the last, where the width is even)
    weights = np.full(differences.shape[2], 2.0)
    weights[0] = 1.0
    if width % 2 == 0:
        weights[-1] = 1.0
    energy = (np.abs(differences) ** 2 * weights).sum(axis=(1, 2)) / (height * width)
    return surface, float(np.sqrt(energy[:-lag] * energy[lag:]).sum())


def _peak(spectra: Any, lag: int, height: int, width: int) -> tuple[float, float, float] | None:
    """The displacement over `lag` frames at which differences agree best, to a fraction of a pixel, and how well."""
    surface, bound = _correlation(spectra[lag:] - spectra[:-lag], lag, height, width)
    if bound <= 0:
        return None
    y, x = np.unravel_index(int(np.argmax(surface)), surface.shape)
    top = float(surface[y, x])
    dx = x + _vertex(surface[y, x - 1], top, surface[y, (x + 1) % width])
    dy = y + _vertex(surface[y - 1, x], top, surface[(y + 1) % height, x])
    dx, dy = (dx - width if x > width // 2 else dx), (dy - height if y > height // 2 else dy)
    return float(dx), float(dy), min(1.0, top / bound)


def _vertex(before: float, top: float, after: float) -> float:
    """Where between -0.5 and 0.5 the parabola through three neighbours is highest."""
    bend = before - 2 * top + after
    return float(np.clip(0.5 * (before - after) / bend, -0.5, 0.5)) if bend < 0 else 0.0


def _steady(spectra: Any, velocity: Velocity, seconds: float, height: int, width: int) -> bool:
    """Whether all parts of the shot agree on the direction; where a thing turns round they do not."""
    count = len(spectra)
    part = count // 3
    if part < 3:
        return True
    speed = np.hypot(velocity.x, velocity.y)
    for start in (0, part, count - part):
        lag = int(np.clip(round(3 / (speed * seconds + 1e-6)), 1, (part - 1) // 2))
        found = _peak(spectra[start : start + part], lag, height, width)
        if found is None or found[2] < EXPLAINS or np.hypot(found[0], found[1]) < 1:
            continue
        agreement = (found[0] * velocity.x + found[1] * velocity.y) / (np.hypot(found[0], found[1]) * speed)
        if agreement < 0.7:
            return False
    return True
