"""Between ShareGPT turns and chat messages with media parts."""

from __future__ import annotations

from typing import Any

from dataflow.core import (
    ImagePart,
    Message,
    Run,
    Sample,
    SampleError,
    TextPart,
    UsageError,
    VideoPart,
    optional,
    output,
    required,
)
from dataflow.core.conversation import from_messages, to_messages, turns_of
from dataflow.core.operator import Key, Keys
from dataflow.operators.base import Operator
from dataflow.operators.media_fields import paths_in

DIRECTIONS = ("to_messages", "to_conversation")


class Conversation2Message(Operator):
    """Writes a sample's conversation, images and videos as chat messages, or the way back.

    `to_messages` makes of `[{"from": "human", "value": "..."}]` with `image` and `video` columns the messages
    `[{"role": "user", "content": [{"type": "image", "image": PATH}, {"type": "text", "text": "..."}]}]`. Literal
    `<image>` and `<video>` in the turns mark where media go; without marks they stand first. `to_conversation` writes
    turns with such marks, and the media columns.

    Args:
        direction: `to_messages` or `to_conversation`.
        system_prompt: a system message put first where the conversation has none.
    """

    keys = (
        optional("input_image_key", "image", holds="image"),
        optional("input_video_key", "video", holds="video"),
        required("input_conversation_key", "conversation", holds="conversation"),
        output("output_key", "messages"),
    )

    def __init__(self, direction: str = "to_messages", system_prompt: str = "") -> None:
        if direction not in DIRECTIONS:
            raise UsageError(f"direction must be one of {', '.join(DIRECTIONS)}, not {direction!r}")
        self.direction = direction
        self.system_prompt = system_prompt

    def active_keys(self) -> tuple[Key, ...]:
        if self.direction == "to_messages":
            return self.keys
        image, video, conversation, messages = self.keys
        return (
            output(image.name, image.default),
            output(video.name, video.default),
            output(conversation.name, conversation.default),
            required(messages.name, messages.default),
        )

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Sample:
        if self.direction == "to_messages":
            messages = conversation_to_messages(
                sample[keys.input_conversation_key],
                paths_in(sample, keys.input_image_key),
                paths_in(sample, keys.input_video_key),
                self.system_prompt,
            )
            return {**sample, keys.output_key: messages}
        conversation, images, videos = messages_to_conversation(sample[keys.output_key])
        made: dict[str, Any] = {keys.input_conversation_key: conversation}
        if images:
            made[keys.input_image_key] = images
        if videos:
            made[keys.input_video_key] = videos
        return {**sample, **made}


def conversation_to_messages(
    conversation: Any, images: list[Any], videos: list[Any], system_prompt: str = ""
) -> list[dict[str, Any]]:
    """ShareGPT turns and media as chat messages of plain values.

    Raises:
        SampleError: the conversation is no list of turns, or has more marks than media.
    """
    turns = turns_of(conversation)
    if system_prompt and not any(role == "system" for role, _ in turns):
        turns = [("system", system_prompt), *turns]
    return [_plain(message) for message in to_messages(turns, images, videos)]


def messages_to_conversation(messages: Any) -> tuple[list[dict[str, Any]], list[Any], list[str]]:
    """Chat messages as ShareGPT turns with marks, and the images and videos in order.

    Raises:
        SampleError: these are no chat messages.
    """
    if not isinstance(messages, list):
        raise SampleError(f"messages must be a list, not {type(messages).__name__}")
    return from_messages([_message(message, number) for number, message in enumerate(messages, start=1)])


def _plain(message: Message) -> dict[str, Any]:
    content: list[dict[str, Any]] = []
    for part in message.parts:
        if isinstance(part, TextPart):
            content.append({"type": "text", "text": part.text})
        elif isinstance(part, ImagePart):
            content.append({"type": "image", "image": part.source})
        else:
            content.append({"type": "video", "video": part.source})
    return {"role": message.role, "content": content}


def _message(message: Any, number: int) -> Message:
    try:
        role, content = message["role"], message["content"]
        if isinstance(content, str):
            return Message(_role(role, number), (TextPart(content),))
        return Message(_role(role, number), tuple(_part(part, number) for part in content))
    except (KeyError, TypeError) as error:
        raise SampleError(f"message {number} is no chat message with role and content") from error


def _role(role: Any, number: int) -> Any:
    if role not in ("system", "user", "assistant"):
        raise SampleError(f"message {number} has the role {role!r}; known: system, user, assistant")
    return role


def _part(part: Any, number: int) -> TextPart | ImagePart | VideoPart:
    kind = part["type"]
    if kind == "text":
        return TextPart(part["text"])
    if kind in ("image", "video"):
        return ImagePart(part[kind]) if kind == "image" else VideoPart(part[kind])
    if kind in ("image_url", "video_url"):
        url = part[kind]["url"] if isinstance(part[kind], dict) else part[kind]
        return ImagePart(url) if kind == "image_url" else VideoPart(url)
    raise SampleError(f"message {number} has a part of type {kind!r}; known: text, image, video, image_url, video_url")
