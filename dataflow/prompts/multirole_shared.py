"""What all roles of multi-role video QA are told alike: who they are, what is wanted, how the video is laid out.

It stands first in every question about a video, in the same bytes, so that a model's prefix cache serves it.
"""

from __future__ import annotations

from collections.abc import Sequence

NAME = "multirole"

ROLE = "Your role: {role}"
CLIP = "Clip {number} of {count}"
ROUND = "Round {number}: {told}"
"""What the line on a role, the heading of a clip and the line on a round that is over say or begin with. By these the
embedded serving knows where it is."""

SYSTEM = (
    "You are one of several people who write questions and answers about a video for a training dataset. The video is "
    "laid out clip by clip: what is said, some frames in their order, and a description, where there are any. After "
    "that you are told which role you play and what to do. Rely on what the clips show and say. Invent nothing."
)

LABELS = {
    "content": "who and what is there, where and when",
    "sequence": "what comes before or after what, and what changes",
    "emotion": "what people feel, and what the viewer is made to feel",
    "theme": "the message, and what the whole is about",
    "persuasion": "by what means it convinces: promise, proof, humour, contrast, repetition, authority",
    "audience": "whom it speaks to, and how one can tell",
    "style": "how it is made: camera, light, colour, cuts, text on screen",
    "brand": "product, maker, slogan, price and offer",
}

ASSIGNMENT = """\
What is wanted: question-answer pairs that test whether somebody has understood this video, each on one of these \
aspects:
{labels}
Where the video gives nothing for an aspect, leave it out. A question can be answered from the video, names what it \
asks about and does not give its answer away. An answer is short, exact and true. Never speak of a transcript or a \
description, and say what is seen or when rather than the number of a clip: the reader knows the video alone."""


def labels() -> str:
    """The labels with what they mean, one a line."""
    return "\n".join(f"- {name}: {meaning}" for name, meaning in LABELS.items())


def heading(number: int, count: int, start: float | None, end: float | None) -> str:
    """What stands before a clip; times in seconds, where they are known."""
    when = "" if start is None or end is None else f", {start:.2f} s to {end:.2f} s"
    return f"{CLIP.format(number=number, count=count)}{when}:"


def about(meta: str) -> str:
    """What is told about the video as a whole."""
    return f"About the video:\n{meta}"


def said(text: str) -> str:
    """The words of a clip."""
    return f"What is said:\n{text}"


def described(text: str) -> str:
    """The description of a clip."""
    return f"Description:\n{text}"


def so_far(pairs: Sequence[str]) -> str:
    """The pairs as they stand, one JSON object a line; the head of every question but the first."""
    listed = "\n".join(pairs) if pairs else "(none)"
    return f"The question-answer pairs so far:\n{listed}"
