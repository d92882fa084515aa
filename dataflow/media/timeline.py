"""One line of time for a file whose timestamps begin anew: `cat a.ts b.ts`, a disc's parts, a recorder's pauses.

Such a file is taken as its parts, one after the other: a packet begins a part when its decoding time goes back or
leaps. Every packet gets a tick on a line that goes on from part to part, and takes it through the decoder in place of
its own timestamp. Between two parts the decoder is drained: nothing is predicted from pictures of another recording.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from statistics import median
from typing import Any

from av.format import Flags

_LEAP = 10.0
"""Seconds; what the ffmpeg command takes for a discontinuity (its option `-dts_delta_threshold`), in formats whose
clock may jump. In others a long gap is a long picture."""

_BACK = 0.5
"""Seconds; a smaller step back, away from a keyframe, is a muxer's jitter."""

_SELDOM = 20
"""Where more than one packet in so many leaps, pictures stand that long: slides, and no parts."""

CLOCKS = {"mpeg": 2**33, "mpegts": 2**33}
"""Where the clock of a format begins again at 0 (ISO/IEC 13818-1, 2.4.3.7)."""

_BESIDE = 1
"""Ticks by which a packet with a wrong time is put beside its time of decoding, where no other is shown."""

_EDITED = "mov,"
"""A format whose demuxer orders the packets by an index and by edit lists: what goes back there is not shown."""

_PARSER_DELAY = 2
"""Packets by which FFmpeg's parser lags: the last ones of a part bear marks that are meant for the next part."""


class PartFinder:
    """Follows the timed packets of a file, in file order, and finds where parts begin.

    Args:
        format: the container's format, as PyAV has it.
        time_base: seconds per tick.
    """

    def __init__(self, format: Any, time_base: Fraction) -> None:
        self.last: int | None = None
        """The time of decoding of the last packet that has one."""
        self.turned = False
        """Whether the clock began again at 0."""
        self._follows = not format.name.startswith(_EDITED)
        self._back = -round(_BACK / time_base)
        self._leap = round(_LEAP / time_base) if format.flags & Flags.ts_discont.value else 1 << 63
        self._clock = CLOCKS.get(format.name, 0)
        self._latest = self._shift = 0
        self._jumps: list[tuple[int, int, int]] = []
        self._wrong: dict[int, int] = {}

    def tick(self, packet: Any, number: int) -> int:
        """The presentation time of a packet, with the turns of the clock counted.

        Args:
            packet: the next one.
            number: how many came before.
        """
        now, last, pts = packet.dts, self.last, packet.pts
        if now is not None and self._follows:  # Matroska leaves out the first ones
            if last is not None and last <= now <= self._latest:
                self.last, self._latest = now, now + self._leap
            elif last is None or not packet.is_corrupt:
                self._jump(now, number, packet.is_keyframe)
            if not -self._leap <= pts - now <= self._leap:
                self._wrong[number] = now + self._shift + _BESIDE
        return int(pts + self._shift)

    def starts(self, packets: int) -> list[int]:
        """The numbers of the packets with which parts begin, the first of all included; `packets` is how many came."""
        slow = _SELDOM * sum(step > 0 for _, step, _ in self._jumps) > packets
        return [0, *(number for number, step, _ in self._jumps if step < 0 or not slow)]

    def wrong(self, packets: int) -> dict[int, int]:
        """The numbers of packets whose presentation time cannot be, with ticks at which nothing else is shown."""
        return {} if _SELDOM * len(self._wrong) > packets else self._wrong

    def _jump(self, now: int, number: int, is_keyframe: bool) -> None:
        before = now if self.last is None else self.last
        step = now - before
        if self._clock and abs(step) > self._clock // 2:
            turns = round(step / self._clock)
            step -= turns * self._clock
            self._shift -= turns * self._clock
            self.turned = True
        if step > self._leap or step < self._back or (step < 0 and is_keyframe):
            jumped, _, earlier = self._jumps[-1] if self._jumps else (-1, 0, 0)
            if jumped == number - 1 and 0 <= now - earlier <= self._leap:
                self._jumps.pop()  # one time was wrong, and the line goes on behind it
                self._wrong[jumped] = earlier + self._shift + _BESIDE
            else:
                self._jumps.append((number, step, before))
        self.last, self._latest = now, now + self._leap


def at_a_join(number: int, starts: Sequence[int]) -> bool:
    """Whether a packet is one of the last of a part that another follows."""
    following = bisect_right(starts, number)
    return following < len(starts) and number >= starts[following] - _PARSER_DELAY


def joined(ticks: Sequence[int], lengths: Sequence[int], starts: Sequence[int]) -> list[int]:
    """The ticks of parts that follow each other without a gap.

    Args:
        ticks: of all packets in file order, each part counting by itself.
        lengths: the duration of each; 0 for unknown, negative for what is not shown.
        starts: the numbers of the packets with which parts begin.
    """
    line: list[int] = []
    end = None
    for start, stop in pairwise([*starts, len(ticks)]):
        shown = {ticks[at]: lengths[at] for at in range(start, stop) if lengths[at] >= 0}
        offset = 0 if end is None or not shown else end - min(shown)
        line += [tick + offset for tick in ticks[start:stop]]
        end = offset + end_of(sorted(shown), shown) if shown else end
    return line


def end_of(ticks: Sequence[int], lengths: dict[int, int]) -> int:
    """Where the last frame ends; where the container does not say, it lasts as long as the others."""
    if lengths[ticks[-1]] > 0:
        return ticks[-1] + lengths[ticks[-1]]
    gaps = [after - before for before, after in pairwise(ticks)]
    return ticks[-1] + (int(median(gaps)) if gaps else 1)


def retimed(
    packets: Iterable[Any], ticks: Sequence[int], starts: Sequence[int], torn: Collection[int]
) -> Iterator[Any]:
    """The packets with their ticks as timestamps, and None, which drains the decoder, before every part but the first.

    Args:
        packets: of the whole file.
        ticks: of the timed packets that are not torn.
        starts: the places in `ticks` at which parts begin.
        torn: the numbers of the timed packets that are left out.
    """
    begin = set(starts[1:])
    number = place = 0
    for packet in packets:
        if packet.pts is not None:
            number += 1
            if number - 1 in torn or place == len(ticks):
                continue
            if place in begin:
                yield None
            packet.pts = ticks[place]
            place += 1
        yield packet
