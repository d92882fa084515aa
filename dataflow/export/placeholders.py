"""Text with marks for media: writing it so that the marks are exactly as many as the media, and nothing else is one.

Trainers look for marks by plain search in every turn: LLaMA-Factory counts `<image>` and refuses a sample whose count
differs, ms-swift also knows `<audio>`, `<bbox>` and others, and tokenizers take `<|...|>` for control tokens. None of
them documents an escape. So a mark that is text gets a space inside its brackets, `< image >`: a reader still sees what
was meant, and no search finds it.
"""

from __future__ import annotations

import re

from dataflow.core import ImagePart, Message, SampleError, VideoPart

IMAGE = "<image>"
VIDEO = "<video>"

_MARKS = re.compile(
    r"<(?P<mark>image|video|audio|bbox|ref-object|cot-process|start-image)>|<\|(?P<token>[^<>|\s][^<>|]{0,60})\|>"
)


def escape(text: str) -> str:
    """Text in which nothing is a mark."""
    return _MARKS.sub(lambda found: f"< {found['mark']} >" if found["mark"] else f"< |{found['token']}| >", text)


def marked_text(message: Message, image: str = IMAGE, video: str = VIDEO) -> str:
    """The words of a turn, media as marks, each on a line of its own."""
    lines = []
    for part in message.parts:
        if isinstance(part, ImagePart):
            lines.append(image)
        elif isinstance(part, VideoPart):
            lines.append(video)
        else:
            lines.append(escape(part.text))
    return "\n".join(lines)


def check_marks(texts: list[str], images: int, videos: int) -> None:
    """Refuse turns whose marks are not as many as the media.

    Raises:
        SampleError: they differ; says by how much.
    """
    for mark, wanted in ((IMAGE, images), (VIDEO, videos)):
        found = sum(text.count(mark) for text in texts)
        if found != wanted:
            raise SampleError(f"{found} {mark} marks for {wanted} files: no trainer would read this")
