"""Measures a video: one decode for its shots, their colours, their light and what moves in them."""

from __future__ import annotations

from itertools import pairwise
from math import atan2, degrees, hypot
from pathlib import Path
from typing import Any

import av
import numpy as np

from dataflow.core.errors import MediaError
from dataflow.media.frame_encode import display_size
from dataflow.media.orientation import orientation
from dataflow.media.shot_frames import small_frames
from dataflow.media.shot_signals import HEIGHT, WIDTH
from dataflow.media.shots import ShotDetector, ShotScan
from dataflow.media.video_file import open_video
from dataflow.media.video_index import VideoIndex, decode_all
from dataflow.media.video_scan import index_of
from dataflow.media.webp_clip import is_webp, webp_size
from dataflow.serving.embedded.colours import name_of, patches
from dataflow.serving.embedded.facts import Colour, Entry, Movement, ShotFacts, Sound, Stir, VideoFacts, to_plain
from dataflow.serving.embedded.motion import Mover, find_movers

_SIDE = 128
"""The longer side of the frames that are measured, in pixels."""

_MOST_FRAMES = 1200
"""Frames kept; of longer videos every second one, every fourth one, ..."""

_PER_SHOT = 40
_LONGEST_GAP = 0.5
"""Frames by which a shot is judged; seconds between two of them beyond which motion cannot be followed."""

_LISTENED = 60.0
_AUDIBLE = 1e-3
"""Seconds of sound that are listened to, and the peak amplitude that counts as heard (-60 dB of full scale)."""

DIRECTIONS = (
    "from left to right", "towards the lower right", "downwards", "towards the lower left",
    "from right to left", "towards the upper left", "upwards", "towards the upper right",
)  # fmt: skip
"""Clockwise from the right, as y points down."""

_CODECS = {"h264": "H.264", "hevc": "HEVC", "vp8": "VP8", "vp9": "VP9", "av1": "AV1", "mpeg4": "MPEG-4", "gif": "GIF"}


def measure_video(path: str) -> dict[str, Any]:
    """The facts of a video, as the plain values of `facts.to_plain`.

    Blocking, and trusting the decoder: call it through `dataflow.media.pool.run_isolated`.

    Raises:
        MediaError: the file is missing, no video, or not one frame of it can be decoded.
    """
    file = Path(path)
    index = index_of(file)
    webp = is_webp(file)
    size, codec = (webp_size(file), "WebP") if webp else _size_and_codec(file, index)
    kept, shots = _look(file, index, size)
    facts = VideoFacts(
        round(index.duration, 2),
        *size,
        round(index.fps, 2),
        codec,
        "none" if webp else _sound(file),
        _shots(kept, shots, size[0], index),
        round(shots.fade_in, 2),
        round(shots.fade_out, 2),
    )
    return to_plain(facts)


def _size_and_codec(path: Path, index: VideoIndex) -> tuple[tuple[int, int], str]:
    with open_video(path) as (container, stream):
        first = next(decode_all(container, stream), None)
        if first is None:
            raise MediaError(f"{path}: not one frame of it can be decoded")
        name = stream.codec_context.codec.canonical_name
        return display_size(first, index.pixel_aspect, orientation(first)), _CODECS.get(name, name.upper())


def _look(path: Path, index: VideoIndex, size: tuple[int, int]) -> tuple[list[tuple[float, Any]], ShotScan]:
    """The frames to measure, as (seconds, array), and the shots."""
    shrink = min(1.0, _SIDE / max(size))
    width, height = (max(8, round(side * shrink)) for side in size)
    across, down = _averaging(width, WIDTH), _averaging(height, HEIGHT)
    detector = ShotDetector()
    kept: list[tuple[float, Any]] = []
    stride = 1
    for number, (time, frame) in enumerate(small_frames(path, index, width, height)):
        lines = (down @ frame.reshape(height, -1).astype(np.float32)).reshape(HEIGHT, width, 3)
        tiny = across @ lines
        detector.add(time, (tiny + 0.5).astype(np.uint8))
        if number % stride == 0:
            kept.append((time, frame))
            if len(kept) > _MOST_FRAMES:
                kept, stride = kept[::2], stride * 2
    if not kept:
        raise MediaError(f"{path}: not one frame of it can be decoded")
    return kept, detector.finish(index.duration)


def _averaging(size: int, target: int) -> Any:
    """The matrix (target, size) that resamples a line by the means of equal parts."""
    edges = np.arange(target + 1) * size / target
    pixels = np.arange(size)
    overlap = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    weights = np.clip(overlap, 0, None).astype(np.float32)
    return weights / weights.sum(axis=1, keepdims=True)


