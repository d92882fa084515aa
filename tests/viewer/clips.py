"""Clips in forms that browsers do not play, drawn and encoded here."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

WIDTH, HEIGHT, FPS, SECONDS = 320, 180, 12, 2
_CODECS = {"hevc": "libx265", "mpeg4": "mpeg4", "h264": "libx264", "vp9": "libvpx-vp9"}


def make_clip(
    path: Path,
    colour: tuple[int, int, int] = (200, 60, 40),
    size: tuple[int, int] = (WIDTH, HEIGHT),
    sound: bool = False,
) -> Path:
    """Write a clip of two seconds.

    Args:
        path: its name says what it is: `hevc.mp4`, `mpeg4.avi`, `h264.ts`.
        colour: of its ground.
        size: width and height in pixels.
        sound: with a tone, as mp3.
    """
    codec = _CODECS[path.stem.split("_")[0]]
    with av.open(path, "w") as container:
        stream = container.add_stream(codec, rate=FPS)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.time_base = Fraction(1, FPS)
        if codec == "libx265":
            stream.options = {"x265-params": "log-level=none"}
        voice = container.add_stream("mp3", rate=44100, layout="mono") if sound else None
        for number in range(FPS * SECONDS):
            pixels = np.empty((size[1], size[0], 3), np.uint8)
            pixels[:] = colour
            pixels[60:120, 10 * number : 10 * number + 60] = 250
            frame = av.VideoFrame.from_ndarray(pixels, "rgb24")
            frame.pts = number
            container.mux(stream.encode(frame))
            if voice is not None:
                wave = np.sin(np.arange(44100 // FPS) * 0.06, dtype=np.float32)[None]
                tone = av.AudioFrame.from_ndarray(wave, "fltp", "mono")
                tone.rate, tone.pts = 44100, number * (44100 // FPS)
                container.mux(voice.encode(tone))
        container.mux(stream.encode(None))
        if voice is not None:
            container.mux(voice.encode(None))
    return path
