"""Hard cuts: steps in the colours or the layout of the picture that stand out from the motion around them."""

from __future__ import annotations

from typing import Any

import numpy as np

from dataflow.media.shot_signals import Signals, explained_by_shift

_AROUND = 6
"""Steps to each side that say how much motion is usual here."""

_LEAST_COLOUR, _LEAST_PIXELS = 4.0, 14.0
"""Steps below these, in levels of 0 to 255, are taken for noise or motion, whatever stands around them."""

_STANDS_OUT = 3.0
_CHANGED = 0.25
"""How many times the usual motion a cut must be, and the share of the picture that it must change."""


def find_cuts(signals: Signals) -> list[int]:
    """The numbers of the frames that begin a new shot at once."""
    found: list[int] = []
    for at in range(1, signals.count):
        if signals.changed_steps[at] >= _CHANGED and _is_step(signals, at) and not _is_flash(signals, at):
            found.append(at)
    return found


def _is_step(signals: Signals, at: int) -> bool:
    colour = signals.colour_steps[at]
    if colour >= _LEAST_COLOUR and colour >= _STANDS_OUT * (_usual(signals.colour_steps, at) + 0.4):
        return True
    pixels = signals.pixel_steps[at]
    if pixels < _LEAST_PIXELS or pixels < _STANDS_OUT * (_usual(signals.pixel_steps, at) + 1.0):
        return False
    return signals.changed_steps[at] >= 2 * _CHANGED and (
        explained_by_shift(signals.frames[at - 1], signals.frames[at], reach=8) > 0.5
    )


def _usual(steps: Any, at: int) -> float:
    """The motion around a step: the median of the steps on its busier side, other cuts among them do not move it."""
    sides = [steps[max(1, at - _AROUND) : at], steps[at + 1 : at + 1 + _AROUND]]
    levels = [float(np.median(side)) for side in sides if len(side) >= 2]
    return max(levels, default=0.0)


def _is_flash(signals: Signals, at: int) -> bool:
    """Whether the picture is back within a few frames, as after a flash or a damaged frame: into it or out of it."""
    step = signals.pixel_distance(at - 1, at)
    for length in (1, 2):
        after, before = at + length, at - 1 - length
        if after < signals.count and signals.pixel_distance(at - 1, after) < 0.35 * step:
            return True
        if before >= 0 and signals.pixel_distance(before, at) < 0.35 * step:
            return True
    return False
