"""What helps when an endpoint finds a request too large: too many images, too large ones, or too many tokens."""

from __future__ import annotations

import re

_COUNT = re.compile(
    r"too many (?:images?|media|multi-?modal|frames|videos?)\b|at most \d{1,9} (?:image|video|multi-?modal|media)"
    r"|(?:supports?|allow(?:s|ed)?|accepts?|maximum|max|limit|up to|more than|exceeds?)\b[^.]{0,40} \d{1,9} "
    r"(?:images?|videos?)\b"
    r"|(?:number|count) of (?:images?|videos?|media)|(?:image|video|media)s?[ _](?:count|limit)\b"
    r"|limit[_-]mm[_-]per[_-]prompt",
    re.IGNORECASE,
)
_TOKENS = re.compile(
    r"context[ _](?:length|window|size)|prompt (?:is )?too long|maximum (?:input|prompt|model) length"
    r"|too many (?:input )?tokens|(?:input|prompt)[^.]{0,40}(?:exceed|longer than)[^.]{0,60}(?:tokens|length)",
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
"""Words of OpenAI's, Anthropic's, Google's, Groq's, Mistral's, vLLM's and SGLang's refusals, and of proxies'."""

FEWER = "send fewer images: --frames uniform:N takes N of a video"
SMALLER = (
    "send smaller images, with --model 'openai/NAME?max_side=1024' (`video_max_side` for the frames of videos), or "
    "fewer: --frames uniform:N takes N of a video"
)
SHORTER = (
    "what fills it is mostly images: send fewer (--frames uniform:N) or smaller ones (--model "
    "'openai/NAME?max_side=1024', `video_max_side` for frames), or leave more room with a lower --max-tokens"
)


def cure_for(status: int, words: str) -> str:
    """What to do about a request that an endpoint finds too large, as an end of its sentence; empty where it does not.

    Args:
        status: of the reply.
        words: what it says.
    """
    for pattern, cure in ((_COUNT, FEWER), (_TOKENS, SHORTER), (_SIZE, SMALLER)):
        if pattern.search(words):
            return f"; {cure}"
    return f"; {SMALLER}" if status == 413 else ""
