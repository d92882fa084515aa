"""What the decoder processes are asked to do, with arguments and results as plain values."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from dataflow.media.plan import parse_plan
from dataflow.media.probe import MediaInfo, probe
from dataflow.media.video import Frame, VideoFrames, planned_frames, read_frames


def read_frames_job(path: str, plan: str, options: dict[str, Any]) -> dict[str, Any]:
    """`read_frames` for the pool."""
    video = read_frames(Path(path), parse_plan(plan), **options)
    frames = [[frame.time, frame.index, frame.data, frame.width, frame.height] for frame in video.frames]
    head = {name: getattr(video, name) for name in VideoFrames.__dataclass_fields__ if name != "frames"}
    return {**head, "frames": frames}


def to_video_frames(result: dict[str, Any]) -> VideoFrames:
    """The result of `read_frames_job` as a value again."""
    frames = tuple(Frame(*frame) for frame in result["frames"])
    return VideoFrames(**{**result, "frames": frames, "notes": tuple(result["notes"])})


def planned_frames_job(path: str, plan: str) -> list[tuple[int, float]]:
    """`planned_frames` for the pool."""
    return planned_frames(Path(path), parse_plan(plan))


def probe_job(path: str) -> dict[str, Any]:
    """`probe` for the pool."""
    return asdict(probe(Path(path)))


def to_media_info(result: dict[str, Any]) -> MediaInfo:
    """The result of `probe_job` as a value again."""
    return MediaInfo(**{**result, "notes": tuple(result["notes"])})
