"""Pictures of more pixels than fit into memory are read at reduced scale where their format can, else refused."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from dataflow.core.errors import MediaError, UsageError
from dataflow.media import tiff_bands
from dataflow.media.image import load_image
from dataflow.media.image_limits import ImageLimits, checked_pixels
from dataflow.media.probe import probe
from tests.media.pictures import encoded

WIDTH, HEIGHT = 1200, 900
SMALL = ImageLimits(max_side=200, max_image_pixels=WIDTH * HEIGHT // 3, formats=("png",))


def picture(mode: str = "RGB") -> Image.Image:
    """A slope from dark to light with a bright corner, upper right."""
    across, down = np.meshgrid(np.linspace(0, 150, WIDTH), np.linspace(0, 60, HEIGHT))
    pixels = np.stack([across + down, across, down], axis=2).astype(np.uint8)
    pixels[:200, -300:] = 255
    return Image.fromarray(pixels).convert(mode)


def apart(data: bytes, expected: Image.Image) -> float:
    """How far the mean pixel is off, 0 to 255."""
    made = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), float)
    like = np.asarray(expected.convert("RGB").resize((made.shape[1], made.shape[0]), Image.Resampling.BOX), float)
    return float(np.abs(made - like).mean())


def tiled(image: Image.Image, tile: int, planar: bool = False, order: str = "<", packed: bool = True) -> bytes:
    """A TIFF in tiles, which Pillow reads and does not write."""
    pixels = np.asarray(image)
    pixels = pixels if pixels.ndim == 3 else pixels[:, :, None]
    down, across = -(-pixels.shape[0] // tile), -(-pixels.shape[1] // tile)
    padded = np.zeros((down * tile, across * tile, pixels.shape[2]), pixels.dtype.newbyteorder(order))
    padded[: pixels.shape[0], : pixels.shape[1]] = pixels
    planes = [padded[:, :, [one]] for one in range(pixels.shape[2])] if planar else [padded]
    parts = [
        plane[y * tile : (y + 1) * tile, x * tile : (x + 1) * tile].tobytes()
        for plane in planes
        for y in range(down)
        for x in range(across)
    ]
    parts = [zlib.compress(part) for part in parts] if packed else parts
    channels = pixels.shape[2]
    offsets = np.cumsum([8, *(len(part) for part in parts)])[:-1].tolist()
    tags = {
        256: [image.width], 257: [image.height], 258: [8 * pixels.itemsize] * channels, 259: [8 if packed else 1],
        262: [2 if channels == 3 else 1], 277: [channels], 284: [2 if planar else 1], 322: [tile], 323: [tile],
        324: offsets, 325: [len(part) for part in parts],
    }  # fmt: skip
    at = 8 + sum(map(len, parts))
    behind, directory, further = at + 2 + 12 * len(tags) + 4, b"", b""
    for tag, values in tags.items():
        value = struct.pack(f"{order}{len(values)}I", *values)
        if len(value) > 4:
            value, further = struct.pack(order + "I", behind + len(further)), further + value
        directory += struct.pack(order + "HHI", tag, 4, len(values)) + value
    head = {"<": b"II*\x00", ">": b"MM\x00*"}[order] + struct.pack(order + "I", at)
    return head + b"".join(parts) + struct.pack(order + "H", len(tags)) + directory + bytes(4) + further


LARGE = {
    "jpeg": lambda: encoded(picture(), "JPEG"),
    "grey jpeg": lambda: encoded(picture("L"), "JPEG"),
    "jpeg 2000": lambda: encoded(picture(), "JPEG2000"),
    "codestream": lambda: encoded(picture(), "JPEG2000", no_jp2=True),
    "raw tiff": lambda: encoded(picture(), "TIFF"),
    "lzw tiff": lambda: encoded(picture(), "TIFF", compression="tiff_lzw", strip_size=WIDTH * 21),
    "deflate tiff": lambda: encoded(picture(), "TIFF", compression="tiff_adobe_deflate", strip_size=WIDTH * 21),
    "jpeg tiff": lambda: encoded(picture(), "TIFF", compression="jpeg", strip_size=WIDTH * 48),
    "palette tiff": lambda: encoded(picture().quantize(64), "TIFF", compression="packbits", strip_size=WIDTH * 9),
    "fax tiff": lambda: encoded(picture("1"), "TIFF", compression="group4", strip_size=150 * 40),
    "cmyk tiff": lambda: encoded(picture("CMYK"), "TIFF", compression="tiff_lzw", strip_size=WIDTH * 40),
    "tiled tiff": lambda: tiled(picture(), 256),
    "big endian, in planes": lambda: tiled(picture(), 128, planar=True, order=">"),
    "grey tiles": lambda: tiled(picture("L"), 64, packed=False),
}


TILED = tiled(picture(), 256)


@pytest.fixture
def from_small_on(monkeypatch):
    monkeypatch.setattr(tiff_bands, "BANDED_FROM", 1000)
    monkeypatch.setattr(tiff_bands, "_BAND", 100_000)


@pytest.mark.parametrize("kind", LARGE)
def test_a_large_picture_is_read_at_reduced_scale(from_small_on, kind):
    data = LARGE[kind]()
    image = load_image(data, SMALL)
    assert (image.width, image.height) == (200, 150)
    with Image.open(io.BytesIO(data)) as whole:
        assert apart(image.data, whole) < 4


@pytest.mark.parametrize("order", ["<", ">"])
def test_sixteen_bits_are_scaled_alike_in_all_bands(from_small_on, order):
    ramp = np.linspace(0, 65535, HEIGHT).astype(np.uint16)[:, None].repeat(WIDTH, axis=1)
    image = load_image(tiled(Image.fromarray(ramp), 64, order=order), SMALL)
    column = np.asarray(Image.open(io.BytesIO(image.data)).convert("L"), int)[:, 100]
    assert column[0] < 4 and column[-1] > 251 and (np.diff(column) >= 0).all()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_tiff_in_bands_is_upright(from_small_on, tmp_path, orientation):
    path = tmp_path / "a.tif"
    picture().save(path, tiffinfo={0x0112: orientation})
    image, told = load_image(path, SMALL), probe(path)
    assert (image.width > image.height) == (told.width > told.height) == (orientation < 5)
    with Image.open(path) as whole:
        whole.load()
        assert apart(image.data, whole) < 3


def test_a_panorama_is_reduced_by_its_longer_side():
    image = load_image(encoded(Image.new("RGB", (8000, 100), "red"), "JPEG"), ImageLimits(1000, 50_000))
    assert (image.width, image.height) == (1000, 12)


@pytest.mark.parametrize(
    "data",
    [
        encoded(picture(), "PNG"),
        encoded(picture(), "JPEG", progressive=True),
        encoded(picture(), "BMP"),
        encoded(picture(), "WEBP"),
    ],
    ids=["png", "progressive jpeg", "bmp", "webp"],
)
def test_what_cannot_be_reduced_is_refused_with_the_option_that_reads_it(data):
    with pytest.raises(MediaError, match=rf"declares 1200x900 pixels.*--max-image-pixels {WIDTH * HEIGHT} reads it"):
        load_image(data, SMALL)
    assert load_image(data, ImageLimits(200, WIDTH * HEIGHT)).width == 200


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_large_tiff_gives_a_picture_or_a_media_error(from_small_on, data):
    content = bytearray(TILED)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(-400, -1))] = data.draw(st.integers(0, 255))
    try:
        assert load_image(bytes(content), SMALL).width > 0
    except MediaError:
        return


def test_of_a_size_that_no_picture_has_no_option_is_told():
    data = bytearray(encoded(picture(), "BMP"))
    data[18:26] = struct.pack("<ii", 3_000_000, 2_000_000)
    with pytest.raises(MediaError, match=r"3000000x2000000 pixels.*damaged, or made to fill the memory$"):
        load_image(bytes(data))


@pytest.mark.parametrize("number", [0, -1, 1.5, True, "many"])
def test_the_limit_is_a_whole_number(number):
    with pytest.raises(UsageError, match="max_image_pixels must be a whole number of at least 1"):
        checked_pixels(number)


@pytest.mark.parametrize("kind", ["lzw tiff", "tiled tiff", "jpeg 2000", "jpeg"])
def test_a_large_picture_that_is_cut_off_fails_and_says_so(from_small_on, kind):
    data = LARGE[kind]()
    with pytest.raises(MediaError, match=r"cannot be decoded|is not an image"):
        load_image(data[: len(data) // 2], SMALL)


def test_a_tiff_that_claims_pixels_behind_its_end_is_not_decoded_first():
    """Plain rows of 48 pixels, ten million of them, in 6 KB: found by `make fuzz`."""
    data = bytearray(encoded(Image.new("RGB", (48, 36)), "TIFF"))
    with Image.open(io.BytesIO(data)) as image:
        order = "<" if image.tag_v2.prefix == b"II" else ">"
    at = data.index(struct.pack(order + "HHI", 257, 4, 1)) + 8
    data[at : at + 4] = struct.pack(order + "I", 10_000_000)
    with pytest.raises(MediaError, match=r"an image of \d+ bytes cannot be decoded: .*cut off"):
        load_image(bytes(data), SMALL)


def test_a_jpeg_of_four_hundred_million_pixels_is_read_in_little_memory(tmp_path):
    """In a process of its own, whose memory is bounded: held whole, the picture takes 1.2 GB."""
    block = encoded(Image.new("RGB", (20_000, 16), "teal"), "JPEG", quality=50, subsampling=0)
    scan = block.index(b"\xff\xda") + 14
    size = block.index(b"\xff\xc0") + 5
    head = bytearray(block[:scan])
    head[size : size + 2] = struct.pack(">H", 20_000)
    restart = b"\xff\xdd\x00\x04" + struct.pack(">H", 2500 * 2)
    rows = b"".join(block[scan:-2] + bytes([0xFF, 0xD0 + number % 8]) for number in range(1250))
    start = block.index(b"\xff\xda")
    path = tmp_path / "large.jpg"
    path.write_bytes(bytes(head[:start]) + restart + bytes(head[start:]) + rows[:-2] + b"\xff\xd9")
    script = (
        "import sys; from dataflow.media.image import load_image\n"
        "image = load_image(sys.argv[1])\n"
        # getrusage would count what the parent held when it forked
        "peak = open('/proc/self/status').read().partition('VmHWM:')[2].split()[0]\n"
        "print(image.width, image.height, int(peak) // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)
    width, height, megabytes = map(int, done.stdout.split())
    assert (width, height) == (2048, 2048)
    assert megabytes < 400
