"""Of several video streams the one is taken that a player shows, and that is said."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition

from dataflow.media.plan import Uniform
from dataflow.media.probe import probe
from dataflow.media.video import read_frames

SMALL, LARGE = (64, 48), (128, 96)
PLAIN, DEFAULT, COVER = Disposition(0), Disposition.default, Disposition.attached_pic


def written(path: Path, *streams: tuple[tuple[int, int], Disposition, int]) -> Path:
    """A file of several streams, each with its size, its marks and so many pictures."""
    with av.open(str(path), "w") as out:
        made = [out.add_stream("mjpeg" if pictures == 1 else "mpeg4", rate=25) for _, _, pictures in streams]
        for stream, (size, marks, pictures) in zip(made, streams, strict=True):
            stream.width, stream.height = size
            stream.pix_fmt = "yuvj420p" if pictures == 1 else "yuv420p"
            stream.disposition = marks
        for stream, ((width, height), _, pictures) in zip(made, streams, strict=True):
            for number in range(pictures):
                frame = av.VideoFrame.from_ndarray(np.full((height, width, 3), number, np.uint8), "rgb24")
                frame.pts = number
                out.mux(stream.encode(frame))
            out.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(
    ("name", "streams", "taken"),
    [
        ("default.mp4", [(LARGE, PLAIN, 20), (SMALL, DEFAULT, 20)], SMALL),
        ("default.mkv", [(LARGE, PLAIN, 20), (SMALL, DEFAULT, 20)], SMALL),
        ("first.mkv", [(SMALL, PLAIN, 20), (LARGE, PLAIN, 20)], SMALL),
        ("first.ts", [(SMALL, PLAIN, 20), (LARGE, PLAIN, 20)], SMALL),
        ("first.avi", [(SMALL, PLAIN, 20), (LARGE, PLAIN, 20)], SMALL),
        ("both.mp4", [(SMALL, DEFAULT, 20), (LARGE, DEFAULT, 20)], LARGE),
        ("picture.mkv", [(LARGE, DEFAULT, 1), (SMALL, PLAIN, 20)], SMALL),
        ("picture.avi", [(LARGE, PLAIN, 1), (SMALL, PLAIN, 20)], SMALL),
        ("empty.mkv", [(LARGE, PLAIN, 0), (SMALL, PLAIN, 20)], SMALL),
        ("empty.avi", [(LARGE, PLAIN, 0), (SMALL, PLAIN, 20)], SMALL),
    ],
)
def test_the_stream_that_players_show_is_taken_and_told(tmp_path, name, streams, taken):
    path = written(tmp_path / name, *streams)
    info = probe(path)
    assert ((info.width, info.height), info.frames) == (taken, 20)
    assert f"2 video streams: #{[size for size, *_ in streams].index(taken)} " in info.notes[0]
    assert read_frames(path, Uniform(3)).notes == info.notes


def test_a_cover_is_no_choice_to_tell(tmp_path):
    info = probe(written(tmp_path / "cover.mp4", (SMALL, DEFAULT, 20), (LARGE, COVER, 1)))
    assert (info.width, info.notes) == (64, ())


def test_a_stream_of_an_unknown_format_is_told_by_its_number_alone(tmp_path):
    path = written(tmp_path / "second.mpg", (SMALL, PLAIN, 20))
    data, packet = path.read_bytes(), b"\0\0\1\xe1" + (20).to_bytes(2, "big") + b"\x0f" + bytes(19)
    at = data.rindex(b"\0\0\1\xe0")
    path.write_bytes(data[:at] + packet + data[at:])
    assert probe(path).notes == (
        "it has 2 video streams: #1 (64x48) is used, as players do, not #0 (of an unknown format)",
    )
