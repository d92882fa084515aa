"""Any video as H.264 with AAC sound, for a preview: upright, in square pixels and standard colours."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
from av.error import FFmpegError

from dataflow.media.frame_encode import FrameEncoder
from dataflow.media.video_file import decode

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer

_TICKS = Fraction(1, 90000)
_RATE = 48000


def transcode(source: InputContainer, stream: Any, out: OutputContainer, most_seconds: float, max_side: int) -> int:
    """Write pictures and sound to an open MP4; returns how many pictures.

    Args:
        source: the open file.
        stream: its video stream.
        out: the file to write.
        most_seconds: where the preview ends at the latest.
        max_side: the longer side of a picture at most, in pixels.

    Raises:
        FFmpegError, ValueError: it cannot be encoded.
    """
    sound = next((audio for audio in source.streams.audio if audio.codec_context), None)
    pictures: _Pictures | None = None
    voice: _Sound | None = None
    start = None
    for packet in _packets(source, stream, sound):
        for frame in _decoded(packet, stream):
            is_picture = packet.stream is stream
            base = packet.stream.time_base
            time = float(frame.pts * base) if frame.pts is not None and base else None
            if start is None:
                if not is_picture:
                    continue  # sound before the first picture
                start = time or 0.0
                pictures = _Pictures(out, stream, max_side, frame)
                voice = _Sound(out) if sound else None
            since = None if time is None else time - start
            if since is not None and since > most_seconds:
                continue
            if is_picture and pictures:
                pictures.put(frame, since)
                if pictures.count / pictures.rate > most_seconds:
                    break
            elif voice and since is not None and since >= 0:
                voice.put(frame, since)
    for encoder in (pictures, voice):
        if encoder is not None:
            encoder.end()
    return pictures.count if pictures else 0


def _packets(source: InputContainer, stream: Any, sound: Any) -> Iterator[Any]:
    """The packets of both streams to the end, or to where the file can no longer be read, and one to flush."""
    packets = source.demux(stream, *([sound] if sound else []))
    while True:
        try:
            yield next(packets)
        except (StopIteration, FFmpegError):
            return


def _decoded(packet: Any, stream: Any) -> list[Any]:
    if packet.stream is stream:
        return decode(stream, packet if packet.size else None)
    try:
        return list(packet.decode())
    except (FFmpegError, EOFError):
        return []  # a torn piece of sound


class _Pictures:
    """The pictures of a preview.

    Args:
        out: the file.
        stream: the video stream of the source.
        max_side: in pixels.
        first: the first frame, by which the size is known.
    """

    def __init__(self, out: OutputContainer, stream: Any, max_side: int, first: Any) -> None:
        aspect = float(stream.sample_aspect_ratio or 1)
        self._frames = FrameEncoder(max_side, None, "rgb", 0, aspect if 0.05 <= aspect <= 20 else 1.0)
        _, width, height = self._frames(first)
        rate = Fraction(stream.average_rate or stream.guessed_rate or 25).limit_denominator(1001)
        self.rate = rate if 1 <= rate <= 60 else Fraction(25)
        self.count = 0
        self._out = out
        self._last = -1
        self._video: Any = out.add_stream(
            "libx264", rate=self.rate, options={"preset": "veryfast", "crf": "25", "threads": "1"}
        )
        self._video.width, self._video.height = max(2, width // 2 * 2), max(2, height // 2 * 2)
        self._video.pix_fmt = "yuv420p"
        self._video.codec_context.time_base = _TICKS

    def put(self, frame: Any, since: float | None) -> None:
        """Take the next frame; one without a time is timed by the rate."""
        pixels, _, _ = self._frames(frame)
        picture = av.VideoFrame.from_ndarray(pixels, "rgb24")
        picture = picture.reformat(self._video.width, self._video.height, "yuv420p")  # its sides are even
        seconds = float(self.count / self.rate) if since is None else since
        self._last = max(self._last + 1, round(seconds / _TICKS))  # an encoder takes rising times only
        picture.pts, picture.time_base = self._last, _TICKS
        self._out.mux(self._video.encode(picture))
        self.count += 1

    def end(self) -> None:
        """Write what the encoder still holds."""
        self._out.mux(self._video.encode(None))


class _Sound:
    """The sound of a preview.

    Args:
        out: the file.
    """

    def __init__(self, out: OutputContainer) -> None:
        self._out = out
        self._stream: Any = out.add_stream("aac", rate=_RATE, layout="stereo")
        self._resampler = av.AudioResampler("fltp", "stereo", _RATE, frame_size=1024)
        self._next: int | None = None

    def put(self, frame: Any, since: float) -> None:
        """Take the next piece."""
        if self._next is None:
            self._next = round(since * _RATE)
        frame.pts = None
        self._encode(self._resampler.resample(frame))

    def end(self) -> None:
        """Write what the encoder still holds."""
        self._encode(self._resampler.resample(None) if self._next is not None else [])
        self._out.mux(self._stream.encode(None))

    def _encode(self, pieces: Any) -> None:
        for piece in pieces:
            piece.pts, piece.time_base = self._next, Fraction(1, _RATE)
            self._next = (self._next or 0) + piece.samples
            self._out.mux(self._stream.encode(piece))
