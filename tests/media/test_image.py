"""Images pass through untouched when they fit, and are made to fit once when they do not."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from dataflow.core.errors import MediaError
from dataflow.media.image import load_image
from dataflow.media.image_header import read_header
from dataflow.media.image_limits import ImageLimits


def encoded(image: Image.Image, kind: str, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def picture(width: int = 64, height: int = 48) -> Image.Image:
    """Red on the left half, blue on the right, a white top row."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, : width // 2] = (220, 20, 20)
    pixels[:, width // 2 :] = (20, 20, 220)
    pixels[: height // 8] = 255
    return Image.fromarray(pixels)


def shown(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def near(pixel, colour, tolerance: int = 30) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(pixel, colour, strict=True))


FITTING = {
    "jpeg": encoded(picture(), "JPEG"),
    "progressive": encoded(picture(), "JPEG", progressive=True),
    "grey jpeg": encoded(picture().convert("L"), "JPEG"),
    "png": encoded(picture(), "PNG"),
    "palette": encoded(picture().quantize(16), "PNG"),
    "opaque rgba": encoded(picture().convert("RGBA"), "PNG"),
    "webp": encoded(picture(), "WEBP"),
    "lossless webp": encoded(picture(), "WEBP", lossless=True),
    "extended webp": encoded(picture(), "WEBP", icc_profile=b"profile"),
}


@pytest.mark.parametrize("kind", [kind for kind in FITTING if "webp" not in kind])
def test_what_fits_keeps_its_bytes(tmp_path, kind):
    path = tmp_path / "a.bin"
    path.write_bytes(FITTING[kind])
    image = load_image(path)
    assert image.data == FITTING[kind]
    assert (image.width, image.height) == (64, 48)
    assert image.mime == f"image/{Image.open(path).format.lower()}"
    assert load_image(FITTING[kind]) == image
    assert load_image(str(path)) == image


def test_what_fits_is_not_decoded():
    """Neither Pillow nor numpy is even imported."""
    script = (
        "import sys; from dataflow.media.image import load_image; load_image(sys.stdin.buffer.read());"
        "print({'PIL', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], input=FITTING["jpeg"], capture_output=True, check=True)
    assert done.stdout.strip() == b"set()"


def exif(orientation: int) -> Image.Exif:
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags


TRANSPOSED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", TRANSPOSED)
def test_an_image_is_upright_whatever_its_exif_orientation(kind, orientation):
    stored = picture().transpose(TRANSPOSED[orientation]) if orientation > 1 else picture()
    data = encoded(stored, kind, exif=exif(orientation))
    image = load_image(data)
    assert (image.data == data) == (orientation == 1 and kind != "WEBP")
    assert (image.width, image.height) == (64, 48)
    upright = shown(image.data)
    assert near(upright.getpixel((10, 30)), (220, 20, 20))
    assert near(upright.getpixel((54, 30)), (20, 20, 220))
    assert near(upright.getpixel((32, 1)), (255, 255, 255))
    assert Image.open(io.BytesIO(image.data)).getexif().get(0x0112, 1) == 1


def test_a_large_image_is_shrunk_to_the_longer_side():
    image = load_image(encoded(picture(3000, 1500), "JPEG"), ImageLimits(max_side=600))
    assert (image.width, image.height) == (600, 300)
    assert shown(image.data).size == (600, 300)
    assert near(shown(image.data).getpixel((100, 150)), (220, 20, 20))


def test_too_many_bytes_are_encoded_anew(tmp_path):
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (300, 300, 3), dtype=np.uint8))
    path = tmp_path / "a.png"
    noise.save(path)
    image = load_image(path, ImageLimits(max_bytes=200_000))
    assert image.mime == "image/jpeg"
    assert len(image.data) <= 200_000


def test_the_first_format_of_the_limits_is_what_is_written():
    image = load_image(encoded(picture(), "BMP"), ImageLimits(formats=("png",)))
    assert image.mime == "image/png"
    assert shown(image.data).getpixel((10, 30)) == (220, 20, 20)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_frame_is_taken(kind):
    frames = [picture(), Image.new("RGB", (64, 48), "lime"), Image.new("RGB", (64, 48), "black")]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    image = load_image(data)
    assert image.data != data
    assert near(shown(image.data).getpixel((10, 30)), (220, 20, 20))


def test_transparency_lies_over_white():
    clear = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    clear.paste((220, 20, 20, 255), (0, 0, 20, 40))
    palette = Image.new("P", (40, 40), 0)
    palette.putpalette([0, 0, 0, 220, 20, 20])
    palette.paste(1, (0, 0, 20, 40))
    for data in (
        encoded(clear, "PNG"),
        encoded(clear, "WEBP", lossless=True),
        encoded(palette, "PNG", transparency=0),
        encoded(clear.convert("LA"), "PNG"),
    ):
        upright = shown(load_image(data).data)
        assert near(upright.getpixel((30, 20)), (255, 255, 255))
        assert not near(upright.getpixel((10, 20)), (255, 255, 255))


def test_cmyk_becomes_rgb():
    image = load_image(encoded(picture().convert("CMYK"), "JPEG"))
    assert Image.open(io.BytesIO(image.data)).mode == "RGB"
    assert near(shown(image.data).getpixel((10, 30)), (220, 20, 20))


def test_sixteen_bits_are_scaled_not_clipped():
    ramp = np.linspace(0, 65535, 64, dtype=np.uint16)[None, :].repeat(8, axis=0)
    upright = np.asarray(shown(load_image(encoded(Image.fromarray(ramp), "PNG")).data), dtype=int)
    assert abs(upright[4, 32, 0] - 128) < 8
    assert upright[4, 0, 0] < 8 and upright[4, 63, 0] > 247


def test_floats_are_shown_over_their_range():
    values = np.linspace(-5, 5, 64, dtype=np.float32)[None, :].repeat(8, axis=0)
    upright = np.asarray(shown(load_image(encoded(Image.fromarray(values), "TIFF")).data), dtype=int)
    assert upright[4, 0, 0] < 8 and upright[4, 63, 0] > 247


def png_declaring(width: int, height: int) -> bytes:
    """A tiny PNG whose header promises any size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def test_a_decompression_bomb_is_refused_from_its_header(tmp_path):
    path = tmp_path / "bomb.png"
    path.write_bytes(png_declaring(20_000, 20_000))
    with pytest.raises(MediaError, match=r"bomb\.png declares 20000x20000 pixels"):
        load_image(path)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_bomb_in_a_format_that_only_pillow_knows_is_refused_too():
    data = bytearray(encoded(picture(), "BMP"))
    data[18:26] = struct.pack("<ii", 12_000, 12_000)
    with pytest.raises(MediaError, match="12000x12000"):
        load_image(bytes(data))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"just words, no picture at all", "is not an image: it is text$"),
        (bytes(range(200, 256)) * 8, "is not an image"),
        (FITTING["jpeg"][:400], "cannot be decoded"),
        (FITTING["png"][:-40], "cannot be decoded"),
        (FITTING["webp"][:-20], "cannot be decoded|is not an image"),
    ],
    ids=["empty", "text", "bytes", "cut jpeg", "cut png", "cut webp"],
)
def test_what_is_no_image_fails_with_its_name_and_the_reason(tmp_path, content, reason):
    path = tmp_path / "sample.jpg"
    path.write_bytes(content)
    with pytest.raises(MediaError, match=reason) as caught:
        load_image(path)
    assert "sample.jpg" in str(caught.value)


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    with pytest.raises(MediaError, match="no such file"):
        load_image(tmp_path / "none.jpg")
    with pytest.raises(MediaError, match="is a folder"):
        load_image(tmp_path)


def test_a_file_that_may_not_be_read_says_so(tmp_path):
    """Run as another user where the tests run as root, whom nothing is forbidden."""
    path = tmp_path / "secret.jpg"
    path.write_bytes(FITTING["jpeg"])
    path.chmod(0)
    for folder in (tmp_path, *tmp_path.parents[:3]):
        if folder != Path("/tmp"):
            folder.chmod(0o755)
    script = (
        "import os, sys; from dataflow.media.image import load_image; from dataflow.core import MediaError\n"
        "if os.getuid() == 0: os.setuid(65534)\n"
        "try: load_image(sys.argv[1])\nexcept MediaError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)
    assert "secret.jpg: no permission" in done.stdout


def test_a_data_url_is_an_image():
    from base64 import b64encode

    assert load_image("data:image/png;base64," + b64encode(FITTING["png"]).decode()).data == FITTING["png"]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(FITTING)), st.data())
def test_damaged_bytes_give_an_image_or_a_media_error(kind, data):
    content = bytearray(FITTING[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(1, len(content)))]
    try:
        image = load_image(bytes(content))
    except MediaError:
        return
    assert image.width > 0 and image.height > 0


@given(st.binary(max_size=200), st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBPVP8X", b""]))
def test_reading_a_header_never_fails(content, signature):
    header = read_header(signature + content)
    assert header is None or header.format in ("jpeg", "png", "webp")


@pytest.mark.parametrize("kind", FITTING)
def test_the_header_says_what_pillow_says(kind):
    header = read_header(FITTING[kind])
    assert header is not None and header.whole and header.plain
    assert (header.width, header.height) == Image.open(io.BytesIO(FITTING[kind])).size


@pytest.mark.parametrize("kind", FITTING)
def test_a_structure_cut_anywhere_is_not_whole(kind):
    content = FITTING[kind]
    for length in range(len(content) - 1):
        header = read_header(content[:length])
        assert header is None or not header.whole
