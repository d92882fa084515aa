"""How a video changes from frame to frame, as numbers: what of a picture changed, and how its colours changed.

Two distances with opposite blind spots. The pixel distance sees everything, motion too. The colour distance compares
the sorted values of each channel, which is the Wasserstein-1 distance of the histograms (Rubner, Tomasi and Guibas,
"The Earth Mover's Distance as a Metric for Image Retrieval", 2000): what only moves within the picture leaves it at 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np

WIDTH, HEIGHT = 64, 36
"""The size at which frames are compared, in pixels."""

_QUANTILES = 36


class Signals:
    """Distances between the frames of a run of a video.

    Args:
        frames: array (frames, HEIGHT, WIDTH, 3) of uint8.
    """

    def __init__(self, frames: Any) -> None:
        self.frames = frames
        self.count = len(frames)
        self.quantiles = quantiles(frames)
        self.pixel_steps = np.zeros(self.count, np.float32)
        self.changed_steps = np.zeros(self.count, np.float32)
        for at in range(1, self.count):
            change = np.abs(frames[at].astype(np.int16) - frames[at - 1])
            self.pixel_steps[at] = change.mean()
            self.changed_steps[at] = (change.max(axis=2) > 16).mean()
        self.colour_steps = np.zeros(self.count, np.float32)
        if self.count > 1:
            self.colour_steps[1:] = np.abs(np.diff(self.quantiles, axis=0)).mean(axis=1)

    def pixel_distance(self, one: int, other: int) -> float:
        """How far the pixels of two frames are apart, in levels of 0 to 255."""
        return float(np.abs(self.frames[one].astype(np.int16) - self.frames[other]).mean())


def quantiles(frames: Any) -> Any:
    """The colours of each frame as sorted values of red, green, blue and of red minus blue: (frames, 4 * quantiles).

    The last one tells frames apart that have the same values in each channel in another combination.
    """
    count = len(frames)
    pixels = frames.reshape(count, -1, 3)
    step = pixels.shape[1] // _QUANTILES
    rows = np.empty((count, 4, _QUANTILES), np.float32)
    for at in range(count):
        picture = pixels[at].astype(np.int16)
        channels = np.stack([picture[:, 0], picture[:, 1], picture[:, 2], (picture[:, 0] - picture[:, 2]) // 2])
        channels.sort(axis=1)
        rows[at] = channels[:, : step * _QUANTILES].reshape(4, _QUANTILES, step).mean(axis=2)
    return rows.reshape(count, -1)


def explained_by_shift(before: Any, after: Any, reach: int) -> float:
    """The pixel distance that remains when one picture is moved over the other, as a share of what there was.

    Args:
        before: array (HEIGHT, WIDTH, 3).
        after: the same.
        reach: pixels to each side that are tried.
    """
    old, new = before[::2, ::2].astype(np.int16), after[::2, ::2].astype(np.int16)
    plain = np.abs(old - new).mean() + 1e-6
    height, width = old.shape[:2]
    best = plain
    for dy in range(-reach // 2, reach // 2 + 1):
        for dx in range(-reach, reach + 1):
            inner_new = new[max(0, dy) : height + min(0, dy), max(0, dx) : width + min(0, dx)]
            inner_old = old[max(0, -dy) : height + min(0, -dy), max(0, -dx) : width + min(0, -dx)]
            best = min(best, np.abs(inner_new - inner_old).mean())
    return float(best / plain)
