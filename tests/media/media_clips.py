"""Clips made at test time whose every frame carries its own number as black and white blocks."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from struct import pack_into, unpack_from
from typing import Any

import av
import numpy as np
from PIL import Image

_ACROSS, _DOWN = 4, 4
"""Blocks of the number: 12 bits, and 4 of a checksum, so that a blend of two frames is not taken for a third."""


def numbered_picture(number: int, width: int, height: int) -> np.ndarray:
    """A frame (height, width, 3) that shows its number over a moving background."""
    across = np.arange(width)[None, :] + 3 * number
    down = np.arange(height)[:, None] - 2 * number
    grey = (across * 2 + down * 3) % 64 + 96
    picture = np.repeat(grey[..., None], 3, axis=2).astype(np.uint8)
    for bit, value in enumerate(_bits(number)):
        row, column = divmod(bit, _ACROSS)
        top, bottom = row * height // _DOWN, (row + 1) * height // _DOWN
        left, right = column * width // _ACROSS, (column + 1) * width // _ACROSS
        margin_y, margin_x = (bottom - top) // 8, (right - left) // 8
        picture[top + margin_y : bottom - margin_y, left + margin_x : right - margin_x] = 235 if value else 20
    return picture


def read_number(data: Any) -> int:
    """The number that a frame shows, JPEG bytes or an array alike.

    Raises:
        AssertionError: it shows none.
    """
    image = Image.open(io.BytesIO(data)) if isinstance(data, bytes) else Image.fromarray(data)
    grey = np.asarray(image.convert("L"), dtype=int)
    height, width = grey.shape
    bits = []
    for bit in range(_ACROSS * _DOWN):
        row, column = divmod(bit, _ACROSS)
        y, x = (2 * row + 1) * height // (2 * _DOWN), (2 * column + 1) * width // (2 * _ACROSS)
        bits.append(int(grey[y - 2 : y + 3, x - 2 : x + 3].mean() > 128))
    number = sum(value << place for place, value in enumerate(bits[:12]))
    assert bits == _bits(number), f"a blend of frames, or none: {bits}"
    return number


def _bits(number: int) -> list[int]:
    bits = [number >> place & 1 for place in range(12)]
    check = (number * 7 + 5) % 16
    return bits + [check >> place & 1 for place in range(4)]


@dataclass(frozen=True)
class Clip:
    """How a clip is made.

    Args:
        name: the file's name; the extension chooses the container.
        codec: the encoder.
        frames: how many.
        size: (width, height) as stored.
        rate: frames per second.
        options: of the encoder.
        container: options of the muxer.
        pixels: the encoder's pixel format.
        ticks: presentation times where they are not regular.
        unit: how many of these make a second.
        first_tick: where regular times begin, in frames.
        setup: a last word on the stream before encoding.
        stored: turns the picture as shown into the picture as stored.
        hidden: how many frames at the start an edit list cuts away.
        parts: of files joined end to end, each with a clock of its own: where that begins, in frames, and how many
            frames it has.
    """

    name: str
    codec: str
    frames: int = 90
    size: tuple[int, int] = (192, 128)
    rate: int = 30
    options: dict[str, str] = field(default_factory=dict)
    container: dict[str, str] = field(default_factory=dict)
    pixels: str = "yuv420p"
    ticks: tuple[int, ...] = ()
    unit: int = 1000
    first_tick: int = 0
    setup: Callable[[Any], None] | None = None
    stored: Callable[[np.ndarray], np.ndarray] | None = None
    hidden: int = 0
    parts: tuple[tuple[int, int], ...] = ()

    def times(self) -> list[float]:
        """When each shown frame is due, in seconds from the first."""
        ticks = [tick / self.unit for tick in self.ticks] or [number / self.rate for number in range(self.frames)]
        return [time - ticks[self.hidden] for time in ticks[self.hidden :]]

    def make(self, folder: Path) -> Path:
        """Write the clip, unless it is there."""
        path = folder / self.name
        if not path.exists():
            join_clips(path, self) if self.parts else write_clip(path, self)
            if self.hidden:
                hide_first_frames(path, self.hidden, self.rate)
        return path


def join_clips(path: Path, clip: Clip) -> None:
    """Encode the parts of a clip and put them into one file, as `cat` does."""
    whole, number = b"", 0
    for begin, frames in clip.parts:
        write_clip(path, replace(clip, frames=frames, first_tick=begin), number)
        whole += path.read_bytes()
        number += frames
    path.write_bytes(whole)


def write_clip(path: Path, clip: Clip, first: int = 0) -> None:
    """Encode a clip; its first frame shows the number `first`."""
    base = Fraction(1, clip.unit) if clip.ticks else Fraction(1, clip.rate)
    with av.open(str(path), "w", options=clip.container) as container:
        stream = container.add_stream(clip.codec, rate=clip.rate, options=clip.options)
        stream.width, stream.height = clip.size
        stream.pix_fmt = clip.pixels
        stream.codec_context.time_base = base
        stream.codec_context.thread_count = 1
        if clip.setup:
            clip.setup(stream)
        for number in range(clip.frames):
            picture = numbered_picture(first + number, *((192, 128) if clip.stored else clip.size))
            if clip.stored:
                picture = clip.stored(picture)
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), "rgb24")
            frame.pts = clip.ticks[number] if clip.ticks else number + clip.first_tick
            frame.time_base = base
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def hide_first_frames(path: Path, frames: int, rate: int) -> None:
    """Rewrite the edit list of an MP4 (ISO/IEC 14496-12, 8.6.6) so that its first frames are not shown."""
    data = bytearray(path.read_bytes())
    at = data.index(b"elst") + 12
    duration, media_time = unpack_from(">II", data, at)
    ticks = unpack_from(">I", data, data.index(b"mdhd") + 16)[0] // rate
    pack_into(">II", data, at, duration - 1000 * frames // rate, media_time + frames * ticks)
    path.write_bytes(data)


def uniform_numbers(times: Sequence[float], count: int, end: float) -> list[int]:
    """Frames at the midpoints of equal parts, by looking at each frame in turn; an oracle for the tests."""
    chosen = set()
    for part in range(count):
        target = (part + 0.5) * end / count
        chosen.add(max(number for number, time in enumerate(times) if time <= target + 1e-6))
    return sorted(chosen)


def _gop(length: int, more: str = "") -> dict[str, str]:
    return {"x264-params": f"keyint={length}:min-keyint={length}:scenecut=0{more}", "preset": "veryfast"}


def _x265(more: str = "") -> dict[str, str]:
    return {"x265-params": f"log-level=none:keyint=30:min-keyint=30:pools=1{more}", "preset": "ultrafast"}


def _turned(degrees: float, hflip: bool = False) -> Callable[[Any], None]:
    return lambda stream: stream.set_display_rotation(degrees, hflip=hflip)


def _wide_pixels(stream: Any) -> None:
    stream.codec_context.sample_aspect_ratio = Fraction(2, 1)


def _interlaced(stream: Any) -> None:
    stream.codec_context.flags |= 1 << 18 | 1 << 29  # interlaced DCT and motion estimation


_UNEVEN = tuple(number * 33 + number * number % 23 + (600 if number > 40 else 0) for number in range(90))

_DROPPED = tuple(3 * number + number % 3 + (70 if number > 40 else 0) for number in range(90))

# nothing in an AVI says when the last picture is due if it is coded before others: right behind them
_NO_GAP_AT_THE_END = (*_DROPPED[:-1], _DROPPED[-2] + 1)

_MPEG2 = {"g": "15", "bf": "2"}

CLIPS = [
    Clip("gop30.mp4", "libx264", options=_gop(30, ":bframes=3")),
    Clip("gop250.mp4", "libx264", frames=400, options=_gop(250, ":bframes=3")),
    Clip("open_gop.mp4", "libx264", options=_gop(24, ":bframes=3:open-gop=1")),
    Clip("hevc.mp4", "libx265", options=_x265(":bframes=4")),
    Clip("hevc_open.mkv", "libx265", options=_x265(":bframes=4:open-gop=1")),
    Clip("vp9.webm", "libvpx-vp9", options={"g": "30", "deadline": "realtime", "cpu-used": "8", "lag-in-frames": "12"}),
    Clip("av1.mp4", "libsvtav1", options={"g": "32", "preset": "12"}),
    Clip("mpeg4.avi", "mpeg4", options={"g": "25", "bf": "2", "sc_threshold": "1000000000"}),
    Clip("h264.avi", "libx264", options=_gop(30, ":bframes=3")),
    Clip("dropped.avi", "libx264", rate=50, options=_gop(30, ":bframes=3"), ticks=tuple(range(0, 180, 2)), unit=50),
    Clip("dropped_unevenly.avi", "libx264", rate=50, options=_gop(30, ":bframes=3"), ticks=_DROPPED, unit=50),
    Clip("dropped_mpeg4.avi", "mpeg4", rate=50, options={"g": "25", "bf": "2"}, ticks=_NO_GAP_AT_THE_END, unit=50),
    Clip("dropped_mjpeg.avi", "mjpeg", rate=50, pixels="yuvj420p", ticks=_DROPPED, unit=50),
    Clip("mpeg2.mpg", "mpeg2video", options={"g": "15", "bf": "2", "sc_threshold": "1000000000"}),
    Clip("h264.ts", "libx264", options=_gop(30, ":bframes=3"), first_tick=3000),
    Clip("mpeg2.ts", "mpeg2video", options=_MPEG2),
    Clip("joined.mpg", "mpeg2video", options=_MPEG2, parts=((0, 41), (0, 30), (0, 19))),
    Clip("joined.ts", "libx264", options=_gop(20, ":bframes=3"), parts=((0, 41), (0, 3), (0, 46))),
    Clip("joined_hevc.ts", "libx265", options=_x265(":bframes=4"), parts=((900, 45), (30, 45))),
    Clip("joined_h264.mpg", "libx264", options=_gop(20, ":bframes=3"), parts=((0, 45), (0, 45))),
    Clip("leaps.ts", "mpeg2video", options=_MPEG2, parts=((0, 40), (90_000, 30), (60_000, 20))),
    Clip(
        "clock_turns.ts",
        "libx264",
        options=_gop(30, ":bframes=3"),
        first_tick=2**33 // 3000 - 2000,
        parts=((2**33 // 3000 - 40, 90),),
    ),
    Clip("joined_while_it_turns.ts", "mpeg2video", options=_MPEG2, parts=((2**33 // 3000 - 3000, 40), (0, 50))),
    Clip("h264.mkv", "libx264", options=_gop(30, ":bframes=2")),
    Clip("late_start.mkv", "libx264", options=_gop(30), first_tick=300),
    Clip("uneven.mp4", "libx264", options=_gop(30, ":bframes=2"), ticks=_UNEVEN),
    Clip("uneven.mkv", "libx264", options=_gop(30, ":bframes=2"), ticks=_UNEVEN),
    Clip("ten_bit.mp4", "libx265", options=_x265(), pixels="yuv420p10le"),
    Clip("odd.mkv", "ffv1", size=(191, 127), options={"g": "10"}, pixels="yuv444p"),
    Clip("odd_h264.mp4", "libx264", size=(190, 126), options=_gop(30, ":bframes=3"), pixels="yuv444p"),
    Clip("interlaced.mp4", "libx264", options=_gop(30, ":bframes=2:tff=1"), setup=_interlaced),
    Clip("refresh.mp4", "libx264", options=_gop(30, ":intra-refresh=1:bframes=0")),
    Clip("pyramid.flv", "libx264", options=_gop(30, ":bframes=5:b-pyramid=normal")),
    Clip("hevc.ts", "libx265", options=_x265(":bframes=4")),
    Clip("vp8.webm", "libvpx", options={"g": "30", "deadline": "realtime", "cpu-used": "8", "lag-in-frames": "16"}),
    Clip("prores.mov", "prores_ks", pixels="yuv422p10le"),
    Clip("mpeg2.mxf", "mpeg2video", rate=25, options={"g": "12", "bf": "2"}),
    Clip("windows.asf", "wmv2", options={"g": "20"}),
    Clip("intra.mov", "mjpeg", pixels="yuvj420p"),
    Clip("animated.gif", "gif", pixels="rgb8", rate=25),
    Clip("raw.h264", "libx264", options=_gop(30, ":bframes=2"), rate=25),
    Clip(
        "fragments.mp4", "libx264", options=_gop(30, ":bframes=2"), container={"movflags": "frag_keyframe+empty_moov"}
    ),
    Clip(
        "edit_list.mp4",
        "libx264",
        options=_gop(30, ":bframes=2"),
        hidden=17,
    ),
    Clip(
        "rotated.mp4", "libx264", size=(128, 192), options=_gop(30), stored=partial(np.rot90, k=1), setup=_turned(-90)
    ),
    Clip("upside_down.mp4", "libx264", options=_gop(30), stored=partial(np.rot90, k=2), setup=_turned(180)),
    Clip("mirrored.mp4", "libx264", options=_gop(30), stored=np.fliplr, setup=_turned(0, hflip=True)),
    Clip("wide_pixels.mkv", "libx264", size=(96, 128), options=_gop(30), setup=_wide_pixels),
]
