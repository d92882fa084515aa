"""Dissolves: one picture turns into another while both are seen.

In a dissolve the whole picture travels in a straight line from one shot to the other, every pixel at the same pace
(Hampapur, Jain and Weymouth, "Digital video segmentation", 1994). A thing that moves changes few pixels at a time, and
each of them at once; a pan is undone by shifting; a change of light keeps the picture's proportions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dataflow.media.shot_signals import Signals, explained_by_shift

_LONGEST = 3.0
"""Seconds."""

_LENGTHS = (3, 4, 6, 8, 11, 15, 20, 27, 36, 48, 64, 86, 115, 153, 204)
"""Frames from the last pure one to the next pure one that are tried."""

_LEAST_COLOUR, _LEAST_PIXELS = 5.0, 7.0
"""The distance, in levels of 0 to 255, between two shots that can be told apart."""

_CHANGED = 0.3
"""The share of the picture that must change."""

_CLOSE = 4
"""Cuts so few frames apart may be steps of one dissolve."""

_PLAIN = 6.0
"""Standard deviation, in levels, below which a picture has no shapes."""

_SAME_SHAPES = 0.6
"""Correlation of two pictures from which on they show the same in different light."""

_STRAIGHT = 0.2
"""How far from the straight line between the two shots, as a share of its length, half of the pixels may be."""

_IN_PACE = 0.6
"""The share of the changed pixels that must be on their way together."""


def find_dissolves(
    signals: Signals, taken: Sequence[tuple[int, int]], seconds_per_frame: float
) -> list[tuple[int, int, int]]:
    """The dissolves, as the numbers of the last pure frame, the middle one and the next pure frame.

    Args:
        signals: the run of frames.
        taken: (first, last) frame numbers of cuts and fades, in order; no dissolve reaches over one.
        seconds_per_frame: of the run.
    """
    found: list[tuple[int, int, int]] = []
    begin = 0
    for first, last in [*taken, (signals.count, signals.count)]:
        found += _in_stretch(signals, begin, first, seconds_per_frame)
        begin = last
    return found


def soften(signals: Signals, cuts: Sequence[int]) -> tuple[list[tuple[int, int, int]], list[int]]:
    """Dissolves of a few frames, each step of which looked like a cut, and the cuts that are left."""
    groups: list[list[int]] = []
    for cut in cuts:
        if groups and cut - groups[-1][-1] <= _CLOSE:
            groups[-1].append(cut)
        else:
            groups.append([cut])
    soft: list[tuple[int, int, int]] = []
    hard: list[int] = []
    for group in groups:
        around = range(_CLOSE, -1, -1)
        windows = ((max(0, group[0] - 1 - more), min(signals.count - 1, group[-1] + more)) for more in around)
        passage = next((found for window in windows if (found := _examine(signals, *window)) is not None), None)
        if passage is None:
            hard += group
        else:
            soft.append(passage)
    return soft, hard


def _in_stretch(signals: Signals, begin: int, end: int, step: float) -> list[tuple[int, int, int]]:
    """The dissolves among the frames from `begin` up to, not including, `end`."""
    candidates: list[tuple[float, int, int]] = []
    quantiles = signals.quantiles[begin:end]
    for length in _LENGTHS:
        if length >= end - begin or length * step > _LONGEST:
            break
        inside = np.abs(quantiles[length:] - quantiles[:-length]).mean(axis=1)
        margin = max(2, length // 3)
        for at in np.flatnonzero(inside >= _LEAST_COLOUR).tolist():
            near = inside[max(0, at - margin) : at + margin + 1]
            if inside[at] >= near.max():
                outside = _rate(quantiles, at - margin, at) + _rate(quantiles, at + length, at + length + margin)
                score = inside[at] - 1.5 * length * outside
                if score > 0:
                    candidates.append((float(score), begin + at, begin + at + length))
    found: list[tuple[int, int, int]] = []
    for _, first, last in sorted(candidates, reverse=True):
        if all(last <= start or first >= finish for start, _, finish in found):
            passage = _examine(signals, first, last)
            if passage is not None and all(passage[2] <= start or passage[0] >= finish for start, _, finish in found):
                found.append(passage)
    return sorted(found)


def _rate(quantiles: Any, first: int, last: int) -> float:
    """The change of colour per frame over a few frames beside a candidate; 0 where there are none."""
    first, last = max(0, first), min(len(quantiles) - 1, last)
    if last <= first:
        return 0.0
    return float(np.abs(quantiles[last] - quantiles[first]).mean()) / (last - first)


def _examine(signals: Signals, first: int, last: int) -> tuple[int, int, int] | None:
    """The passage between two frames with its exact ends, or None where it is no dissolve."""
    frames = signals.frames
    before, after = frames[first].astype(np.float32), frames[last].astype(np.float32)
    way = after - before
    length = np.abs(way).max(axis=2)
    changed = length > 20
    if changed.mean() < _CHANGED or np.abs(way).mean() < _LEAST_PIXELS or _is_light(before, after):
        return None
    shares, strays = _along(frames[first : last + 1], before, way, changed)
    pace = np.median(shares, axis=1)
    halfway = (pace >= 0.2) & (pace <= 0.8)
    # a jump from 0 to 1 is a cut or a thing that appears; one blended frame between is a cut too
    if ((pace > 0.1) & (pace < 0.9)).sum() < 2 or not halfway.any() or np.abs(np.diff(pace)).max() > 0.6:
        return None
    together = (np.abs(shares[halfway] - pace[halfway, None]) < 0.2).mean(axis=1)
    if float(np.median(together)) < _IN_PACE or float(np.median(strays[halfway])) > _STRAIGHT:
        return None
    if explained_by_shift(before, after, reach=6) < 0.5:
        return None
    start = first + int(np.flatnonzero(pace < 0.06)[-1]) if (pace < 0.06).any() else first
    rest = np.flatnonzero(pace > 0.94)
    rest = rest[rest > start - first]
    end = first + int(rest[0]) if len(rest) else last
    middle = first + int(np.argmin(np.abs(pace - 0.5)))
    return start, min(max(middle, start + 1), end), end


def _along(frames: Any, before: Any, way: Any, changed: Any) -> tuple[Any, Any]:
    """How far each changed pixel of each frame has come on the way from one picture to the other.

    Returns:
        The share of the way, (frames, pixels), and per frame the median distance from the way in shares of its length.
    """
    line = way[changed]
    moved = frames[:, changed].astype(np.float32) - before[changed]
    squares = (line * line).sum(axis=1)
    shares = ((moved * line).sum(axis=2) / squares).clip(-0.5, 1.5)
    strays = np.sqrt(((moved - shares[..., None] * line) ** 2).sum(axis=2) / squares)
    return shares, np.median(strays, axis=1)


def _is_light(before: Any, after: Any) -> bool:
    """Whether the second picture is the first one made darker or brighter: its shapes are kept, in proportion."""
    dimmer, brighter = (before, after) if before.mean() < after.mean() else (after, before)
    one, two = dimmer - dimmer.mean(axis=(0, 1)), brighter - brighter.mean(axis=(0, 1))
    if two.std() < _PLAIN or (one * two).sum() <= _SAME_SHAPES * np.sqrt((one * one).sum() * (two * two).sum()):
        return False  # two plain colours, or two patterns: nothing is kept
    gain = float((dimmer * brighter).sum() / max(1.0, (brighter * brighter).sum()))
    rest = float(np.abs(dimmer - gain * brighter).mean())
    return rest < 0.12 * float(np.abs(after - before).mean()) and rest < 0.25 * float(dimmer.mean())
