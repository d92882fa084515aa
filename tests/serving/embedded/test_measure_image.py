import io

import numpy as np
import pytest
from PIL import Image, ImageFilter

from dataflow.core import MediaError
from dataflow.serving.embedded.measure_image import measure_image


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


def chequered() -> Image.Image:
    cells = np.indices((20, 30)).sum(axis=0) % 2 * 200 + 30
    return Image.fromarray(cells.repeat(20, 0).repeat(20, 1).astype(np.uint8)).convert("RGB")


def test_blur_makes_a_picture_soft_and_then_blurred() -> None:
    looks = [
        measure_image(encoded(chequered().filter(ImageFilter.GaussianBlur(radius)))).sharpness for radius in (0, 1, 4)
    ]
    assert looks == ["sharp", "soft", "blurred"]


def test_a_plain_picture_has_neither_sharpness_nor_texture() -> None:
    facts = measure_image(encoded(Image.new("RGB", (200, 100), (30, 140, 60))))
    assert (facts.sharpness, facts.texture, facts.contrast) == ("", "plain", "low")


def test_noise_is_a_rich_texture() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (200, 300, 3), dtype=np.uint8)
    assert measure_image(encoded(Image.fromarray(noise))).texture == "richly textured"


def test_camera_date_and_upright_size_come_from_exif() -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0132], exif[0x0112] = "Canon", "Canon EOS 5D", "2024:05:01 12:00:00", 6
    facts = measure_image(encoded(chequered(), "JPEG", exif=exif))
    assert (facts.camera, facts.taken) == ("Canon EOS 5D", "2024-05-01 12:00:00")
    assert (facts.width, facts.height) == (400, 600)


def test_exif_cannot_put_sentences_of_its_own_into_a_caption() -> None:
    exif = Image.Exif()
    exif[0x0110] = "Cam. It is dated 1999. <b>\n" * 40
    camera = measure_image(encoded(chequered(), "JPEG", exif=exif)).camera
    assert len(camera) <= 60
    assert not set(".<>\n") & set(camera)


def test_transparency_lies_over_white() -> None:
    facts = measure_image(encoded(Image.new("RGBA", (60, 60), (200, 0, 0, 0))))
    assert [colour.name for colour in facts.colours] == ["white"]


@pytest.mark.parametrize("data", [b"", b"dear diary", b"\x89PNG\r\n\x1a\n" + b"\x00" * 30])
def test_what_is_no_picture_is_an_error(data: bytes) -> None:
    with pytest.raises(MediaError):
        measure_image(data)


def test_a_picture_that_is_cut_off_is_an_error() -> None:
    data = encoded(chequered(), "JPEG")
    with pytest.raises(MediaError):
        measure_image(data[: len(data) // 2])
