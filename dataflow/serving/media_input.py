"""Videos as servings hand them to models: frames with their times, or whole."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import TYPE_CHECKING

from dataflow.core import MediaError, VideoPart

if TYPE_CHECKING:
    from dataflow.media.video import VideoFrames

LARGEST_VIDEO = 200 * 2**20


async def frames(part: VideoPart, max_side: int) -> VideoFrames:
    """The frames of a video by its plan, as JPEG files within `max_side` pixels.

    Raises:
        MediaError: the video is missing, broken or over a limit.
    """
    from dataflow.media.frames import video_frames
    from dataflow.media.plan import parse_plan

    return await video_frames(Path(part.source), parse_plan(part.sampling), max_side=max_side)


def whole_video(source: str) -> tuple[str, bytes]:
    """The type and the bytes of a video file. Blocking.

    Raises:
        MediaError: it is missing, no video by its content, or too large to send whole.
    """
    from dataflow.media.content import check_moving
    from dataflow.media.files import open_regular

    check_moving(Path(source))
    with open_regular(source) as file:
        data = file.read(LARGEST_VIDEO + 1)
    if len(data) > LARGEST_VIDEO:
        raise MediaError(f"{source} is too large to send whole (limit {LARGEST_VIDEO:,} bytes); use video_as='frames'")
    return mimetypes.guess_type(source)[0] or "video/mp4", data
