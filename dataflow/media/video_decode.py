"""Exact frames of a video for as little decoding as they allow.

Wanted frames are grouped by the keyframe from which they can be decoded, so that those of one group of pictures share
one decode and groups without a wanted frame are sought past. Whatever a file's seeking gets wrong is noticed, because
every frame is recognised by its timestamp, and put right by reading on from the start.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import Any

from av.error import FFmpegError

from dataflow.media.video_file import decode, demux, open_video
from dataflow.media.video_index import VideoIndex, decode_all
from dataflow.media.webp_clip import is_webp, webp_frames

# decoders that can leave out pictures no other picture refers to, and do it reliably
_LEAN = ("h264", "hevc")


def frames_at(path: Path, index: VideoIndex, wanted: Collection[int]) -> Iterator[tuple[int, Any]]:
    """The wanted frames as (tick, PyAV frame), each once, in no promised order; one that does not decode is left out.

    Args:
        path: the video.
        index: its index.
        wanted: ticks of the index.
    """
    missing = set(wanted)
    if is_webp(path):
        yield from webp_frames(path, index, missing)
        return
    if not index.numbered:
        with _Reader(path, index) as reader:
            for key, ticks in groupby(sorted(missing), index.key_before):
                for tick, frame in reader.group(key, set(ticks)):
                    missing.discard(tick)
                    yield tick, frame
    if missing:
        yield from from_the_start(path, missing, index)


def from_the_start(path: Path, wanted: set[int], index: VideoIndex) -> Iterator[tuple[int, Any]]:
    """The wanted frames by decoding everything up to the last of them."""
    missing = set(wanted)
    with open_video(path) as (container, stream):
        for number, frame in enumerate(decode_all(container, stream, index)):
            tick = index.tick_of(number, frame)
            if tick in missing:
                missing.discard(tick)
                yield tick, frame
                if not missing:
                    return


def decodable_ticks(path: Path, index: VideoIndex) -> list[int]:
    """The ticks of the frames that really decode, for a file whose packets promise more."""
    with open_video(path) as (container, stream):
        ticks = (index.tick_of(*numbered) for numbered in enumerate(decode_all(container, stream, index)))
        return [tick for tick in ticks if tick is not None]


class _Reader:
    """A file being read group by group; it knows where it is and seeks only where that saves packets."""

    def __init__(self, path: Path, index: VideoIndex) -> None:
        self._path = path
        self._index = index
        self._order = index.decode_order
        self._place = {tick: place for place, tick in enumerate(index.decode_order)}
        self._starts = set(index.starts[1:])
        self._seeks = not index.starts  # one timestamp can stand at several places
        self._stack = ExitStack()

    def __enter__(self) -> _Reader:
        self._open()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def group(self, key: int | None, wanted: set[int]) -> Iterator[tuple[int, Any]]:
        """The wanted frames that can be decoded from a keyframe on; fewer when the file breaks its promise."""
        unfed, unseen = set(wanted), set(wanted)
        packet = self._go_to(0 if key is None else self._place[key])
        while packet is not None:
            if self._at - 1 in self._starts:
                yield from self._seen(None, unseen)
            self._skip("DEFAULT" if packet.pts in wanted else self._lean)
            unfed.discard(packet.pts)
            yield from self._seen(packet, unseen)
            packet = self._next() if unfed else None
        yield from self._seen(None, unseen)

    def _open(self) -> None:
        self._stack.close()
        self._container, self._stream = self._stack.enter_context(open_video(self._path))
        self._packets = self._index.packets(self._container, self._stream)
        self._at = 0
        self._lean = "NONREF" if self._stream.codec_context.name in _LEAN else "DEFAULT"
        self._skipping = ""

    def _seen(self, packet: Any, unseen: set[int]) -> Iterator[tuple[int, Any]]:
        for frame in decode(self._stream, packet):
            if frame.pts in unseen:
                unseen.discard(frame.pts)
                yield frame.pts, frame

    def _skip(self, what: Any) -> None:
        if what != self._skipping:
            self._stream.codec_context.skip_frame = what
            self._skipping = what

    def _next(self) -> Any:
        """The next packet that the index knows."""
        for packet in self._packets:
            if packet is not None and packet.pts is not None and (self._index.starts or not packet.is_corrupt):
                self._at += 1
                return packet
        return None

    def _go_to(self, place: int) -> Any:
        """The packet at a place of the decode order, the reader being right behind it; None when it is not found."""
        if self._seeks and self._at != place and place > 0:
            packet = self._seek(place)
            if packet is not None:
                return packet
            # no index to seek by, as in MPEG-TS: from now on packets are passed over unread, which is cheap
            self._seeks = False
            self._open()
        if self._at > place:
            self._open()
        packet = self._next()
        while packet is not None and self._at <= place:
            packet = self._next()
        return packet if packet is not None and packet.pts == self._order[place] else None

    def _seek(self, place: int) -> Any:
        target = self._order[place]
        try:
            self._container.seek(target, stream=self._stream, backward=True)
        except FFmpegError:
            return None
        self._packets = demux(self._container, self._stream)
        while (packet := self._next()) is not None:
            if packet.pts == target:
                self._at = place + 1
                return packet
            if packet.is_keyframe and packet.pts > target:
                return None
        return None
