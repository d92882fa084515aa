"""Words that are about every request end a run; words about one must not."""

from __future__ import annotations

import pytest

from dataflow.serving.openai_api.meaning import meaning_of


@pytest.mark.parametrize(
    "words",
    [
        "webp images are not supported",
        "the image format is not supported",
        "Unsupported image type: this model does not support image types other than PNG",
        "This model does not support images larger than 20 MB",
        "does not support multiple images in one request",
        "does not support image urls, send base64",
        "image region is not supported",
        "The image data you provided does not represent a valid image. Please check your input",
        "response_format is not supported by this model",
        "At most 10 image(s) may be provided",
        "temperature is only supported for some models",
        "messages.0.content: at least one text part is needed",
    ],
)
def test_what_is_about_one_request_is_not_taken_for_what_is_about_all(words: str) -> None:
    assert meaning_of(words) is None


@pytest.mark.parametrize(
    "unit", ["image ", "not support ", "content: ", "api key ", "http request to ", "country, region "]
)
def test_long_messages_are_searched_in_linear_time(unit: str) -> None:
    assert meaning_of(unit * 20_000) is None
