"""What moves in a shot, from small frames at even times: the whole picture, or things told apart by colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dataflow.serving.embedded.colours import clusters, lab
from dataflow.serving.embedded.velocity import Velocity, find_velocity

_LEAST_LEVEL = 14.0
"""A change of fewer levels (0 to 255) in a pixel is compression noise."""

_GROUND = 0.3
"""A colour that fills more than this share of what stands still is the ground's, if anything else moves."""

_OFF_LINE = 48.0
"""Levels by which a blend of two colours may miss the line between them: codecs keep colour coarsely."""

_SURE, _ONLY = 0.6, 0.8
"""How well one velocity must explain all change to be told of something whose colour is not known, and to be the only
one."""

_OFTEN = 0.1
"""The share of pairs of frames that must differ: less is a damaged frame or a keyframe of the codec."""

_LEAST_PIXELS = 3
"""Pixels that must change for something to have moved."""

_REACH = 18.0
"""CIELAB distance within which changed pixels count as one colour: finer than for a whole picture."""

_NEAR = 60.0
"""Levels of red, green and blue within which a pixel belongs to a colour, if no other is nearer; noise is added."""


@dataclass(frozen=True, slots=True)
class Mover:
    """Something that moves.

    Args:
        rgb: its colour, 0 to 255; None where it could not be told from what lies behind, and for the whole picture.
        velocity: in pixels of the small frames.
        area: its share of the picture; 1 for the whole picture, 0 where its colour is not known.
    """

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
    if count < 2:
        return Stirring(False, ())
    noise = _noise(frames)
    level = _LEAST_LEVEL + 4 * noise
    overall = find_velocity(_projected(frames), seconds)
    if overall is not None and overall.trust < _SURE:
        overall = None
    # a textured picture that moves as a whole changes everywhere and looks like noise, but for having a velocity
    if not _stirs(frames, level) and (overall is None or noise < 1):
        return Stirring(False, ())
    if overall is not None and _is_pan(frames, overall, seconds, noise):
        return Stirring(True, (Mover(None, overall, 1.0),))
    movers = _coloured_movers(frames, seconds, level, noise, overall)
    if not movers and overall is not None:
        movers = (Mover(None, overall, 0.0),)
    return Stirring(True, movers)


