"""Which files are images and which videos: every ending that is read is taken."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from dataflow.storage.media_kinds import IMAGES, VIDEOS, column_of, is_transport_stream, moves

NOT_DECODED = {
    *(".bufr", ".grib", ".h5", ".hdf", ".iim"),  # Pillow only knows that they are there
    *(".eps", ".ps", ".emf", ".wmf"),  # drawings, which need other programs
    *(".pdf", ".palm"),  # only written
    *(".gbr", ".pcd"),  # a brush; a photo CD, of which Pillow decodes one size
}


def test_every_ending_whose_pictures_pillow_decodes_is_taken():
    Image.init()
    known = set(Image.registered_extensions()) - NOT_DECODED
    assert known - IMAGES - VIDEOS == set()
    assert not IMAGES & VIDEOS


def test_every_ending_that_pillow_and_ffmpeg_write_is_read_from_a_folder(tmp_path):
    picture = Image.new("RGB", (64, 48), (200, 30, 30))
    for suffix in (
        ".jfif",
        ".jpe",
        ".avif",
        ".jp2",
        ".j2k",
        ".dib",
        ".tga",
        ".ppm",
        ".qoi",
        ".pcx",
        ".ico",
        ".sgi",
        ".mpo",
    ):
        picture.save(tmp_path / f"picture{suffix}")
        assert column_of(f"picture{suffix}") == "image"
    for suffix, form in ((".ts", "mpegts"), (".m2ts", "mpegts"), (".mts", "mpegts"), (".vob", "vob"), (".asf", "asf")):
        film(tmp_path / f"film{suffix}", form)
        assert column_of(f"film{suffix}".upper()) == "video"
    assert is_transport_stream(tmp_path / "film.ts")


def film(path: Path, form: str) -> None:
    with av.open(str(path), "w", format=form) as out:
        stream = out.add_stream("mpeg2video", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for shade in range(5):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(np.full((48, 64, 3), shade * 40, np.uint8), "rgb24")))
        out.mux(stream.encode())


@pytest.mark.parametrize(
    ("name", "usable", "column"),
    [
        ("a.gif", {"image", "video"}, "image"),
        ("a.gif", {"image"}, "image"),
        ("a.GIF", {"video"}, "video"),
        ("a.apng", {"video"}, "video"),
        ("a.jpg", {"video"}, "image"),
        ("a.mov", {"image"}, "video"),
        ("a.pdf", {"image", "video"}, None),
        ("jpg", {"image", "video"}, None),
    ],
)
def test_a_moving_picture_is_a_video_to_a_pipeline_of_videos(name, usable, column):
    assert column_of(name, usable) == column


def test_a_program_in_typescript_is_no_film(tmp_path):
    (tmp_path / "a.ts").write_text("export const G = 1;\n" * 50)
    assert not is_transport_stream(tmp_path / "a.ts")
    assert not is_transport_stream(tmp_path / "gone.ts")


def test_a_webp_tells_whether_it_moves(tmp_path):
    frames = [Image.new("RGB", (8, 8), (shade, 0, 0)) for shade in (0, 100, 200)]
    frames[0].save(tmp_path / "still.webp")
    frames[0].save(tmp_path / "moving.webp", save_all=True, append_images=frames[1:])
    assert moves(tmp_path / "moving.webp")
    assert not moves(tmp_path / "still.webp")
