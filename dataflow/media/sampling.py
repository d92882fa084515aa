"""From a plan to the numbers of the frames it takes: pure arithmetic on an index."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from math import ceil
from typing import TYPE_CHECKING, TypeVar

from dataflow.media.plan import Fps, Keyframes, Moments, Plan, Shots, Uniform

if TYPE_CHECKING:
    from dataflow.media.video_index import VideoIndex

T = TypeVar("T")

Spans = Callable[[], Iterable[tuple[float, float]]]


def choose_frames(plan: Plan, index: VideoIndex, shots: Spans) -> list[int]:
    """The numbers of the frames that a plan takes, rising and without repetition.

    Args:
        plan: what is wanted.
        index: the frames there are.
        shots: gives the shots as (start, end) in seconds; called for a `Shots` plan only.
    """
    match plan:
        case Uniform(count, keyframe):
            targets = _midpoints(index.ticks[0], index.end, count)
            if keyframe:
                keys = _shown_keys(index)
                return _distinct(_nearest(keys, index, tick) for tick in targets)
            return _distinct(index.frame_at(tick) for tick in targets)
        case Fps(rate, most):
            step = 1 / (rate * float(index.time_base))
            count = max(1, ceil(round((index.end - index.ticks[0]) / step, 6)))
            numbers = thin_out(range(count), most)
            # containers round timestamps to their ticks; a time meant for a frame must not miss it by that
            slack = min(0.5, 0.02 * (index.end - index.ticks[0]) / len(index.ticks))
            return _distinct(index.frame_at(index.ticks[0] + int(number * step + slack)) for number in numbers)
        case Moments(times):
            return _distinct(index.frame_at(index.ticks[0] + round(time / float(index.time_base))) for time in times)
        case Keyframes(most):
            return thin_out(_shown_keys(index), most)
        case Shots(per_shot, most):
            chosen: list[int] = []
            for start, end in shots():
                first = index.ticks[0] + round(start / float(index.time_base))
                last = index.ticks[0] + round(end / float(index.time_base))
                chosen += (index.frame_at(tick) for tick in _midpoints(first, max(last, first + 1), per_shot))
            return thin_out(_distinct(chosen), most)


def thin_out(items: Sequence[T], most: int) -> list[T]:
    """At most so many of the items, evenly spread: those in the middle of equal parts."""
    if len(items) <= most:
        return list(items)
    return [items[(2 * part + 1) * len(items) // (2 * most)] for part in range(most)]


def _midpoints(first: int, end: int, parts: int) -> list[int]:
    return [first + (2 * part + 1) * (end - first) // (2 * parts) for part in range(parts)]


def _shown_keys(index: VideoIndex) -> list[int]:
    """The numbers of the keyframes; frame 0 where the file marks none."""
    numbers = []
    for tick in index.keys:
        at = bisect_left(index.ticks, tick)
        if at < len(index.ticks) and index.ticks[at] == tick:
            numbers.append(at)
    return numbers or [0]


def _nearest(keys: Sequence[int], index: VideoIndex, tick: int) -> int:
    at = bisect_left(keys, tick, key=lambda number: index.ticks[number])
    around = keys[max(0, at - 1) : at + 1]
    return min(around, key=lambda number: abs(index.ticks[number] - tick))


def _distinct(numbers: Iterable[int]) -> list[int]:
    return sorted(set(numbers))
