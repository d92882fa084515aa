"""Every frame of a video, small and in RGB, for looking at how it changes: one decode, nothing kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter

from dataflow.media.orientation import orientation
from dataflow.media.video_file import open_video
from dataflow.media.video_index import VideoIndex, decode_all
from dataflow.media.webp_clip import is_webp, small_webp_frames

# Decoders that leave out pictures no other refers to, reliably. It blurs times by a frame or two, so only where there
# is much to decode and a frame is short.
_LEAN = ("h264", "hevc")
_LEAN_SECONDS = 60.0
_LEAN_FPS = 20.0


def small_frames(path: Path, index: VideoIndex, width: int, height: int) -> Iterator[tuple[float, Any]]:
    """The frames of a video as (seconds from its first frame, array (height, width, 3) of uint8), upright.

    Args:
        path: the video.
        index: its index.
        width: pixels, as displayed.
        height: pixels, as displayed.
    """
    if is_webp(path):
        yield from small_webp_frames(path, index, width, height)
        return
    lean = index.duration > _LEAN_SECONDS and index.fps >= _LEAN_FPS
    shown = set(index.ticks)
    scaler = VideoReformatter()
    upright = None
    with open_video(path) as (container, stream):
        if lean and stream.codec_context.codec.canonical_name in _LEAN and not index.numbered:
            stream.codec_context.skip_frame = "NONREF"
        for number, frame in enumerate(decode_all(container, stream, index)):
            tick = index.tick_of(number, frame)
            if tick not in shown:
                continue
            if upright is None:
                # once per video: asking PyAV for side data ties a frame into a cycle, which keeps it in memory
                upright = orientation(frame)
            size = (height, width) if upright.sideways else (width, height)
            small = scaler.reformat(frame, *size, "rgb24", interpolation=Interpolation.AREA, threads=1)
            yield index.seconds(tick), np.ascontiguousarray(upright.apply(small.to_ndarray()))
