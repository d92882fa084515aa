"""Which frames a video has and when they are shown, found by demuxing alone: nothing is decoded."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dataflow.core.errors import MediaError
from dataflow.media.container_end import is_cut_off
from dataflow.media.timeline import PartFinder, at_a_join, end_of, joined, retimed
from dataflow.media.video_file import decode, demux, open_video

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

_PROBED_PACKETS = 64
_CUT_OFF = "the file is cut off: its format promises more than there is"


@dataclass(frozen=True, slots=True)
class VideoIndex:
    """The frames of a video in display order.

    Args:
        ticks: presentation timestamps in units of `time_base`, rising, one per frame.
        end: the tick at which the last frame ends.
        time_base: seconds per tick.
        keys: the ticks of the keyframes in display order, hidden ones (cut away by an edit list) included.
        decode_order: the ticks of all packets in file order; empty where the ticks are frame numbers.
        pixel_aspect: the width of a pixel in heights.
        starts: the places in `decode_order` at which parts begin, where timestamps begin anew and ticks go on; empty
            where the packets' own timestamps are the ticks.
        torn: the numbers, among the packets with a timestamp, of those that are left out.
        numbered: the container has no usable timestamps; ticks count the frames as the decoder puts them out.
        notes: what is odd about the file.
    """

    ticks: Sequence[int]
    end: int
    time_base: Fraction
    keys: Sequence[int]
    decode_order: Sequence[int] = ()
    pixel_aspect: float = 1.0
    numbered: bool = False
    starts: Sequence[int] = ()
    torn: Collection[int] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def duration(self) -> float:
        """Seconds from the first frame's start to the last one's end."""
        return float((self.end - self.ticks[0]) * self.time_base)

    @property
    def fps(self) -> float:
        """Frames per second on average."""
        return len(self.ticks) / self.duration if self.end > self.ticks[0] else 0.0

    def seconds(self, tick: int) -> float:
        """Seconds from the first frame."""
        return float((tick - self.ticks[0]) * self.time_base)

    def frame_at(self, tick: int) -> int:
        """The number of the frame that is on the screen at a tick."""
        return max(0, bisect_right(self.ticks, tick) - 1)

    def only(self, ticks: Iterable[int]) -> VideoIndex:
        """The index cut down to some of its frames."""
        kept = sorted(set(self.ticks).intersection(ticks))
        return replace(self, ticks=kept, keys=[key for key in self.keys if key in set(kept)])

    def packets(self, container: InputContainer, stream: VideoStream) -> Iterator[Any]:
        """The file's packets, timed by this index, from the first on; None where the decoder is to be drained."""
        packets = demux(container, stream)
        return retimed(packets, self.decode_order, self.starts, self.torn) if self.starts else packets

    def key_before(self, tick: int) -> int | None:
        """The tick of the keyframe from which a frame can be decoded; None means the beginning of the file."""
        at = bisect_right(self.keys, tick)
        return self.keys[at - 1] if at else None


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
        declared = float((stream.duration or 0) * base)
        aspect = _pixel_aspect(stream)
        name = container.format.name
    starts = finder.starts
    torn = {number for number in damaged if not at_a_join(number, starts)}
    if untimed > (len(ticks) - len(torn)) // 100 or (name == "avi" and _timestamps_lie(path)):
        return count_frames(path)
    if len(starts) > 1:
        ticks = joined(ticks, lengths, starts)
        keys = [number for number in keys if not at_a_join(number, starts)]
    kept = [number for number in range(len(ticks)) if number not in torn] if torn else range(len(ticks))
    shown = {ticks[number]: lengths[number] for number in kept if lengths[number] >= 0}
    if not shown:
        raise MediaError(f"{path} holds no frame: " + ("its data is damaged" if torn else "its video stream is empty"))
    frames = sorted(shown)
    index = VideoIndex(
        frames,
        end_of(frames, shown),
        base,
        sorted({ticks[number] for number in keys if number not in torn}),
        [ticks[number] for number in kept] if torn else ticks,
        aspect,
        starts=[bisect_left(kept, start) for start in starts] if len(starts) > 1 or finder.turned else (),
        torn=frozenset(torn),
    )
    return replace(index, notes=tuple(_oddities(path, index, declared)))


def _oddities(path: Path, index: VideoIndex, declared: float) -> Iterator[str]:
    torn, parts = len(index.torn), len(index.starts)
    if torn:
        yield f"{torn} damaged packet{'s' if torn > 1 else ''} left out"
    if parts > 1:
        yield f"its timestamps begin anew in the middle: its {parts} parts are taken one after the other"
    elif declared - index.duration > max(0.5, 0.02 * declared):
        yield f"the file is cut off: it declares {declared:.2f} s and holds {index.duration:.2f} s"
    elif is_cut_off(path):
        yield _CUT_OFF


def index_of(path: Path) -> VideoIndex:
    """The index of any clip, animated WebP included, which FFmpeg does not read.

    Raises:
        MediaError: the file holds no frame, or is no video.
    """
    from dataflow.media.webp_clip import is_webp, scan_webp

    return scan_webp(path) if is_webp(path) else scan(path)


def count_frames(path: Path) -> VideoIndex:
    """The index of a file whose timestamps are missing or wrong: every frame is decoded once and numbered.

    Raises:
        MediaError: no frame can be decoded.
    """
    with open_video(path) as (container, stream):
        count = sum(1 for _ in decode_all(container, stream))
        aspect = _pixel_aspect(stream)
        rate = stream.average_rate or stream.guessed_rate or Fraction(25)
    if not count:
        raise MediaError(f"{path}: not one frame of it can be decoded")
    notes = ["the file has no usable timestamps: frames are numbered and timed by its frame rate"]
    if is_cut_off(path):
        notes.append(_CUT_OFF)
    return VideoIndex(range(count), count, 1 / rate, [0], pixel_aspect=aspect, numbered=True, notes=tuple(notes))


def decode_all(container: InputContainer, stream: VideoStream, index: VideoIndex | None = None) -> Iterator[Any]:
    """Every frame that the file yields, in the decoder's order, timed by the index if one is given."""
    for packet in index.packets(container, stream) if index else demux(container, stream):
        yield from decode(stream, packet)
    yield from decode(stream, None)


def _timestamps_lie(path: Path) -> bool:
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
    return False


def _pixel_aspect(stream: VideoStream) -> float:
    aspect = float(stream.sample_aspect_ratio or 1)
    return aspect if 0.05 <= aspect <= 20 else 1.0  # what lies beyond is damage, not a format
