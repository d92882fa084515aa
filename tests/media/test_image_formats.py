"""Endpoints are sent the formats that they read: JPEG and PNG, unless they are said to read more."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from dataflow.core.errors import UsageError
from dataflow.media.image import load_image
from dataflow.media.image_limits import ImageLimits, check_formats
from tests.media.pictures import encoded, exif_of

DRAWING = Image.new("RGB", (64, 64), (220, 20, 20))
DRAWING.paste((20, 20, 220), (32, 0, 64, 64))


def shown(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


@pytest.mark.parametrize(
    "kind", ["BMP", "TIFF", "PPM", "ICO", "TGA", "JPEG2000", "GIF", "PCX", "WEBP", "AVIF", "MPO", "HEIF"]
)
def test_other_formats_are_re_encoded(kind):
    if kind == "HEIF":
        pytest.importorskip("pillow_heif").register_heif_opener()
    data = encoded(DRAWING, kind, **({"save_all": True, "append_images": [DRAWING]} if kind == "MPO" else {}))
    image = load_image(data)
    assert image.mime in ("image/jpeg", "image/png") and image.data != data
    assert Image.open(io.BytesIO(image.data)).format in ("JPEG", "PNG")
    assert all(abs(a - b) < 30 for a, b in zip(shown(image.data).getpixel((10, 40)), (220, 20, 20), strict=True))


@pytest.mark.parametrize(
    "data",
    [
        encoded(DRAWING.convert("CMYK"), "JPEG"),
        encoded(DRAWING.convert("I;16"), "PNG"),
        encoded(DRAWING, "PNG", exif=exif_of(6)),
        encoded(DRAWING, "JPEG") + b"behind the end",
    ],
    ids=["cmyk", "16 bits", "turned", "more behind the end"],
)
def test_jpeg_and_png_that_readers_show_differently_are_re_encoded(data):
    image = load_image(data)
    assert image.data != data
    made = Image.open(io.BytesIO(image.data))
    assert made.mode == "RGB" and made.getexif().get(0x0112, 1) == 1


def test_a_drawing_becomes_a_png_where_that_is_smaller_and_a_photograph_a_jpeg():
    drawing, photograph = encoded(DRAWING, "BMP"), encoded(Image.effect_noise((64, 48), 40), "BMP")
    assert load_image(drawing).mime == "image/png"
    assert shown(load_image(drawing).data).tobytes() == DRAWING.tobytes()
    assert load_image(drawing, ImageLimits(formats=("jpeg",))).mime == "image/jpeg"
    assert load_image(photograph).mime == "image/jpeg"


@pytest.mark.parametrize("options", [{}, {"lossless": True}, {"icc_profile": b"profile"}])
def test_webp_is_sent_as_it_is_where_the_endpoint_takes_it(options):
    limits = ImageLimits(formats=check_formats("webp, jpg"))
    assert limits.formats == ("jpeg", "webp")
    data = encoded(DRAWING, "WEBP", **options)
    assert load_image(data, limits).data == data
    assert load_image(data).data != data
    assert load_image(encoded(DRAWING, "PNG"), limits).mime == "image/jpeg"


@pytest.mark.parametrize("named", ["wepb", "jpeg,gif", ["bmp"], "jpeg,,png"])
def test_a_format_that_is_not_known_is_told_with_those_that_are(named):
    with pytest.raises(UsageError, match=r"known are jpeg, png, webp, such as --image-formats jpeg,png,webp"):
        check_formats(named)
