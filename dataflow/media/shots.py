"""Where the shots of a video begin and end: hard cuts, fades through black or white, and dissolves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import numpy as np

from dataflow.core.errors import MediaError
from dataflow.media.shot_cuts import find_cuts
from dataflow.media.shot_dissolves import find_dissolves, soften
from dataflow.media.shot_fades import find_fades
from dataflow.media.shot_frames import small_frames
from dataflow.media.shot_signals import HEIGHT, WIDTH, Signals
from dataflow.media.video_scan import index_of

Kind = Literal["cut", "fade", "dissolve"]

_RUN, _OVERLAP = 6000, 300
"""Frames looked at together, and how many of them again with the next run, so that memory stays flat."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A run of frames from one camera: start and end in seconds from the first frame."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Transition:
    """The passage from one shot to the next.

    Args:
        time: seconds at which the new shot counts as begun: its first frame, or the middle of a gradual passage.
        kind: `cut`, `fade` (through black or white) or `dissolve`.
        start: seconds at which the passage begins; for a cut, `time`.
        end: seconds at which it is complete; for a cut, `time`.
    """

    time: float
    kind: Kind
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class ShotScan:
    """The shots of a video and what joins them.

    Args:
        shots: at least one, in order, without gaps.
        transitions: one between each two shots.
        fade_in: seconds for which the video comes up from black or white at its start; 0 for none.
        fade_out: seconds for which it goes down to black or white at its end; 0 for none.
    """

    shots: tuple[Shot, ...]
    transitions: tuple[Transition, ...]
    fade_in: float = 0.0
    fade_out: float = 0.0


class ShotDetector:
    """Finds the transitions of a video whose frames are handed in one after the other."""

    def __init__(self) -> None:
        self._times: list[float] = []
        self._frames: list[Any] = []
        self._found: list[Transition] = []
        self._fade_in = self._fade_out = 0.0
        self._first = True

    def add(self, time: float, frame: Any) -> None:
        """Take the next frame.

        Args:
            time: seconds from the first frame.
            frame: array (HEIGHT, WIDTH, 3) of uint8.
        """
        self._times.append(time)
        self._frames.append(frame)
        if len(self._frames) >= _RUN:
            self._look(last=False)
            del self._times[:-_OVERLAP], self._frames[:-_OVERLAP]

    def finish(self, duration: float) -> ShotScan:
        """The shots, when all frames have been taken; `duration` in seconds."""
        if self._frames:
            self._look(last=True)
        marks = [0.0, *(transition.time for transition in self._found), duration]
        shots = tuple(Shot(start, end) for start, end in pairwise(marks))
        return ShotScan(shots, tuple(self._found), self._fade_in, self._fade_out)

    def _look(self, last: bool) -> None:
        times = self._times
        scan = find_transitions(times, np.stack(self._frames))
        # what lies in the second half of the overlap is seen better by the next run
        until = np.inf if last else times[-_OVERLAP // 2]
        since = self._found[-1].end if self._found else -1.0
        self._found += [passage for passage in scan.transitions if since < passage.start and passage.time <= until]
        if self._first:
            self._fade_in = scan.fade_in
        if last:
            self._fade_out = scan.fade_out
        self._first = False


def detect_shots(path: Path | str) -> ShotScan:
    """The shots of a video file. Blocking: it decodes the whole file once.

    Raises:
        MediaError: the file is missing, no video, or not one frame of it can be decoded.
    """
    path = Path(path)
    index = index_of(path)
    detector = ShotDetector()
    seen = False
    for time, frame in small_frames(path, index, WIDTH, HEIGHT):
        detector.add(time, frame)
        seen = True
    if not seen:
        raise MediaError(f"{path}: not one frame of it can be decoded")
    return detector.finish(index.duration)


def find_transitions(times: Sequence[float], frames: Any) -> ShotScan:
    """The transitions in a run of frames; its shots are left empty.

    Args:
        times: seconds, one per frame, rising.
        frames: array (frames, HEIGHT, WIDTH, 3) of uint8.
    """
    signals = Signals(frames)
    step = (times[-1] - times[0]) / max(1, len(times) - 1)
    fades = find_fades(signals, step)
    cuts = [cut for cut in find_cuts(signals) if not any(fade.start < cut <= fade.end for fade in fades.spans)]
    soft, cuts = soften(signals, cuts)
    taken = sorted(
        [(cut, cut) for cut in cuts]
        + [(fade.start, fade.end) for fade in fades.spans]
        + [(start, end) for start, _, end in soft]
    )
    found = [Transition(times[cut], "cut", times[cut], times[cut]) for cut in cuts]
    found += [Transition(times[fade.at], "fade", times[fade.start], times[fade.end]) for fade in fades.between]
    for start, middle, end in [*soft, *find_dissolves(signals, taken, step)]:
        found.append(Transition(times[middle], "dissolve", times[start], times[end]))
    found.sort(key=lambda transition: transition.time)
    return ShotScan((), tuple(found), fades.seconds_in(times), fades.seconds_out(times))
