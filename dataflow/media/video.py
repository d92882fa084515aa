"""Frames of a video by a sampling plan, exact and with their true times."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dataflow.core.errors import MediaError
from dataflow.media.plan import Plan
from dataflow.media.sampling import choose_frames

if TYPE_CHECKING:
    from dataflow.media.frame_encode import Encoding, FrameEncoder
    from dataflow.media.video_index import VideoIndex


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of a video.

    Args:
        time: when it is first shown, in seconds from the first frame.
        index: its number in display order, from 0.
        data: the bytes of a JPEG file, or an array (height, width, 3) of uint8 in RGB.
        width: pixels.
        height: pixels.
    """

    time: float
    index: int
    data: Any
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class VideoFrames:
    """What a plan took from a video.

    Args:
        frames: in display order.
        duration: of the video, seconds.
        fps: its average rate, frames per second.
        total_frames: how many it has.
        width: pixels as displayed, of the first frame.
        height: pixels as displayed.
        notes: what is odd about the file, one sentence each.
    """

    frames: tuple[Frame, ...]
    duration: float
    fps: float
    total_frames: int
    width: int
    height: int
    notes: tuple[str, ...] = ()


def read_frames(
    path: Path,
    plan: Plan,
    max_side: int = 448,
    max_pixels: int | None = None,
    encode: Encoding = "jpeg",
    quality: int = 85,
    max_video_pixels: int | None = None,
) -> VideoFrames:
    """Decode the frames that a plan takes.

    Blocking, and trusting the decoder: hostile files belong into `dataflow.media.frames`, which runs this in a process
    of its own.

    Args:
        path: the video.
        plan: which frames.
        max_side: the longer side of a frame at most, in pixels; frames are never enlarged.
        max_pixels: the area of a frame at most; given, sides are multiples of 28 (Qwen's rule).
        encode: `jpeg` for bytes, `rgb` for arrays (height, width, 3).
        quality: of JPEG, 1 to 100.
        max_video_pixels: the area of all frames together at most, shared out evenly.

    Raises:
        MediaError: the file is missing, no video, or not one wanted frame decodes.
    """
    from dataflow.media.frame_encode import FrameEncoder, told_sizes
    from dataflow.media.video_decode import frames_at
    from dataflow.media.video_scan import index_of

    path = Path(path)
    index = index_of(path)
    notes = list(index.notes)
    chosen = _choose(path, plan, index)
    if max_video_pixels:
        share = max_video_pixels // len(chosen)
        max_pixels = min(max_pixels or share, share)
    encoder = FrameEncoder(max_side, max_pixels, encode, quality, index.pixel_aspect)
    wanted = {index.ticks[number] for number in chosen}
    frames = _take(frames_at(path, index, wanted), index, encoder)
    if len(frames) < len(chosen):
        promised = len(index.ticks)
        index, frames = _take_what_decodes(path, plan, index, encoder)
        notes.append(f"{promised - len(index.ticks)} of its {promised} frames cannot be decoded and were left out")
    if encoder.corrupt:
        notes.append(f"{encoder.corrupt} of the {len(frames)} frames decoded with errors")
    notes += told_sizes(encoder.shown_sizes)
    size = next(iter(encoder.shown_sizes))
    return VideoFrames(tuple(frames), index.duration, index.fps, len(index.ticks), *size, notes=tuple(notes))


def _take_what_decodes(
    path: Path, plan: Plan, index: VideoIndex, encoder: FrameEncoder
) -> tuple[VideoIndex, list[Frame]]:
    """The plan over again, on the frames that really decode: for a damaged file."""
    from dataflow.media.video_decode import decodable_ticks, from_the_start

    index = index.only(decodable_ticks(path, index))
    if not index.ticks:
        raise MediaError(f"{path}: not one frame of it can be decoded")
    encoder.corrupt = 0
    encoder.shown_sizes.clear()
    wanted = {index.ticks[number] for number in _choose(path, plan, index)}
    return index, _take(from_the_start(path, wanted, index), index, encoder)


def planned_frames(path: Path, plan: Plan) -> list[tuple[int, float]]:
    """Which frames a plan takes, as (number, seconds), without decoding them; a `Shots` plan looks for shots.

    Args:
        path: the video.
        plan: which frames.

    Raises:
        MediaError: the file is missing, or no video.
    """
    from dataflow.media.video_scan import index_of

    index = index_of(Path(path))
    return [(number, index.seconds(index.ticks[number])) for number in _choose(Path(path), plan, index)]


def _take(found: Iterable[tuple[int, Any]], index: VideoIndex, encoder: FrameEncoder) -> list[Frame]:
    frames = []
    for tick, picture in found:
        data, width, height = encoder(picture)
        frames.append(Frame(index.seconds(tick), index.frame_at(tick), data, width, height))
    return sorted(frames, key=lambda frame: frame.index)


def _choose(path: Path, plan: Plan, index: VideoIndex) -> list[int]:
    def shots() -> list[tuple[float, float]]:
        from dataflow.media.shots import detect_shots

        return [(shot.start, shot.end) for shot in detect_shots(path).shots]

    return choose_frames(plan, index, shots)