def _noise(frames: Any) -> float:
    """The usual change of a pixel that shows the same thing twice: the median over the stiller half of the picture."""
    pairs = range(0, len(frames) - 1, max(1, len(frames) // 8))
    return float(np.median([np.percentile(np.abs(frames[at + 1] - frames[at]).mean(axis=2), 35) for at in pairs]))


def _changed(frames: Any, lag: int, level: float) -> Any:
    """Which pixels change over so many frames, lone ones left out: (frames - lag, height, width)."""
    changed = largest(np.abs(frames[lag:] - frames[:-lag])) > level
    padded = np.pad(changed, ((0, 0), (1, 1), (1, 1))).astype(np.uint8)
    rows = padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:]
    return changed & (rows[:, :, :-2] + rows[:, :, 1:-1] + rows[:, :, 2:] >= 3)


def _stirs(frames: Any, level: float) -> bool:
    """Whether, over some length of time, more than a few pairs of frames differ."""
    least = max(_LEAST_PIXELS, 0.0004 * frames[0, ..., 0].size)
    lags = sorted({1, max(1, len(frames) // 4), len(frames) // 2}, reverse=True)
    return any((_changed(frames, lag, level).sum(axis=(1, 2)) >= least).mean() >= _OFTEN for lag in lags)


def largest(channels: Any) -> Any:
    """The largest of the three channels of each pixel; numpy's own maximum over so short an axis is slow."""
    return np.maximum(np.maximum(channels[..., 0], channels[..., 1]), channels[..., 2])


def _projected(frames: Any) -> Any:
    """The frames with red, green and blue made one channel, the one in which most changes (principal component)."""
    change = (frames[len(frames) // 2 :] - frames[: len(frames) - len(frames) // 2]).reshape(-1, 3)
    _, vectors = np.linalg.eigh(change.T @ change)
    return frames @ vectors[:, -1].astype(np.float32)


def _is_pan(frames: Any, velocity: Velocity, seconds: float, noise: float) -> bool:
    """Whether the picture moves as a whole: change in nearly all its parts, undone by shifting it back."""
    count, height, width, _ = frames.shape
    speed = np.hypot(velocity.x, velocity.y) * seconds
    lag = int(np.clip(round(0.1 * width / (speed + 1e-6)), 1, max(1, count // 2)))
    dx, dy = round(velocity.x * seconds * lag), round(velocity.y * seconds * lag)
    if abs(dx) >= width // 2 or abs(dy) >= height // 2 or (dx, dy) == (0, 0):
        return False
    spread, undone = [], []
    for at in range(0, count - lag, max(1, (count - lag) // 6)):
        after, before = frames[at + lag], frames[at]
        new = after[max(0, dy) : height + min(0, dy), max(0, dx) : width + min(0, dx)]
        old = before[max(0, -dy) : height + min(0, -dy), max(0, -dx) : width + min(0, -dx)]
        same = before[max(0, dy) : height + min(0, dy), max(0, dx) : width + min(0, dx)]
        plain, shifted = largest(np.abs(new - same)), largest(np.abs(new - old))
        floor = min(float(np.median(shifted)), noise + 4)
        changed = plain > 0.35 * _LEAST_LEVEL + 2 * floor
        if changed.mean() < 0.1:
            return False
        rows = np.array_split(changed, 4)
        cells = [cell.mean() for row in rows for cell in np.array_split(row, 4, axis=1)]
        spread.append(float(np.mean([cell > 0.04 for cell in cells])))
        undone.append(float((shifted[changed] < 0.6 * plain[changed]).mean()))
    return float(np.mean(spread)) >= 0.7 and float(np.mean(undone)) >= 0.6


def _coloured_movers(
    frames: Any, seconds: float, level: float, noise: float, overall: Velocity | None
) -> tuple[Mover, ...]:
    """The things that move, told apart by their colours; `overall` is the velocity that explains most change."""
    movers: list[Mover] = []
    also_still: list[Mover] = []
    grounds: list[Any] = []
    still = ~_changed(frames, max(1, len(frames) // 2), level).any(axis=0)
    only = overall if overall is not None and overall.trust >= _ONLY else None
    colours = [rgb for _, rgb in clusters(_changed_pixels(frames, level), most=6, least=0.06, reach=_REACH)]
    if not colours:
        return ()
    distances = np.stack([np.sqrt(((frames - rgb.astype(np.float32)) ** 2).sum(axis=3)) for rgb in colours])
    nearest = distances.argmin(axis=0)
    for at, rgb in enumerate(colours):
        belongs = ((nearest == at) & (distances[at] < _NEAR + 2 * noise)).astype(np.float32)
        velocity = only or find_velocity(belongs, seconds) or overall
        if velocity is None or not _comes_in_front(belongs, velocity, seconds):
            grounds.append(rgb)
            continue
        red, green, blue = _core_colour(frames, belongs, rgb)
        mover = Mover((red, green, blue), velocity, float((belongs > 0.5).mean()))
        rests = (belongs.mean(axis=0) > 0.5)[still].mean() if still.any() else 0.0
        (also_still if rests > _GROUND or mover.area > 0.5 else movers).append(mover)
    movers = [mover for mover in movers or also_still if not any(_alike(mover.rgb, ground) for ground in grounds)]
    things = [one for one in movers if not any(_is_rim(one, other, grounds) for other in movers if other is not one)]
    kept: list[Mover] = []
    for mover in sorted(things, key=lambda one: -one.area * one.velocity.trust):
        if not any(_is_part(mover, other) for other in kept):
            kept.append(mover)
    return tuple(kept[:3])


def _core_colour(frames: Any, belongs: Any, rgb: Any) -> tuple[float, float, float]:
    """The colour of a thing away from its rim, where it is blended with what lies behind."""
    inside = belongs > 0.5
    core = inside.copy()
    for axis in (1, 2):
        core &= np.roll(inside, 1, axis) & np.roll(inside, -1, axis)
    pixels = frames[core] if core.sum() >= 4 * len(frames) else frames[inside]
    red, green, blue = (float(value) for value in (np.median(pixels, axis=0) if len(pixels) else rgb))
    return red, green, blue


def _is_rim(mover: Mover, other: Mover, grounds: list[Any]) -> bool:
    """Whether a mover is but the rim of another, blended with the ground."""
    return _goes_along(mover, other) and any(_between(mover.rgb, other.rgb, ground) for ground in grounds)


def _is_part(mover: Mover, larger: Mover) -> bool:
    """Whether a mover is a smaller part of another, or has the same colour."""
    return _alike(mover.rgb, larger.rgb) or (_goes_along(mover, larger) and mover.area < 0.5 * larger.area)


def _goes_along(mover: Mover, other: Mover) -> bool:
    one, two = mover.velocity, other.velocity
    return bool(np.hypot(one.x - two.x, one.y - two.y) <= 0.4 * np.hypot(two.x, two.y))


def _between(rgb: Any, thing: Any, ground: Any) -> bool:
    """Whether a colour is a blend of a thing and the ground, and not the thing itself: on the line between them."""
    start, way = np.asarray(thing, float), np.asarray(ground, float) - np.asarray(thing, float)
    share = float((np.asarray(rgb) - start) @ way) / max(1.0, float(way @ way))
    return 0.15 < share < 1 and float(np.linalg.norm(np.asarray(rgb) - start - share * way)) < _OFF_LINE


def _changed_pixels(frames: Any, level: float) -> Any:
    """The colours, before and after, of the pixels that change over a quarter of the shot: (pixels, 3)."""
    lag = max(1, len(frames) // 4)
    pixels = []
    for at in range(0, len(frames) - lag, max(1, (len(frames) - lag) // 12)):
        before, after = frames[at], frames[at + lag]
        changed = largest(np.abs(after - before)) > level
        pixels += [before[changed], after[changed]]
    return np.concatenate(pixels)


def _comes_in_front(belongs: Any, velocity: Velocity, seconds: float) -> bool:
    """Whether a colour gains ground where the motion goes to: a thing does, the ground behind it does the opposite.

    What a thing covers anew lies at least its displacement ahead of what it leaves; of mere noise neither is ahead.
    """
    _, height, width = belongs.shape
    speed = np.hypot(velocity.x, velocity.y)
    along = (np.arange(width)[None, :] * velocity.x + np.arange(height)[:, None] * velocity.y) / speed
    lag = max(1, len(belongs) // 6)
    change = belongs[lag:] - belongs[:-lag]
    ahead = []
    for more, less in zip(np.clip(change, 0, None), np.clip(-change, 0, None), strict=True):
        if more.sum() > 1 and less.sum() > 1:
            ahead.append((more * along).sum() / more.sum() - (less * along).sum() / less.sum())
    return bool(ahead) and float(np.median(ahead)) > min(4.0, 0.5 * speed * seconds * lag)


def _alike(rgb: Any, other: Any) -> bool:
    if other is None:
        return False
    one, two = lab(np.array([rgb, other]))
    return float(np.hypot.reduce(one - two)) < 25
