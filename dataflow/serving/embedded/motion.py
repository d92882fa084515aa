"""What moves in a shot, where to and how fast, from small frames at even times.

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

from dataflow.serving.embedded.colours import clusters, lab

_LEAST_LEVEL = 14.0
"""A change of fewer levels (0 to 255) in a pixel is compression noise."""

_LEAST_PIXELS = 3
_LEAST_SHIFT = 1.2
"""Pixels that must change, and pixels of displacement between compared frames below which nothing is said."""

_EXPLAINS = 0.5
"""The normalised correlation from which on a velocity is believed."""

_NEAR = 24.0
"""Levels of red, green and blue within which a pixel belongs to a colour, once noise is added."""


@dataclass(frozen=True, slots=True)
class Velocity:
    """Pixels per second of the small frames, y pointing down, and how far to trust it, 0 to 1."""

    x: float
    y: float
    trust: float


@dataclass(frozen=True, slots=True)
class Mover:
    """Something that moves: its colour as RGB (None for the whole picture), its velocity, its area (0 to 1)."""

    rgb: tuple[float, float, float] | None
    velocity: Velocity
    area: float


@dataclass(frozen=True, slots=True)
class Stirring:
    """Whether anything changes in the shot, and the movers that could be told for sure."""

    changes: bool
    movers: tuple[Mover, ...]


def find_movers(frames: Any, seconds: float) -> Stirring:
    """What moves in a shot.

    Args:
        frames: array (frames, height, width, 3) of float32, 0 to 255, evenly spaced in time.
        seconds: between two of them.
    """
    count = len(frames)
    if count < 3:
        return Stirring(_changed(frames, 1, _LEAST_LEVEL).any() if count == 2 else False, ())
    noise = _noise(frames)
    level = _LEAST_LEVEL + 4 * noise
    if not _stirs(frames, level):
        return Stirring(False, ())
    overall = _velocity(_projected(frames), seconds)
    if overall is not None and _is_pan(frames, overall, seconds, noise):
        return Stirring(True, (Mover(None, overall, 1.0),))
    return Stirring(True, _coloured_movers(frames, seconds, level, noise))


def _noise(frames: Any) -> float:
    """The usual change of a pixel that shows the same thing twice: the median over the stiller half of the picture."""
    pairs = range(0, len(frames) - 1, max(1, len(frames) // 8))
    return float(np.median([np.percentile(np.abs(frames[at + 1] - frames[at]).mean(axis=2), 35) for at in pairs]))


def _changed(frames: Any, lag: int, level: float) -> Any:
    """Per pair of frames so far apart, how many pixels changed."""
    return (np.abs(frames[lag:] - frames[:-lag]).max(axis=3) > level).sum(axis=(1, 2))


def _stirs(frames: Any, level: float) -> bool:
    for lag in {1, max(1, len(frames) // 4), len(frames) // 2}:
        changed = _changed(frames, lag, level)
        if (changed >= max(_LEAST_PIXELS, 0.0004 * frames[0, ..., 0].size)).mean() >= 0.5:
            return True
    return False


def _projected(frames: Any) -> Any:
    """The frames with red, green and blue made one channel, the one in which most changes (principal component)."""
    change = (frames[len(frames) // 2 :] - frames[: len(frames) - len(frames) // 2]).reshape(-1, 3)
    _, vectors = np.linalg.eigh(change.T @ change)
    return frames @ vectors[:, -1].astype(np.float32)


def _velocity(channel: Any, seconds: float) -> Velocity | None:
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
            if np.hypot(dx, dy) >= _LEAST_SHIFT and (best is None or trust > best.trust + 0.05):
                best = velocity
            if best is not None and best.trust > 0.75 and np.hypot(dx, dy) >= 3:
                break
        lag *= 2
    return (
        best
        if best is not None and best.trust >= _EXPLAINS and _steady(spectra, best, seconds, height, width)
        else None
    )


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
        if found is None or found[2] < _EXPLAINS or np.hypot(found[0], found[1]) < 1:
            continue
        agreement = (found[0] * velocity.x + found[1] * velocity.y) / (np.hypot(found[0], found[1]) * speed)
        if agreement < 0.7:
            return False
    return True


def _is_pan(frames: Any, velocity: Velocity, seconds: float, noise: float) -> bool:
    """Whether the picture moves as a whole: change in nearly all its parts, undone by shifting it back."""
    count, height, width, _ = frames.shape
    speed = np.hypot(velocity.x, velocity.y) * seconds
    lag = int(np.clip(round(4 / (speed + 1e-6)), 1, max(1, count // 2)))
    dx, dy = round(velocity.x * seconds * lag), round(velocity.y * seconds * lag)
    if abs(dx) >= width // 2 or abs(dy) >= height // 2 or (dx, dy) == (0, 0):
        return False
    spread, undone = [], []
    for at in range(0, count - lag, max(1, (count - lag) // 6)):
        after, before = frames[at + lag], frames[at]
        new = after[max(0, dy) : height + min(0, dy), max(0, dx) : width + min(0, dx)]
        old = before[max(0, -dy) : height + min(0, -dy), max(0, -dx) : width + min(0, -dx)]
        same = before[max(0, dy) : height + min(0, dy), max(0, dx) : width + min(0, dx)]
        plain, shifted = np.abs(new - same).max(axis=2), np.abs(new - old).max(axis=2)
        floor = min(float(np.median(shifted)), noise + 4)
        changed = plain > _LEAST_LEVEL * 0.6 + 2 * floor
        if changed.mean() < 0.1:
            return False
        rows = np.array_split(changed, 4)
        cells = [cell.mean() for row in rows for cell in np.array_split(row, 4, axis=1)]
        spread.append(float(np.mean([cell > 0.04 for cell in cells])))
        undone.append(float((shifted[changed] < 0.6 * plain[changed]).mean()))
    return float(np.mean(spread)) >= 0.7 and float(np.mean(undone)) >= 0.6


def _coloured_movers(frames: Any, seconds: float, level: float, noise: float) -> tuple[Mover, ...]:
    """The things that move, told apart by their colours."""
    movers: list[Mover] = []
    for _, rgb in clusters(_changed_pixels(frames, level), most=6, least=0.06):
        distance = np.sqrt(((frames - rgb.astype(np.float32)) ** 2).sum(axis=3))
        belongs = np.clip(1.5 - distance / (_NEAR + 2 * noise), 0, 1)
        velocity = _velocity(belongs, seconds)
        if velocity is None or not _comes_in_front(belongs, velocity):
            continue
        if any(_alike(rgb, other.rgb) for other in movers):
            continue
        red, green, blue = (float(value) for value in rgb)
        movers.append(Mover((red, green, blue), velocity, float((belongs > 0.5).mean())))
    return tuple(sorted(movers, key=lambda mover: -mover.area * mover.velocity.trust)[:3])


def _changed_pixels(frames: Any, level: float) -> Any:
    """The colours, before and after, of the pixels that change over a quarter of the shot: (pixels, 3)."""
    lag = max(1, len(frames) // 4)
    pixels = []
    for at in range(0, len(frames) - lag, max(1, (len(frames) - lag) // 12)):
        before, after = frames[at], frames[at + lag]
        changed = np.abs(after - before).max(axis=2) > level
        pixels += [before[changed], after[changed]]
    return np.concatenate(pixels)


def _comes_in_front(belongs: Any, velocity: Velocity) -> bool:
    """Whether a colour gains ground where the motion goes to: a thing does, the ground behind it does the opposite."""
    _, height, width = belongs.shape
    along = (np.arange(width)[None, :] * velocity.x + np.arange(height)[:, None] * velocity.y).astype(np.float32)
    lag = max(1, len(belongs) // 6)
    change = belongs[lag:] - belongs[:-lag]
    gained, lost = np.clip(change, 0, None), np.clip(-change, 0, None)
    votes = []
    for more, less in zip(gained, lost, strict=True):
        if more.sum() > 1 and less.sum() > 1:
            votes.append((more * along).sum() / more.sum() > (less * along).sum() / less.sum())
    return bool(votes) and float(np.mean(votes)) > 0.7


def _alike(rgb: Any, other: tuple[float, float, float] | None) -> bool:
    if other is None:
        return False
    one, two = lab(np.array([rgb, other]))
    return float(np.hypot.reduce(one - two)) < 25
