"""What only the words of an error tell: endpoints give it all kinds of statuses, and some even 200."""

from __future__ import annotations

import re
from enum import Enum


class Meaning(Enum):
    """What is wrong for every request, whatever its status, with the status that would have said so."""

    NO_IMAGES = 415
    WRONG_KEY = 401
    NO_CREDIT = 402
    WRONG_PLACE = 451
    WANTS_TLS = 426
    NO_SUCH_PATH = 405


_IMAGES = r"(?<!webp )(?<!avif )(?<!gif )(?<!heic )(?<!bmp )(?<!tiff )(?:images?|image_url|vision|multi-?modal)\b"
"""Images of any kind; who does not take some of them may well take others."""

_WORDS = {
    Meaning.NO_IMAGES: (
        _IMAGES
        + r"(?: (?:inputs?|content))? (?:is|are) (?:not supported(?! (?:format|type))|only supported (?:by|for|on))"
        r"|(?:not|n't) support (?:input )?(?:images?|image_url|vision|multi-?modal)\b"
        r"(?! (?:formats?|types?|sizes?|files?|urls?|of|with|in|above|over|larger|bigger|smaller|exceeding)\b)"
        r"|found that support image|not a (?:vision|multi-?modal) model|vision add-on is not loaded"
        r"|unsupported content part type|unknown variant `?image_url|at most 0 image|required for image input"
        r"|content\W{1,4}(?::\s?)?(?:value )?must be a string"
    ),
    Meaning.WRONG_KEY: (
        r"api[ _-]?key (?:is )?(?:not valid|invalid|expired|not found)|(?:invalid|incorrect) api[ _-]?key"
    ),
    Meaning.NO_CREDIT: r"credit balance is too low|insufficient (?:balance|credit|funds)|exceeded your current quota",
    Meaning.WRONG_PLACE: r"location is not supported|country, region,? or territory",
    Meaning.WANTS_TLS: r"http request (?:was sent )?to (?:an )?https (?:port|server)|requires tls",
    Meaning.NO_SUCH_PATH: (
        r"unexpected endpoint or method|unknown request url|invalid url \(|no route matched|cannot post /"
    ),
}
_FOUND = {meaning: re.compile(pattern, re.IGNORECASE) for meaning, pattern in _WORDS.items()}
"""Words of Anthropic's, DeepSeek's, Google's, Groq's, llama.cpp's, LM Studio's, Ollama's, OpenAI's, OpenRouter's and
vLLM's errors, and of nginx, Go and Kong before them."""


def meaning_of(words: str) -> Meaning | None:
    """What an error is about, where its words tell it.

    Args:
        words: of the error, bounded in length.
    """
    return next((meaning for meaning, pattern in _FOUND.items() if pattern.search(words)), None)
