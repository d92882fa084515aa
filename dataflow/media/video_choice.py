"""Which of several video streams of a file is taken: the one that a player shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from av.error import FFmpegError
from av.stream import Disposition

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

_NO_VIDEO = Disposition.attached_pic | Disposition.timed_thumbnails

_LOOKED_AT = 500
"""Packets of video among which streams are looked for that hold more than one picture."""


def moving_pictures(container: InputContainer) -> list[VideoStream]:
    """The video streams that are no cover picture and no thumbnails, in the order of the file."""
    return [stream for stream in container.streams.video if not stream.disposition & _NO_VIDEO]


def chosen_stream(container: InputContainer, streams: list[VideoStream]) -> VideoStream:
    """The stream that FFmpeg's players would show; see `docs/inputs.md`. Packets of the container are used up.

    Args:
        container: the file, from which nothing was read yet.
        streams: those that can be decoded, in the order of the file; more than one.
    """
    best = container.streams.best("video")
    if best not in streams:
        best = max(streams, key=lambda one: bool(one.disposition & Disposition.default))
    seen = dict.fromkeys([stream.index for stream in streams], 0)
    try:
        for number, packet in enumerate(container.demux(streams)):
            seen[packet.stream.index] += bool(packet.size)
            if seen[best.index] > 1 or number > _LOOKED_AT:
                break
    except FFmpegError:
        pass  # it is for whoever reads it to the end to tell
    # the first of those with the most: a stream that is empty or a single picture is shown only where there is no other
    return max([best, *streams], key=lambda one: min(2, seen[one.index]))


def told_choice(container: InputContainer, taken: VideoStream) -> list[str]:
    """A sentence about the streams that were not taken, if there are any."""
    others = [stream for stream in moving_pictures(container) if stream is not taken]
    if not others:
        return []
    left = ", ".join(_named(stream) for stream in others)
    return [f"it has {len(others) + 1} video streams: {_named(taken)} is used, as players do, not {left}"]


def _named(stream: VideoStream) -> str:
    if stream.codec_context is None:  # what it holds is not known
        return f"#{stream.index} (of an unknown format)"
    return f"#{stream.index} ({stream.width}x{stream.height})"
