"""Which frames are shown where a video has more than a model's context holds: spread evenly over clips and frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from dataflow.media.sampling import thin_out

T = TypeVar("T")


def spread(clips: Sequence[Sequence[T]], budget: int) -> list[list[T]]:
    """The frames to show of each clip, at most `budget` in all.

    Every clip keeps as many as every other, or all it has; what is left over goes to clips spread evenly over the
    video. With more clips than the budget, clips spread evenly keep their middle frame.
    """
    shares = _shares([len(frames) for frames in clips], budget)
    return [thin_out(frames, share) if share else [] for frames, share in zip(clips, shares, strict=True)]


def _shares(counts: Sequence[int], budget: int) -> list[int]:
    """How many frames of each clip are shown."""
    shares = [0] * len(counts)
    left = budget
    while left and (wanting := [at for at, count in enumerate(counts) if count > shares[at]]):
        chosen = thin_out(wanting, left)
        for at in chosen:
            shares[at] += 1
        left -= len(chosen)
    return shares
