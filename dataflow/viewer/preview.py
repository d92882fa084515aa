"""Videos that browsers do not play, made into ones that they do: remuxed where the codec is known, else transcoded.

The functions here block and decode; they run in a process of the pool.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
from av.error import FFmpegError

from dataflow.core.causes import said_by
from dataflow.core.errors import MediaError
from dataflow.media.video_file import open_video
from dataflow.viewer.preview_encode import transcode

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer

MOST_SECONDS = 600.0
"""A preview ends here: it is for looking at, and the disk is not endless."""
MOST_SIDE = 960
_PLAYED_VIDEO = {"mp4": ("h264", "av1", "vp9"), "webm": ("vp8", "vp9", "av1")}
_PLAYED_AUDIO = {"mp4": ("aac", "mp3", "opus", "flac"), "webm": ("opus", "vorbis")}
_PLAYED_PIXELS = ("yuv420p", "yuvj420p", None)
_COPIED_VIDEO, _COPIED_AUDIO = ("h264",), ("aac", "mp3")


def how_to_play_job(path: str) -> dict[str, Any]:
    """What a browser can do with a video.

    Returns:
        `how`: `direct`, `remux` or `transcode`; `codec`, `container`, `duration` in seconds, `width`, `height`, `fps`.

    Raises:
        MediaError: it is no video.
    """
    with open_video(Path(path)) as (container, stream):
        names = container.format.name.split(",")
        kind = "mp4" if "mp4" in names else "webm" if "webm" in names and _is_webm(path) else ""
        codec = stream.codec_context.codec.canonical_name
        sounds = [audio.codec_context.name for audio in container.streams.audio[:1] if audio.codec_context]
        plain = stream.codec_context.pix_fmt in _PLAYED_PIXELS
        played = plain and codec in _PLAYED_VIDEO.get(kind, ()) and all(s in _PLAYED_AUDIO[kind] for s in sounds)
        copied = plain and codec in _COPIED_VIDEO and names[0] != "avi"  # AVI has no times of presentation
        how = "direct" if played else "remux" if copied else "transcode"
        seconds = float(stream.duration * stream.time_base) if stream.duration and stream.time_base else 0.0
        return {
            "how": how,
            "codec": codec,
            "container": names[0],
            "duration": seconds or float((container.duration or 0) / av.time_base),
            "width": stream.width,
            "height": stream.height,
            "fps": float(stream.average_rate or 0),
            "sound": bool(sounds),
        }


def preview_job(path: str, target: str) -> str:
    """Write a preview as MP4 (H.264, AAC); returns how it was made.

    Args:
        path: the video.
        target: the file to write.

    Raises:
        MediaError: it cannot be read, or not one frame of it decodes.
    """
    how = how_to_play_job(path)["how"]
    if how == "remux":
        try:
            _write(path, target, copy=True)
            return "remux"
        except (FFmpegError, ValueError):  # a stream that MP4 does not take as it is: Annex B without headers, say
            pass
    try:
        _write(path, target, copy=False)
    except (FFmpegError, ValueError) as error:
        raise MediaError(f"{path}: no preview can be made of it: {said_by(error)}") from None
    return "transcode"


def _write(path: str, target: str, copy: bool) -> None:
    with (
        open_video(Path(path)) as (source, stream),
        av.open(target, "w", format="mp4", options={"movflags": "faststart"}) as out,
    ):
        frames = _copy(source, stream, out) if copy else transcode(source, stream, out, MOST_SECONDS, MOST_SIDE)
    if not frames:
        raise MediaError(f"{path}: not one frame of it can be decoded")


def _copy(source: InputContainer, stream: Any, out: OutputContainer) -> int:
    """Put the packets of both streams into the new container as they are; sound that MP4 does not know is left out."""
    video = out.add_stream_from_template(stream)
    sound = next((a for a in source.streams.audio if a.codec_context and a.codec_context.name in _COPIED_AUDIO), None)
    audio = out.add_stream_from_template(sound) if sound else None
    start = (stream.start_time or 0) * stream.time_base  # a recording's clock can show hours
    count = 0
    for packet in _with_decode_times(source.demux(stream, *([sound] if sound else [])), stream):
        offset = round(start / packet.time_base)
        packet.pts, packet.dts = packet.pts - offset, packet.dts - offset
        is_video = packet.stream is stream
        if packet.pts * packet.time_base > MOST_SECONDS or (packet.pts < 0 and not is_video):
            continue
        count += is_video
        packet.stream = video if is_video else audio
        out.mux(packet)
    return count


def _with_decode_times(packets: Iterator[Any], stream: Any) -> Iterator[Any]:
    """The packets with all their times: Matroska leaves out the first decode times where pictures are reordered."""
    waiting: list[Any] = []
    for packet in packets:
        if packet.pts is None or not packet.time_base:
            continue  # the end, or beyond use
        if packet.stream is stream and packet.dts is None:
            waiting.append(packet)
            continue
        if packet.stream is stream:
            for ahead, early in zip(range(len(waiting), 0, -1), waiting, strict=True):
                early.dts = packet.dts - ahead * max(1, early.duration or 0)
                yield early
            waiting.clear()
        if packet.dts is not None:
            yield packet


def _is_webm(path: str) -> bool:
    """Whether a Matroska file declares itself as WebM, the part of it that all browsers know."""
    with open(path, "rb") as file:
        return b"webm" in file.read(64)
