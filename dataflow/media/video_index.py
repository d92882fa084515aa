"""Which frames a video has and when they are shown, as an index by which they are found again."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dataflow.media.timeline import retimed
from dataflow.media.video_file import decode, demux

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream


@dataclass(frozen=True, slots=True)
class VideoIndex:
    """The frames of a video in display order.

    Args:
        ticks: presentation timestamps in units of `time_base`, rising, one per frame.
        end: the tick at which the last frame ends.
        time_base: seconds per tick.
        keys: the ticks of the keyframes in display order, hidden ones (cut away by an edit list) included.
        decode_order: the ticks of all packets in file order; empty where frames are numbered.
        pixel_aspect: the width of a pixel in heights.
        starts: the places in `decode_order` at which parts begin, where timestamps begin anew and ticks go on; empty
            where the packets' own timestamps are the ticks.
        torn: the numbers, among the packets with a timestamp, of those that are left out.
        numbered: frames are known by their number as the decoder puts them out, since their timestamps are missing or
            wrong.
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

    def tick_of(self, number: int, frame: Any) -> int | None:
        """The tick of a decoded frame, the decoder having put out so many before it; None for one without a place."""
        if not self.numbered:
            tick: int | None = frame.pts
            return tick
        return self.ticks[number] if number < len(self.ticks) else None

    def key_before(self, tick: int) -> int | None:
        """The tick of the keyframe from which a frame can be decoded; None means the beginning of the file."""
        at = bisect_right(self.keys, tick)
        return self.keys[at - 1] if at else None


def decode_all(container: InputContainer, stream: VideoStream, index: VideoIndex | None = None) -> Iterator[Any]:
    """Every frame that the file yields, in the decoder's order, timed by the index if one is given."""
    for packet in index.packets(container, stream) if index else demux(container, stream):
        yield from decode(stream, packet)
    yield from decode(stream, None)


def pixel_aspect(stream: VideoStream) -> float:
    """The width of a pixel in heights."""
    aspect = float(stream.sample_aspect_ratio or 1)
    return aspect if 0.05 <= aspect <= 20 else 1.0  # what lies beyond is damage, not a format
