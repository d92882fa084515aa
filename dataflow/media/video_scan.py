"""The index of a video, made by demuxing it once: nothing is decoded, save where timestamps are of no use."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from dataflow.core.errors import MediaError
from dataflow.media.container_end import CUT_OFF, holds_another, is_cut_off
from dataflow.media.timeline import CLOCKS, PartFinder, at_a_join, end_of, joined
from dataflow.media.video_choice import told_choice
from dataflow.media.video_count import count_frames, timestamps_lie
from dataflow.media.video_file import demux, open_video
from dataflow.media.video_index import VideoIndex, pixel_aspect


def index_of(path: Path) -> VideoIndex:
    """The index of any clip, animated WebP included, which FFmpeg does not read.

    Raises:
        MediaError: the file holds no frame, or is no video.
    """
    from dataflow.media.webp_clip import is_webp, scan_webp

    return scan_webp(path) if is_webp(path) else scan(path)


def scan(path: Path) -> VideoIndex:
    """The index of a video file, by demuxing it once.

    Raises:
        MediaError: the file holds no frame, or is no video.
    """
    with open_video(path) as (container, stream):
        base = stream.time_base or Fraction(1, 1000)
        finder = PartFinder(container.format, base)
        ticks: list[int] = []
        lengths: list[int] = []
        keys: list[int] = []
        damaged: list[int] = []
        untimed = 0
        for packet in demux(container, stream):
            if packet.pts is None:
                untimed += 1
                continue
            number = len(ticks)
            if packet.is_keyframe:
                keys.append(number)
            if packet.is_corrupt:
                damaged.append(number)
            ticks.append(finder.tick(packet, number))
            lengths.append(-1 if packet.is_discard else packet.duration or 0)
        name = container.format.name
        declared = stream.duration or 0 if name not in CLOCKS else 0  # there it is a guess from the last packets
        aspect = pixel_aspect(stream)
        told = told_choice(container, stream)
    starts = finder.starts(len(ticks))
    wrong = finder.wrong(len(ticks))
    for number, tick in wrong.items():  # others may be predicted from it: it is decoded, and not shown
        ticks[number], lengths[number] = tick, -1
    torn = {number for number in damaged if not at_a_join(number, starts)}
    for number in torn:
        lengths[number] = -1
    if untimed > (len(ticks) - len(torn)) // 100 or (name == "avi" and timestamps_lie(path)):
        counted = count_frames(path)
        return replace(counted, notes=(*told, *counted.notes))
    if len(starts) > 1:
        ticks = joined(ticks, lengths, starts)
        keys = [number for number in keys if not at_a_join(number, starts)]
    kept = [number for number in range(len(ticks)) if number not in torn] if torn else range(len(ticks))
    shown = {ticks[number]: lengths[number] for number in kept if lengths[number] >= 0}
    if not shown:
        raise MediaError(f"{path} holds no frame: " + ("its data is damaged" if torn else "its video stream is empty"))
    frames = sorted(shown)
    end = end_of(frames, shown)
    if name == "avi" and not is_cut_off(path):  # the last picture stays for what was dropped after it
        end = max(end, declared + frames[-1] - (finder.last or 0))
    index = VideoIndex(
        frames,
        end,
        base,
        sorted({ticks[number] for number in keys if number not in torn}),
        [ticks[number] for number in kept] if torn else ticks,
        aspect,
        starts=[bisect_left(kept, start) for start in starts] if len(starts) > 1 or finder.turned or wrong else (),
        torn=frozenset(torn),
    )
    return replace(index, notes=(*told, *_oddities(path, index, len(wrong), float(declared * base))))


def _oddities(path: Path, index: VideoIndex, wrong: int, declared: float) -> Iterator[str]:
    torn, parts = len(index.torn), len(index.starts)
    if torn:
        yield f"{torn} damaged packet{'s' if torn > 1 else ''} left out"
    if wrong:
        yield f"{wrong} frame{'s' if wrong > 1 else ''} with a wrong timestamp left out"
    if parts > 1:
        yield f"its timestamps begin anew in the middle: its {parts} parts are taken one after the other"
    elif declared - max(index.duration, float(index.end * index.time_base)) > max(0.5, 0.02 * declared):
        yield f"the file is cut off: it declares {declared:.2f} s and holds {index.duration:.2f} s"
    elif is_cut_off(path):
        yield CUT_OFF
    if holds_another(path):
        yield "another MP4 follows in the same file, which neither players nor this tool read: ffmpeg can join the two"
