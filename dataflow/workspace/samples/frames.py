"""Frames cut from the sample clips, for the datasets whose rows hold frames instead of videos."""

from __future__ import annotations

from pathlib import Path

import av
from PIL import Image

# Clip and second: two moments of each shot of sample1.mp4, of the card and of the moving shot of sample2.mp4.
MOMENTS = (
    *(("sample1", second) for second in (0.5, 1.5, 2.5, 3.5, 4.5, 5.5)),
    *(("sample2", second) for second in (0.5, 1.5, 2.5, 4.5)),
)
SIZE = (320, 180)


def frame_name(clip: str, second: float) -> str:
    """The file name of a frame, such as `sample1_0.5s.jpg`."""
    return f"{clip}_{second}s.jpg"


def cut_frames(videos: Path, folder: Path) -> None:
    """Write the frame of every moment in MOMENTS as a JPEG of SIZE pixels."""
    for clip, second in MOMENTS:
        frame_at(videos / f"{clip}.mp4", second).resize(SIZE).save(folder / frame_name(clip, second), quality=88)


def frame_at(video: Path, second: float) -> Image.Image:
    """The first frame of a video at or after a time in seconds.

    Raises:
        ValueError: the video ends before that time.
    """
    with av.open(str(video)) as container:
        for frame in container.decode(video=0):
            if frame.time is not None and frame.time >= second:
                return Image.fromarray(frame.to_ndarray(format="rgb24"))
    raise ValueError(f"{video} ends before {second} s")
