"""Colours survive: whatever matrix, range and depth a video is stored with, the model sees what was filmed."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dataflow.media.frame_encode import fit_size
from dataflow.media.plan import Uniform
from dataflow.media.video import read_frames

BT709, BT601, BT2020 = 1, 6, 9
TO_SWSCALE = {BT709: 1, BT601: 5, BT2020: 9}
LIMITED, FULL = 1, 2


def write_solid(path, codec, pixels, size, colour, matrix, curve, primaries, value_range):
    """Three frames of one colour, tagged as told; tag 0 leaves a property unsaid."""
    with av.open(str(path), "w") as container:
        options = {"x265-params": "log-level=none:pools=1"} if codec == "libx265" else {}
        stream = container.add_stream(codec, rate=25, options=options)
        stream.width, stream.height, stream.pix_fmt = *size, pixels
        context = stream.codec_context
        if matrix:
            context.colorspace, context.color_trc, context.color_primaries = matrix, curve, primaries
        context.color_range = value_range
        picture = np.full((size[1], size[0], 3), colour, np.uint8)
        stored = TO_SWSCALE.get(matrix, 1 if size[1] >= 720 else 5)
        frame = av.VideoFrame.from_ndarray(picture, "rgb24").reformat(
            format=pixels, dst_colorspace=stored, dst_color_range=value_range
        )
        for number in range(3):
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def shown_colours(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """The colour in the middle, by way of JPEG and as an array."""
    jpeg = read_frames(path, Uniform(1)).frames[0]
    array = read_frames(path, Uniform(1), encode="rgb").frames[0].data
    picture = np.asarray(Image.open(io.BytesIO(jpeg.data)))
    y, x = jpeg.height // 2, jpeg.width // 2
    return picture[y, x].astype(int), array[y, x].astype(int)


@pytest.mark.parametrize(
    ("codec", "pixels", "size", "matrix", "value_range"),
    [
        ("libx264", "yuv420p", (320, 240), BT601, LIMITED),
        ("libx264", "yuv420p", (320, 240), BT709, LIMITED),
        ("libx264", "yuv420p", (320, 240), 0, LIMITED),
        ("libx264", "yuv420p", (1280, 720), 0, LIMITED),
        ("libx264", "yuv420p", (1280, 720), BT709, LIMITED),
        ("libx264", "yuvj420p", (320, 240), BT709, FULL),
        ("libx265", "yuv420p10le", (320, 240), BT709, LIMITED),
    ],
)
@pytest.mark.parametrize("colour", [(200, 30, 40), (30, 200, 40), (30, 40, 200), (128, 128, 128)])
def test_colours_come_out_as_they_went_in(tmp_path, codec, pixels, size, matrix, value_range, colour):
    path = write_solid(tmp_path / "a.mp4", codec, pixels, size, colour, matrix, matrix, matrix, value_range)
    jpeg, array = shown_colours(path)
    assert abs(jpeg - colour).max() <= 6
    assert abs(array - colour).max() <= 4


@pytest.mark.parametrize(("curve", "code"), [(16, 148), (18, 191)], ids=["PQ", "HLG"])
def test_diffuse_white_of_hdr_is_white_not_grey(tmp_path, curve, code):
    """ITU-R BT.2408: 203 cd/m2 is 58 % of the PQ signal and 75 % of the HLG signal."""
    path = tmp_path / "a.mp4"
    write_solid(path, "libx265", "yuv420p10le", (320, 240), (code,) * 3, BT2020, curve, BT2020, LIMITED)
    jpeg, array = shown_colours(path)
    assert jpeg.min() > 240
    assert array.min() > 240


def test_transparency_lies_over_white(tmp_path):
    clear = [Image.new("RGBA", (64, 64), (0, 0, 0, 0)) for _ in range(2)]
    clear[1].putpixel((0, 0), (1, 2, 3, 255))
    clear[0].save(tmp_path / "a.gif", save_all=True, append_images=clear[1:], duration=100)
    jpeg, array = shown_colours(tmp_path / "a.gif")
    assert jpeg.min() > 250
    assert array.min() > 250


@given(st.integers(1, 9000), st.integers(1, 9000), st.integers(8, 2000), st.none() | st.integers(784, 10**6))
def test_a_fitted_size_keeps_its_bounds(width, height, max_side, max_pixels):
    across, down = fit_size(width, height, max_side, max_pixels)
    assert min(across, down) >= 1
    if max_pixels is None:
        assert max(across, down) <= max(max_side, 1)
        assert across <= width and down <= height
    else:
        assert across * down <= max(max_pixels, 28 * max(across, down))
