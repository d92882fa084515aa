"""What the page has the decoder processes do: posters, frames at given times."""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path

from dataflow.core.errors import MediaError


def poster_job(path: str, max_side: int) -> bytes:
    """A frame from the middle of a video as a JPEG."""
    from dataflow.media.plan import parse_plan
    from dataflow.media.video import read_frames

    return bytes(read_frames(Path(path), parse_plan("uniform:1"), max_side=max_side).frames[0].data)


def frames_job(path: str, times: list[float], max_side: int) -> list[bytes]:
    """The frames on the screen at these times, in seconds from the first frame, as JPEGs.

    Raises:
        MediaError: a frame does not decode.
    """
    from dataflow.media.frame_encode import FrameEncoder
    from dataflow.media.video_decode import frames_at
    from dataflow.media.video_scan import index_of

    video = Path(path)
    index = index_of(video)
    starts = [index.seconds(tick) for tick in index.ticks]
    # A time in the trace is the rounded start of its frame: half a millisecond keeps it from being the frame before.
    wanted = [index.ticks[max(0, bisect_right(starts, time + 0.0005) - 1)] for time in times]
    encoder = FrameEncoder(max_side, None, "jpeg", 85, index.pixel_aspect)
    pictures = {tick: encoder(frame)[0] for tick, frame in frames_at(video, index, set(wanted))}
    if not pictures:
        raise MediaError(f"{path}: not one of these frames can be decoded")
    return [pictures.get(tick, b"") for tick in wanted]


def warm_job() -> bool:
    """Import what the first pictures need, so that they do not wait for it."""
    from dataflow.media import frame_encode, image, image_decode, video, video_decode, video_scan

    return all((frame_encode, image, image_decode, video, video_decode, video_scan))
