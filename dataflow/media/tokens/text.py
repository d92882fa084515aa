"""About how many tokens words take, without any model's vocabulary."""

from __future__ import annotations

_ASCII = bytes(range(128))
_SIGNS = bytes(code for code in range(33, 127) if not chr(code).isalpha())

LETTERS_PER_TOKEN = 4.8
TOKENS_PER_SIGN = 0.6
BYTES_PER_TOKEN = 4.0


def text_tokens(text: str) -> int:
    """About how many tokens a text takes.

    A token for every 4.8 Latin letters and spaces, 0.6 for a digit or sign, and one for every 4 bytes of other scripts
    in UTF-8, so about 0.75 for a Chinese character. Held against OpenAI's vocabularies: our prompts, JSON and European
    languages come to 0.93 to 1.1 of o200k, Chinese, Japanese and Korean to 0.8 to 1.0 of it and 0.5 to 0.65 of the
    older cl100k; Russian, Arabic, Thai and Hindi to 1.1 to 1.8 of o200k and 0.6 to 0.85 of cl100k.

    Args:
        text: any.
    """
    data = text.encode("utf-8", "surrogatepass")
    foreign = len(data.translate(None, _ASCII))
    signs = len(data) - len(data.translate(None, _SIGNS))
    letters = len(data) - foreign - signs
    return round(letters / LETTERS_PER_TOKEN + signs * TOKENS_PER_SIGN + foreign / BYTES_PER_TOKEN)
