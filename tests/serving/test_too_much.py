"""What an endpoint says of too many or too large images becomes what to type."""

from __future__ import annotations

import pytest

from dataflow.serving.openai_api.too_much import FEWER, OTHER_FORMAT, SHORTER, SMALLER, cure_for


@pytest.mark.parametrize(
    ("status", "words", "cure"),
    [
        (400, "At most 4 image(s) may be provided in one prompt.", FEWER),
        (400, "At most 1 video(s) may be provided in one request.", FEWER),
        (400, "Too many images in request. Max is 250.", FEWER),
        (400, "Too many images provided. This model supports up to 5 images", FEWER),
        (400, "This model accepts a maximum of 8 images per request", FEWER),
        (400, "You set or defaulted to --limit-mm-per-prompt image=1", FEWER),
        (422, "The number of images exceeds the limit", FEWER),
        (400, "messages.0.content.1.image.source.base64: image exceeds 5 MB maximum: 6291456 bytes > 5242880", SMALLER),
        (400, "At least one of the image dimensions exceed max allowed size: 8000 pixels", SMALLER),
        (400, "image too large", SMALLER),
        (400, "Request payload size exceeds the limit: 20971520 bytes.", SMALLER),
        (400, "Image size 4000x9000 is larger than the maximum of 33 megapixels", SMALLER),
        (413, "<html><h1>413 Request Entity Too Large</h1>", SMALLER),
        (413, "without a word", SMALLER),
        (400, "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens", SHORTER),
        (400, "prompt is too long: 210000 tokens > 200000 maximum", SHORTER),
        (400, "the request exceeds the available context size", SHORTER),
        (400, "The decoder prompt (length 9000) is longer than the maximum model length of 8192.", SHORTER),
        (400, "You uploaded an unsupported image. Please make sure your image is valid.", OTHER_FORMAT),
        (400, "Invalid image format. Supported formats: jpeg, png", OTHER_FORMAT),
        (400, "image/webp is not supported by this model", OTHER_FORMAT),
        (400, "Failed to load image or audio file", OTHER_FORMAT),
        (400, "Unsupported MIME type: image/webp", OTHER_FORMAT),
        (500, "cannot identify image file <_io.BytesIO object>", OTHER_FORMAT),
        (400, "messages.0.content.0.image.source.media_type: unsupported media type", OTHER_FORMAT),
    ],
)
def test_the_cure_is_that_of_the_kind(status: int, words: str, cure: str) -> None:
    assert cure_for(status, words) == f"; {cure}"


@pytest.mark.parametrize(
    "words",
    [
        "The request could not be understood.",
        "Unsupported parameter: 'temperature'",
        "Unsupported response_format type",
        "Unsupported media parameter",
        "The prompt was refused by the content policy.",
        "Invalid value: 'max_tokens' must be positive",
        "Could not process image",
        "",
    ],
)
def test_other_refusals_get_no_cure_that_does_not_help(words: str) -> None:
    assert cure_for(400, words) == ""


@pytest.mark.parametrize("unit", ["image ", "exceeds ", "too many ", "input ", "maximum 1 ", "request "])
def test_a_long_message_is_searched_in_linear_time(unit: str) -> None:
    cure_for(400, unit * 20_000)
