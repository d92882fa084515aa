"""Videos whose timestamps are missing or wrong: every frame is decoded once, numbered, and timed by what there is."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from statistics import median_low

from dataflow.core.errors import MediaError
from dataflow.media.container_end import CUT_OFF, is_cut_off
from dataflow.media.video_file import decode, demux, open_video
from dataflow.media.video_index import VideoIndex, pixel_aspect

_PROBED_PACKETS = 64
_REORDERING = ("h264", "hevc")
"""Codecs for which FFmpeg makes up wrong presentation times in AVI when pictures are reordered."""

_NO_TIMES = "the file has no usable timestamps: frames are numbered and timed by its frame rate"


def count_frames(path: Path) -> VideoIndex:
    """The index of a file by the frames that the decoder puts out.

    A frame is shown when the packet that brings it out is due: so AVI, which has no other times, is timed by players,
    and pictures that were dropped when it was recorded (packets without content) leave their gap. Where packets have no
    times of decoding either, as in a raw stream, the frame rate says when.

    Raises:
        MediaError: no frame can be decoded.
    """
    due: list[int | None] = []
    last = None
    with open_video(path) as (container, stream):
        for packet in demux(container, stream):
            last = packet.dts
            due += [frame.dts for frame in decode(stream, packet)]
        due += [None] * len(decode(stream, None))
        aspect = pixel_aspect(stream)
        rate = stream.average_rate or stream.guessed_rate or Fraction(25)
        base, declared = stream.time_base or 1 / rate, stream.duration or 0
    if not due:
        raise MediaError(f"{path}: not one frame of it can be decoded")
    cut_off = is_cut_off(path)
    notes = [CUT_OFF] if cut_off else []
    ticks: Sequence[int] | None = _continued(due)
    if ticks is None:
        ticks, base, end = range(len(due)), 1 / rate, len(due)
        notes.insert(0, _NO_TIMES)
    else:
        end = 2 * ticks[-1] - ticks[-2]
        if not cut_off:  # the last picture stays for what was dropped after it
            end = max(end, declared + ticks[-1] - (last or 0))
    return VideoIndex(ticks, end, base, [ticks[0]], pixel_aspect=aspect, numbered=True, notes=tuple(notes))


def timestamps_lie(path: Path) -> bool:
    """Whether frames leave the decoder in another order than their timestamps say (H.264 with B-frames in AVI)."""
    with open_video(path) as (container, stream):
        last = None
        for number, packet in enumerate(demux(container, stream)):
            for frame in decode(stream, packet):
                if frame.pts is None or (last is not None and frame.pts <= last):
                    return True
                last = frame.pts
            if number >= _PROBED_PACKETS:
                break
        return bool(stream.codec_context.has_b_frames and stream.codec_context.name in _REORDERING)


def _continued(due: Sequence[int | None]) -> list[int] | None:
    """The times, rising, with those of the last frames, which no packet brings out, at the usual distance; or None."""
    times = [time for time in due if time is not None]
    gaps = [after - before for before, after in pairwise(times)]
    if not gaps or min(gaps) <= 0 or None in due[: len(times)]:
        return None
    while len(times) < len(due):
        times.append(times[-1] + median_low(gaps))
    return times
