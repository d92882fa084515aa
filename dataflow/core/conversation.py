"""ShareGPT turns (`from`/`value`) and chat turns (`role`/`content`) as messages with media parts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from dataflow.core.errors import SampleError
from dataflow.core.excerpt import excerpt
from dataflow.core.message import DEFAULT_SAMPLING, ImagePart, Message, Part, Role, TextPart, VideoPart

ROLES: dict[str, Role] = {
    "human": "user",
    "user": "user",
    "gpt": "assistant",
    "assistant": "assistant",
    "model": "assistant",
    "system": "system",
}

_MARK = re.compile(r"<(image|video)>[ \t]*\n?")


def turns_of(conversation: object) -> list[tuple[Role, str]]:
    """The turns of a conversation field as (role, text), empty turns kept.

    Raises:
        SampleError: the field is not a list of `{"from", "value"}` or `{"role", "content"}` turns.
    """
    if not isinstance(conversation, list | tuple):
        raise SampleError(f"conversation must be a list of turns, not {type(conversation).__name__}")
    turns: list[tuple[Role, str]] = []
    for number, turn in enumerate(conversation, start=1):
        if not isinstance(turn, dict):
            raise SampleError(f"turn {number} of the conversation is not an object with from and value")
        speaker = turn.get("from", turn.get("role"))
        words = turn.get("value", turn.get("content"))
        role = ROLES.get(str(speaker).lower())
        if role is None:
            raise SampleError(
                f"turn {number} of the conversation is from {excerpt(repr(speaker))}; known: {', '.join(ROLES)}"
            )
        if words is not None and not isinstance(words, str):
            raise SampleError(f"turn {number} of the conversation has a value that is no text")
        turns.append((role, words or ""))
    return turns


def to_messages(
    turns: Iterable[tuple[Role, str]],
    images: Sequence[str | bytes] = (),
    videos: Sequence[str] = (),
    sampling: str = DEFAULT_SAMPLING,
) -> tuple[Message, ...]:
    """Turns and media as messages.

    Literal `<image>` and `<video>` in the turns mark where media go, in order; media without a mark stand at the
    start of the first user turn, images before videos.

    Raises:
        SampleError: the turns hold more marks of a kind than there are media.
    """
    turns = list(turns)
    stock: dict[str, list[Part]] = {
        "image": [ImagePart(image) for image in images],
        "video": [VideoPart(video, sampling) for video in videos],
    }
    placed: list[tuple[Role, list[Part]]] = []
    for role, text in turns:
        parts: list[Part] = []
        at = 0
        for mark in _MARK.finditer(text) if role == "user" else ():
            kind = mark.group(1)
            if not stock[kind]:
                if images or videos:
                    raise SampleError(f"the conversation has more <{kind}> marks than the sample has {kind}s")
                continue
            if before := text[at : mark.start()].rstrip(" \t").strip("\n"):
                parts.append(TextPart(before))
            parts.append(stock[kind].pop(0))
            at = mark.end()
        if rest := (text[at:].lstrip("\n") if at else text):
            parts.append(TextPart(rest))
        placed.append((role, parts))
    left: list[Part] = [*stock["image"], *stock["video"]]
    if left:
        first = next((parts for role, parts in placed if role == "user"), None)
        if first is None:
            placed.append(("user", left))
        else:
            first[:0] = left
    return tuple(Message(role, tuple(parts)) for role, parts in placed if parts)


def from_messages(messages: Iterable[Message]) -> tuple[list[dict[str, Any]], list[str | bytes], list[str]]:
    """The way back: ShareGPT turns with `<image>`/`<video>` marks, and the images and videos in order."""
    names = {"user": "human", "assistant": "gpt", "system": "system"}
    images: list[str | bytes] = []
    videos: list[str] = []
    turns: list[dict[str, Any]] = []
    for message in messages:
        words: list[str] = []
        for part in message.parts:
            if isinstance(part, ImagePart):
                images.append(part.source)
                words.append("<image>")
            elif isinstance(part, VideoPart):
                videos.append(part.source)
                words.append("<video>")
            else:
                words.append(part.text)
        turns.append({"from": names[message.role], "value": "\n".join(words)})
    return turns, images, videos
