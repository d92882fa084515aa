"""A video cut at its shots, with frames of every shot: shots are looked for once, frames decoded once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dataflow.media.files import check_regular
from dataflow.media.plan import Moments, Plan, Shots, parse_plan
from dataflow.media.sampling import thin_out

SECONDS_ALLOWED = 600.0
"""Looking for shots decodes the whole video: a minute of CPU takes some ten minutes of film."""

_SLACK = 1e-6
"""Seconds by which a time may differ from itself after a division."""


@dataclass(frozen=True, slots=True)
class VideoClip:
    """One shot of a video.

    Args:
        start: seconds from the first frame of the video.
        end: seconds.
        times: of its frames, seconds.
        frames: JPEG files.
    """

    start: float
    end: float
    times: tuple[float, ...]
    frames: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class VideoClips:
    """A video as its shots.

    Args:
        clips: in order, without gaps.
        duration: seconds.
        audio: whether there is a sound track.
        notes: what is odd about the file, one sentence each.
    """

    clips: tuple[VideoClip, ...]
    duration: float
    audio: bool
    notes: tuple[str, ...]


async def video_clips(path: str | Path, plan: str, *, max_side: int = 448) -> VideoClips:
    """The shots of a video with the frames that a plan takes; a shot without any has its middle frame.

    Args:
        path: the video.
        plan: which frames.
        max_side: the longer side of a frame at most, in pixels.

    Raises:
        MediaError: the video is missing, broken, or crashed, hung or bloated its decoder.
        UsageError: the text names no plan.
    """
    from dataflow.media.pool import run_isolated

    parse_plan(plan)
    check_regular(path)
    where = str(Path(path).absolute())
    found = await run_isolated(read_clips_job, where, plan, max_side, timeout=SECONDS_ALLOWED, subject=str(path))
    clips = tuple(VideoClip(start, end, tuple(times), tuple(frames)) for start, end, times, frames in found["clips"])
    return VideoClips(clips, found["duration"], found["audio"], tuple(found["notes"]))


def read_clips_job(path: str, plan: str, max_side: int) -> dict[str, Any]:
    """`video_clips` for the pool. Blocking."""
    from dataflow.media.probe import probe
    from dataflow.media.shots import detect_shots
    from dataflow.media.video import read_frames

    spans = [(shot.start, shot.end) for shot in detect_shots(path).shots]
    times = moments(parse_plan(plan), spans, Path(path))
    video = read_frames(Path(path), Moments(tuple(times)), max_side=max_side)
    clips: list[list[Any]] = [[start, end, [], []] for start, end in spans]
    for frame in video.frames:
        clip = clips[_span_at([start for start, _ in spans], frame.time)]
        clip[2].append(frame.time)
        clip[3].append(frame.data)
    return {
        "clips": clips,
        "duration": video.duration,
        "audio": probe(Path(path)).audio,
        "notes": list(video.notes),
    }


def moments(plan: Plan, spans: Sequence[tuple[float, float]], path: Path) -> list[float]:
    """The times of the frames that a plan takes, in seconds, and the middle of every shot that it leaves out."""
    if isinstance(plan, Shots):
        parts = 2 * plan.per_shot
        within = [
            start + (2 * part + 1) * (end - start) / parts for start, end in spans for part in range(plan.per_shot)
        ]
        times = thin_out(within, plan.max_frames)
    else:
        from dataflow.media.video import planned_frames

        times = [seconds for _, seconds in planned_frames(path, plan)]
    starts = [start for start, _ in spans]
    seen = {_span_at(starts, time) for time in times}
    missing = [(start + end) / 2 for at, (start, end) in enumerate(spans) if at not in seen]
    return sorted([*times, *missing])


def _span_at(starts: Sequence[float], time: float) -> int:
    return max(0, bisect_right(starts, time + _SLACK) - 1)