def _shots(kept: list[tuple[float, Any]], shots: ShotScan, width: int, index: VideoIndex) -> tuple[ShotFacts, ...]:
    entries: list[Entry] = ["start", *(transition.kind for transition in shots.transitions)]
    clear = [shots.fade_in, *(transition.end for transition in shots.transitions)]
    until = [*(transition.start for transition in shots.transitions), index.duration - shots.fade_out]
    facts = []
    for shot, entry, first, last in zip(shots.shots, entries, clear, until, strict=True):
        # a gradual passage shows both shots at once: only what lies between two of them is this shot alone
        inside = [(time, frame) for time, frame in kept if first - 1e-6 <= time < last - 1e-6]
        if not inside:
            middle = (shot.start + shot.end) / 2
            inside = [min(kept, key=lambda one: abs(one[0] - middle))]
        facts.append(_shot(shot.start, shot.end, entry, inside, width))
    return tuple(facts)


def _shot(start: float, end: float, entry: Entry, inside: list[tuple[float, Any]], width: int) -> ShotFacts:
    picks = np.unique(np.linspace(0, len(inside) - 1, min(len(inside), 9)).round().astype(int))
    pixels = np.concatenate([inside[pick][1].reshape(-1, 3) for pick in picks])
    colours = tuple(
        Colour(patch.name, percent) for patch in patches(pixels)[:4] if (percent := round(100 * patch.share)) >= 3
    )
    luma = float(pixels.mean(axis=0) @ np.array([0.299, 0.587, 0.114])) / 255
    stir, movements = _motion(inside, width)
    return ShotFacts(round(start, 2), round(end, 2), entry, colours, round(100 * luma), stir, movements)


def _motion(inside: list[tuple[float, Any]], width: int) -> tuple[Stir, tuple[Movement, ...]]:
    frames, seconds = _evenly(inside)
    if len(frames) < 2:
        return "unmeasured", ()
    stirring = find_movers(frames, seconds)
    if not stirring.changes:
        return "still", ()
    if seconds > _LONGEST_GAP:
        return "changing", ()
    scale = width / frames.shape[2]
    movements = [_movement(mover, width, scale) for mover in stirring.movers]
    told = {movement.colour: movement for movement in reversed(movements)}
    return ("moving" if told else "changing"), tuple(movement for movement in movements if movement in told.values())


def _evenly(inside: list[tuple[float, Any]]) -> tuple[Any, float]:
    """Frames at even times, as one array of float32, and the seconds between them."""
    times = np.array([time for time, _ in inside])
    if len(times) < 2:
        return np.stack([frame for _, frame in inside]).astype(np.float32), 0.0
    usual = float(np.median([after - before for before, after in pairwise(times)]))
    stride = max(1, -(-len(times) // _PER_SHOT))
    seconds = max(usual, 1e-3) * stride
    wanted = np.arange(times[0], times[-1] + usual / 2, seconds)
    nearest = np.abs(times[None, :] - wanted[:, None]).argmin(axis=1)
    return np.stack([inside[at][1] for at in nearest]).astype(np.float32), seconds


def _movement(mover: Mover, width: int, scale: float) -> Movement:
    velocity = mover.velocity
    eighth = round(degrees(atan2(velocity.y, velocity.x)) / 45) % 8
    pixels = hypot(velocity.x, velocity.y) * scale
    colour = "" if mover.rgb is None else name_of(*mover.rgb)
    return Movement(colour, DIRECTIONS[eighth], float(f"{pixels / width:.2g}"), round(pixels), mover.area == 1.0)


def _sound(path: Path) -> Sound:
    """Whether there is a sound track, and whether anything is heard on it in the first minute."""
    with av.open(f"file:{path.absolute()}", metadata_errors="replace") as container:
        if not container.streams.audio:
            return "none"
        try:
            for frame in container.decode(audio=0):
                samples = frame.to_ndarray()
                full = float(2 ** (8 * samples.dtype.itemsize - 1)) if samples.dtype.kind in "iu" else 1.0
                middle = full if samples.dtype.kind == "u" else 0.0
                if np.abs(samples.astype(np.float64) - middle).max(initial=0.0) > _AUDIBLE * full:
                    return "audible"
                if (frame.time or 0.0) > _LISTENED:
                    break
        except av.FFmpegError:
            return "audible"  # a damaged track is a track; that it is silent cannot be claimed
    return "silent"
