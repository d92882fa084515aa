"""Opening a video file for demuxing and decoding, with hostile files in mind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
from av.error import FFmpegError

from dataflow.core.causes import said_by
from dataflow.core.errors import MediaError
from dataflow.media.container_end import mp4_boxes
from dataflow.media.files import open_regular
from dataflow.media.video_choice import chosen_stream, moving_pictures
from dataflow.storage.signatures import text_in_words

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

# Demuxers that follow references into other files or the network (hls, dash, concat, image2 patterns, ...) are left
# out: a data file must not decide what else is opened.
_DEMUXERS = (
    "mov,matroska,webm,avi,mpegts,mpegtsraw,mpeg,mpegvideo,m4v,flv,live_flv,asf,ogg,nut,rm,wtv,mxf,ivf,obu,av1,h264,"
    "hevc,vvc,mjpeg,mpjpeg,dv,gxf,nsv,swf,dirac,vc1,yuv4mpegpipe,gif,apng,jpeg_pipe,png_pipe,webp_pipe,webp,bmp_pipe,"
    "tiff_pipe,jpegxl_pipe,jpegxl_anim,mp3,wav,flac,aac,aiff,ac3,amr"
)
_OPTIONS = {"protocol_whitelist": "file", "format_whitelist": _DEMUXERS}

_MOST_PIXELS = 16384 * 16384
"""A frame beyond this is refused by the decoder before it allocates."""


@contextmanager
def open_video(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """The container and its main video stream, set to decode on one thread.

    Raises:
        MediaError: no such file, no video file, or a file without a video stream.
    """
    open_regular(path).close()
    container = _open(path)
    try:
        streams = _decodable(container, path)
        at = 0
        if len(streams) > 1:
            at = streams.index(chosen_stream(container, streams))
            container.close()
            container = _open(path)
            streams = _decodable(container, path)
        stream = streams[min(at, len(streams) - 1)]
        stream.thread_count = 1
        stream.thread_type = "NONE"
        stream.codec_context.options = {"max_pixels": str(_MOST_PIXELS)}
        yield container, stream
    finally:
        container.close()


def decode(stream: VideoStream, packet: Any) -> list[Any]:
    """The frames that a packet completes; none where it is damaged beyond decoding.

    None for a packet gives those that the decoder still holds, and leaves it ready for something new.
    """
    try:
        return stream.codec_context.decode(packet)
    except MemoryError:  # PyAV's is one of both kinds; it must not pass for damage
        raise
    except (FFmpegError, EOFError):
        return []
    finally:
        if packet is None:
            stream.codec_context.flush_buffers()


def demux(container: InputContainer, stream: VideoStream) -> Iterator[Any]:
    """The stream's packets in file order, to the end or to where the file can no longer be read."""
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, FFmpegError):
            return
        if packet.size:
            yield packet


def _open(path: Path) -> InputContainer:
    try:
        return av.open(f"file:{Path(path).absolute()}", "r", options=dict(_OPTIONS), metadata_errors="replace")
    except (FFmpegError, ValueError, OSError) as error:
        raise MediaError(f"{path} {_why_unreadable(path, error)}") from None


def _decodable(container: InputContainer, path: Path) -> list[VideoStream]:
    videos = moving_pictures(container)
    if not videos:
        there = (("sound", container.streams.audio), ("a cover picture", container.streams.video))
        inside = [name for name, streams in there if streams]
        raise MediaError(f"{path} has no video stream, only {' and '.join(inside) or 'data'}")
    # a stream whose codec FFmpeg does not know has no context, and no size either
    known = [stream for stream in videos if stream.codec_context is not None]
    if not known:
        raise MediaError(f"{path}: there is no decoder for its video stream")
    return known


def _why_unreadable(path: Path, error: Exception) -> str:
    with open_regular(path) as file:
        head = file.read(4096) or b""
        if head[4:8] in (b"ftyp", b"mdat", b"free", b"wide") and b"moov" not in dict(mp4_boxes(file)):
            return "is an MP4 without its index (no moov box): the recording or the download was cut off"
    if head[:256].isascii() and all(byte >= 32 or byte in b"\t\r\n" for byte in head[:256]):
        return f"is not a video: {text_in_words(head[:256])}"
    return f"cannot be opened as a video: {getattr(error, 'strerror', None) or said_by(error)}"
