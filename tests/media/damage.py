"""Ways in which video files arrive broken, and files that are no videos."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import av
import numpy as np


def cut(data: bytes, share: float) -> bytes:
    """The first part of a file."""
    return data[: int(len(data) * share)]


def noise_inside(data: bytes, share: float = 0.1) -> bytes:
    """A file with a stretch of its middle overwritten."""
    length = int(len(data) * share)
    at = len(data) // 2 - length // 2
    return data[:at] + Random(1).randbytes(length) + data[at + length :]


def zeros_inside(data: bytes, share: float = 0.2) -> bytes:
    """A file with a hole, as an interrupted download that was allocated in full leaves."""
    length = int(len(data) * share)
    at = len(data) // 2
    return data[:at] + bytes(length) + data[at + length :]


def flipped_bits(data: bytes, every: int = 2000) -> bytes:
    """A file with single bits turned over, its first kilobyte spared."""
    damaged = bytearray(data)
    for at in range(1024, len(damaged), every):
        damaged[at] ^= 1 << (at % 8)
    return bytes(damaged)


def wrong_time(data: bytes, number: int = 50) -> bytes:
    """An MPEG-TS in which one picture is due hours later than it should be: a bit of its PTS turned over."""
    damaged, seen = bytearray(data), 0
    for at in range(0, len(data), 188):
        payload = at + 4 + (1 + data[at + 4] if data[at + 3] & 0x20 else 0)
        if data[at + 1] & 0x40 and data[payload : payload + 4] == b"\0\0\1\xe0":
            if seen == number:
                damaged[payload + 9] ^= 4
            seen += 1
    assert seen > number
    return bytes(damaged)


def no_moov(data: bytes) -> bytes:
    """An MP4 whose index never got written."""
    return data[: data.index(b"moov") - 4]


def audio_only(path: Path, cover: bool = False) -> Path:
    """Half a second of silence, with a cover picture if asked for."""
    with av.open(str(path), "w") as container:
        sound = container.add_stream("aac", rate=44100)
        picture = None
        if cover:
            picture = container.add_stream("mjpeg", rate=1)
            picture.width, picture.height, picture.pix_fmt = 64, 64, "yuvj420p"
            picture.disposition = av.stream.Disposition.attached_pic
        for number in range(20):
            frame = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), "fltp", "stereo")
            frame.sample_rate, frame.pts = 44100, number * 1024
            container.mux(sound.encode(frame))
        container.mux(sound.encode(None))
        if picture is not None:
            container.mux(picture.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), "rgb24")))
            container.mux(picture.encode(None))
    return path


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "text": lambda data: b"This is the page you get instead of the video.\n" * 20,
    "html": lambda data: b"<!DOCTYPE html><html><body>404</body></html>",
    "random": lambda data: Random(2).randbytes(20_000),
    "no moov": no_moov,
    "first kilobyte": lambda data: data[:1000],
    "playlist": lambda data: b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
    "header lost": lambda data: bytes(4096) + data[4096:],
}
"""What leaves nothing to decode."""
