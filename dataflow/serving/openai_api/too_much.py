"""What helps when an endpoint cannot take the images of a request: too many, too large, too many tokens, or a format
that it does not read."""

from __future__ import annotations

import re

_COUNT = re.compile(
    r"too many (?:images?|media|multi-?modal|frames|videos?)\b|at most \d{1,9} (?:image|video|multi-?modal|media)"
    r"|(?:supports?|allow(?:s|ed)?|accepts?|maximum|max|limit|up to|more than|exceeds?)\b[^.]{0,40} \d{1,9} "
    r"(?:images?|videos?)\b"
    r"|(?:number|count) of (?:images?|videos?|media)|(?:image|video|media)s?[ _](?:count|limit)\b"
    r"|max(?:imum)? data-uri|limit[_-]mm[_-]per[_-]prompt",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"max_(?:completion_)?tokens[^.]{0,40}too (?:large|big|high)|at most \d{1,9} completion tokens", re.I
)
_TOKENS = re.compile(
    r"context[ _](?:length|window|size)|prompt (?:is )?too long|maximum (?:input|prompt|model) length"
    r"|too many (?:input )?tokens|max_tokens must be at least 1, got -|tokens per minute"
    r"|(?:input|prompt)[^.]{0,40}(?:exceed|longer than)[^.]{0,60}(?:tokens|length)",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"(?:image|picture|photo|frame|file|dimension|resolution)[^.]{0,80}"
    r"(?:too (?:large|big)|exceed|larger than|bigger than|maximum|max(?:imum)? (?:size|allowed))"
    r"|(?:exceed|too (?:large|big)|larger than|maximum)[^.]{0,80}(?:image|dimension|pixel|resolution)"
    r"|(?:payload|entity|body|content|request)[^.]{0,40}(?:too large|size exceed|exceeds? the (?:size )?limit)"
    r"|too many pixels|\bmax_pixels\b",
    re.IGNORECASE,
)
_FORMAT = re.compile(
    r"(?:unsupported|invalid|unknown|unrecogni[sz]ed|not supported|supported)[^.]{0,40}"
    r"(?:image|media|file|mime)[ _-]?(?:format|type|media type)"
    r"|(?:image|media|file|mime)[ _-]?(?:formats?|types?|media type)[^.]{0,40}(?:unsupported|invalid|not supported)"
    r"|unsupported image\b|image/(?:webp|png|gif|bmp)\b[^.]{0,40}(?:not supported|unsupported|not allowed)"
    r"|(?:failed to|cannot|could not) (?:load|identify|decode) image",
    re.IGNORECASE,
)
"""Words of OpenAI's, Anthropic's, Google's, Groq's, Mistral's, vLLM's and SGLang's refusals, and of proxies'."""

_LONGEST = 4000
"""Characters of an error that are looked at; what is shown of one has a few hundred."""

FEWER = "send fewer images: --frames uniform:N takes N of a video"
LOWER = "give a lower --max-tokens"
SMALLER = (
    "send smaller images, with --model 'openai/NAME?max_side=1024' (2048 unless told; for the frames of videos "
    "`video_max_side`, 448 unless told), or fewer: --frames uniform:N takes N of a video"
)
SHORTER = (
    "what fills it is mostly images: send fewer (--frames uniform:N) or smaller ones (--model "
    "'openai/NAME?max_side=1024', `video_max_side` for frames), have OpenAI's models look less closely (--detail low), "
    "or leave more room with a lower --max-tokens"
)
OTHER_FORMAT = "send what it reads: --image-formats jpeg sends every image as JPEG"


def cure_for(status: int, words: str) -> str:
    """What to do about a request whose images an endpoint cannot take, as an end of its sentence; empty where it can.

    Args:
        status: of the reply.
        words: what it says.
    """
    cures = ((_ANSWER, LOWER), (_COUNT, FEWER), (_TOKENS, SHORTER), (_FORMAT, OTHER_FORMAT), (_SIZE, SMALLER))
    words = words[:_LONGEST]
    for pattern, cure in cures:
        if pattern.search(words):
            return f"; {cure}"
    return f"; {SMALLER}" if status == 413 else ""
