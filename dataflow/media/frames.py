"""Frames and facts of videos for the running system: decoded in the pool's processes, kept for the next operator."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from dataflow.media.byte_cache import ByteCache
from dataflow.media.files import check_regular
from dataflow.media.plan import Plan, parse_plan
from dataflow.media.pool import run_isolated
from dataflow.media.video import VideoFrames

if TYPE_CHECKING:
    from dataflow.media.frame_encode import Encoding
    from dataflow.media.probe import MediaInfo


def frame_bytes(video: VideoFrames) -> int:
    """The bytes of a video's frames."""
    return sum(getattr(frame.data, "nbytes", None) or len(frame.data) for frame in video.frames) + 1


CACHE = ByteCache(max_bytes=64 * 2**20, size=frame_bytes)
"""The frames of this process. 64 MB hold some 80 videos of 16 JPEG frames, more than a window has in flight at once."""


async def video_frames(
    path: str | Path,
    plan: Plan | str,
    *,
    max_side: int = 448,
    max_pixels: int | None = None,
    max_video_pixels: int | None = None,
    encode: Encoding = "jpeg",
    quality: int = 85,
    timeout: float = 120.0,
    memory_mb: int = 2048,
) -> VideoFrames:
    """The frames that a plan takes from a video; see `dataflow.media.video.read_frames` for the arguments.

    Args:
        path: the video.
        plan: which frames.
        max_side: the longer side of a frame at most, in pixels.
        max_pixels: the area of a frame at most.
        max_video_pixels: the area of all frames together at most.
        encode: `jpeg` or `rgb`.
        quality: of JPEG, 1 to 100.
        timeout: seconds that decoding may take.
        memory_mb: megabytes that decoding may take.

    Raises:
        MediaError: the video is missing, broken, or crashed, hung or bloated its decoder.
        UsageError: the text names no plan.
    """
    plan = parse_plan(plan) if isinstance(plan, str) else plan
    path = Path(path).absolute()
    status = check_regular(path)
    options: dict[str, Any] = {
        "max_side": max_side,
        "max_pixels": max_pixels,
        "max_video_pixels": max_video_pixels,
        "encode": encode,
        "quality": quality,
    }

    async def decode() -> VideoFrames:
        from dataflow.media.jobs import read_frames_job, to_video_frames

        job = (str(path), str(plan), options)
        return to_video_frames(
            await run_isolated(read_frames_job, *job, timeout=timeout, memory_mb=memory_mb, subject=str(path))
        )

    key = (path, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, plan, *options.values())
    return await CACHE.get(key, decode)


async def frame_numbers(
    path: str | Path, plan: Plan, *, timeout: float = 120.0, memory_mb: int = 2048
) -> list[tuple[int, float]]:
    """Which frames a plan takes, as (number, seconds); see `dataflow.media.video.planned_frames`.

    Args:
        path: the video.
        plan: which frames.
        timeout: seconds that looking may take.
        memory_mb: megabytes that looking may take.

    Raises:
        MediaError: the file is missing, or no video.
    """
    from dataflow.media.jobs import planned_frames_job

    job = (str(Path(path).absolute()), str(plan))
    found = await run_isolated(planned_frames_job, *job, timeout=timeout, memory_mb=memory_mb, subject=str(path))
    return [(number, seconds) for number, seconds in found]


async def media_info(path: str | Path, *, timeout: float = 120.0, memory_mb: int = 2048) -> MediaInfo:
    """What is in an image or video file; see `dataflow.media.probe.probe`.

    Args:
        path: the file.
        timeout: seconds that looking may take.
        memory_mb: megabytes that looking may take.

    Raises:
        MediaError: the file is missing, broken, or neither an image nor a video.
    """
    from dataflow.media.jobs import probe_job, to_media_info

    check_regular(path)
    where = str(Path(path).absolute())
    return to_media_info(await run_isolated(probe_job, where, timeout=timeout, memory_mb=memory_mb, subject=str(path)))
