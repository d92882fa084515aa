"""EXIF is read as far as it is whole, and what is damaged in it costs no picture."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dataflow.media.exif import Shot, exif_orientation, exif_shot
from dataflow.media.image import load_image
from dataflow.media.image_bare import bare
from dataflow.media.image_header import read_header
from dataflow.media.probe import probe
from dataflow.serving.embedded.measure_image import measure_image
from tests.media.pictures import DAMAGED_EXIF, LOOP, encoded, exif_of, png_chunk, with_exif

FORMATS = ["JPEG", "PNG", "WEBP", "AVIF", "HEIF", "TIFF"]


@pytest.fixture(scope="module", autouse=True)
def heic():
    pytest.importorskip("pillow_heif").register_heif_opener()


@pytest.mark.parametrize("value", range(1, 9))
def test_the_orientation_is_read_in_both_byte_orders(value):
    for order, mark in (("<", b"II*\x00"), (">", b"MM\x00*")):
        block = mark + struct.pack(f"{order}IHHHIHHI", 8, 1, 0x0112, 3, 1, value, 0, 0)
        assert exif_orientation(block) == exif_orientation(b"Exif\x00\x00" + block) == value


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_is_none(value):
    assert exif_orientation(exif_of(value)) == 1


@given(st.binary(max_size=300), st.sampled_from([b"", b"II*\x00\x08\x00\x00\x00", b"MM\x00*\x00\x00\x00\x08", LOOP]))
def test_reading_a_block_never_fails(content, begin):
    assert 1 <= exif_orientation(begin + content) <= 8
    shot = exif_shot(begin + content)
    assert all(len(text) <= 200 for text in (shot.make, shot.model, shot.taken))


def test_camera_and_date_are_read_by_the_tags_of_the_standard():
    tags = Image.Exif()
    tags[0x010F], tags[0x0110], tags[0x0132] = "Canon", "Canon EOS 5D", "2024:05:01 12:00:00"
    assert exif_shot(tags.tobytes()) == Shot("Canon", "Canon EOS 5D", "2024:05:01 12:00:00")
    tags.get_ifd(0x8769)[0x9003] = "2023:01:02 03:04:05"
    assert exif_shot(tags.tobytes()).taken == "2023:01:02 03:04:05"


def test_of_a_block_of_any_size_only_the_beginning_is_read():
    assert exif_orientation(exif_of(6) + bytes(50_000_000)) == 6
    assert exif_orientation(b"II*\x00" + struct.pack("<I", 2_000_000) + bytes(50_000_000)) == 1


@pytest.mark.parametrize("damage", DAMAGED_EXIF)
@pytest.mark.parametrize("kind", FORMATS[:-1])
def test_a_damaged_block_costs_no_picture(tmp_path, kind, damage):
    path = tmp_path / "a.bin"
    path.write_bytes(with_exif(Image.new("RGB", (64, 48), (200, 30, 30)), kind, DAMAGED_EXIF[damage]))
    sent, told, measured = load_image(path), probe(path), measure_image(str(path))
    assert (told.kind, told.rotation) == ("image", 0)
    assert (sent.width, sent.height) == (told.width, told.height) == (measured.width, measured.height) == (64, 48)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", FORMATS)
def test_what_is_told_of_a_turned_picture_is_what_is_sent(tmp_path, kind, orientation):
    path = tmp_path / "a.bin"
    options = {"tiffinfo": {0x0112: orientation}} if kind == "TIFF" else {"exif": exif_of(orientation)}
    path.write_bytes(encoded(Image.new("RGB", (64, 48), (200, 30, 30)), kind, **options))
    sent, told, measured = load_image(path), probe(path), measure_image(str(path))
    assert (sent.width, sent.height) == (told.width, told.height) == (measured.width, measured.height)
    assert (told.width, told.height) == ((48, 64) if orientation > 4 else (64, 48))


def test_the_block_of_a_png_may_lie_behind_its_pixels(tmp_path):
    plain = encoded(Image.new("RGB", (64, 48)), "PNG")
    (tmp_path / "a.png").write_bytes(plain[:-12] + png_chunk(b"eXIf", exif_of(6)) + plain[-12:])
    sent, told = load_image(tmp_path / "a.png"), probe(tmp_path / "a.png")
    assert (sent.width, sent.height) == (told.width, told.height) == (48, 64)


@pytest.mark.parametrize("kind", FORMATS[:4])
def test_what_is_damaged_beside_the_pixels_is_left_out(tmp_path, kind):
    data = with_exif(Image.new("RGB", (64, 48), (200, 30, 30)), kind, DAMAGED_EXIF["large"])
    left = bare(data)
    assert left is not None
    (tmp_path / "a.bin").write_bytes(left)
    with Image.open(tmp_path / "a.bin") as image:
        image.load()
        assert image.size == (64, 48) and bytes(1000) not in image.info.get("exif", b"")
    assert bare(left) is None


def test_text_that_unpacks_without_end_costs_no_picture(tmp_path):
    import zlib

    plain = encoded(Image.new("RGBA", (64, 48), (200, 30, 30, 90)), "PNG")
    bomb = png_chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(bytes(80 << 20)))
    (tmp_path / "a.png").write_bytes(plain[:33] + bomb + plain[33:-12] + bomb + plain[-12:])
    assert load_image(tmp_path / "a.png").width == 64
    assert probe(tmp_path / "a.png").kind == "image"


@given(st.binary(max_size=300), st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBPVP8X"]))
def test_leaving_out_never_fails(content, begin):
    left = bare(begin + content)
    assert left is None or len(left) <= len(begin + content) + 12


def test_the_header_knows_the_orientation():
    assert read_header(encoded(Image.new("RGB", (8, 8)), "JPEG", exif=exif_of(7))).orientation == 7
