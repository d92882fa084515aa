"""Fades: the picture goes down to black or white, comes up from it, or both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dataflow.media.shot_signals import Signals

_FADED = 32.0
"""The brightest twelfth of a picture that counts as black is below this level; for white, the darkest is above its
mirror image."""

_VALLEY = 0.3
"""A fade too short to reach black goes below this share of the light on both sides."""

_LONGEST_BLACK, _LONGEST_WHITE = 1.0, 0.3
"""Seconds of black, and of white, that still belong to a passage; white that stays is mostly a page."""

_JUMP = 0.25
"""The share of the picture that changes where black gives way to a new shot at once."""

_PATIENCE = 4
"""Frames within which the light must have risen on: codecs repeat frames that hardly differ."""

_LEAST_FRAMES = 3
_LEAST_RISE = 10.0
_STEEPEST = 0.5
"""A side is gradual when it takes this many frames, rises by this many levels, and no single step makes up more than
this share of the rise."""


@dataclass(frozen=True, slots=True)
class Fade:
    """Frame numbers: the last frame in full light, the frame that begins the new shot, the first in full light."""

    start: int
    at: int
    end: int


@dataclass(frozen=True, slots=True)
class Fades:
    """The fades of a run of frames.

    Args:
        between: those between two shots.
        opening: the number of the first frame in full light, where the run begins with a fade in; else 0.
        closing: the number of the last frame in full light, where it ends with a fade out; else 0.
        count: frames of the run.
    """

    between: tuple[Fade, ...]
    opening: int
    closing: int
    count: int

    @property
    def spans(self) -> list[Fade]:
        """All fades, those at the ends of the run too."""
        ends = [Fade(0, 0, self.opening)] if self.opening else []
        ends += [Fade(self.closing, self.count - 1, self.count - 1)] if self.closing else []
        return [*self.between, *ends]

    def seconds_in(self, times: Sequence[float]) -> float:
        """How long the fade in at the start takes."""
        return times[self.opening] - times[0] if self.opening else 0.0

    def seconds_out(self, times: Sequence[float]) -> float:
        """How long the fade out at the end takes."""
        return times[-1] - times[self.closing] if self.closing else 0.0


def find_fades(signals: Signals, seconds_per_frame: float) -> Fades:
    """The fades in a run of frames."""
    between: list[Fade] = []
    opening = closing = 0
    values = signals.quantiles.reshape(signals.count, 4, -1)[:, :3]
    mean = values.mean(axis=(1, 2))
    dark, light = values[:, :, -3:].mean(axis=2).max(axis=1), 255 - values[:, :, :3].mean(axis=2).min(axis=1)
    for level, extreme, longest in ((mean, dark, _LONGEST_BLACK), (255 - mean, light, _LONGEST_WHITE)):
        most_hold = longest / max(seconds_per_frame, 1e-3)
        for first, last in _faded_runs(level, extreme):
            start, left = _side(level, first, -1)
            end, right = _side(level, last, +1)
            held = last - first >= most_hold
            if held and level is not mean:
                continue  # a white card: what leads to it is found as a dissolve
            if first == 0 and right and not held:
                opening = end
            elif last == signals.count - 1 and left and not held:
                closing = start
            else:
                between += _joined(
                    signals, (start, first, last, end), left and first > 0, right and last < signals.count - 1, held
                )
    return Fades(_apart(between), opening, closing, signals.count)


def _joined(signals: Signals, marks: tuple[int, int, int, int], left: bool, right: bool, held: bool) -> list[Fade]:
    """The passages around faded frames.

    Args:
        signals: the run of frames.
        marks: the last frame in full light, the first and the last faded one, and the next in full light.
        left: the light goes down gradually.
        right: it comes up gradually.
        held: black for so long that it is a shot of its own, with a passage into it and one out of it.
    """
    start, first, last, end = marks
    if held:
        return [Fade(start, (start + first) // 2, first)] * left + [Fade(last, (last + end) // 2, end)] * right
    if left and right:
        return [Fade(start, (first + last + 1) // 2, end)]
    jumps = last + 1 < signals.count and signals.changed_steps[last + 1] > _JUMP
    return [Fade(start, last + 1 if jumps else first, last + 1)] * left + [Fade(first, first, end)] * right


def _faded_runs(level: Any, extreme: Any) -> list[tuple[int, int]]:
    """Runs of frames that are black (or white), and single frames at the bottom of a valley that nearly are."""
    runs: list[tuple[int, int]] = []
    for at in np.flatnonzero(extreme < _FADED).tolist():
        if runs and runs[-1][1] == at - 1:
            runs[-1] = (runs[-1][0], at)
        else:
            runs.append((at, at))
    for at in range(1, len(level) - 1):
        if extreme[at] >= _FADED and level[at - 1] > level[at] <= level[at + 1]:
            start, left = _side(level, at, -1)
            end, right = _side(level, at, +1)
            if left and right and level[at] < _VALLEY * min(level[start], level[end]):
                runs.append((at, at))
    return sorted(runs)


def _side(level: Any, at: int, way: int) -> tuple[int, bool]:
    """Where the light stops rising as one walks away from a faded frame, and whether that was a gradual rise."""
    here, length = at, 1
    while length <= _PATIENCE and 0 <= here + way * length < len(level):
        if level[here + way * length] > level[here] + length * (0.003 * level[here] + 0.12):
            here, length = here + way * length, 1
        else:
            length += 1
    rise = level[here] - level[at]
    if abs(here - at) < _LEAST_FRAMES or rise < _LEAST_RISE:
        return here, False
    steps = np.abs(np.diff(level[min(here, at) : max(here, at) + 1]))
    return here, bool(steps.max() <= _STEEPEST * rise)


def _apart(fades: list[Fade]) -> tuple[Fade, ...]:
    kept: list[Fade] = []
    for fade in sorted(fades, key=lambda fade: fade.at):
        if not kept or fade.start >= kept[-1].end:
            kept.append(fade)
    return tuple(kept)
