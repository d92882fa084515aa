"""The conversation: what every target format is written from, with media as parts and text as it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from dataflow.core import ImagePart, Message, SampleError, TextPart, VideoPart
from dataflow.core.message import Part


@dataclass(frozen=True, slots=True)
class Conversation:
    """One training sample.

    Args:
        sample: the id of the dataset's sample that it was made of.
        task: what it trains: `caption`, `qa`, `context_qa`, `multirole_qa`, `answer` or `conversation`.
        messages: the turns, user and assistant by turns, perhaps a system turn first.
        labels: of the questions, in order; empty where there are none.
        own: the user's own columns of the sample, as JSON has them.
    """

    sample: str
    task: str
    messages: tuple[Message, ...]
    labels: tuple[str, ...] = ()
    own: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """A name no other conversation of the dataset has."""
        return f"{self.sample}-{self.task}"

    @property
    def images(self) -> list[str]:
        """The images, in the order of their marks."""
        return [part.source for part in self._parts() if isinstance(part, ImagePart) and isinstance(part.source, str)]

    @property
    def videos(self) -> list[str]:
        """The videos, in the order of their marks."""
        return [part.source for part in self._parts() if isinstance(part, VideoPart)]

    def _parts(self) -> list[Part]:
        return [part for message in self.messages for part in message.parts]

    def with_own(self, own: dict[str, Any]) -> Conversation:
        """The same with the user's own columns of the sample."""
        return replace(self, own=own)

    def with_media(self, place: Callable[[str], str]) -> Conversation:
        """The same with other paths of images and videos."""

        def placed(part: Part) -> Part:
            if isinstance(part, ImagePart) and isinstance(part.source, str):
                return ImagePart(place(part.source))
            return VideoPart(place(part.source)) if isinstance(part, VideoPart) else part

        turns = (Message(turn.role, tuple(placed(part) for part in turn.parts)) for turn in self.messages)
        return replace(self, messages=tuple(turns))

    def check(self) -> None:
        """Refuse what no trainer reads.

        Raises:
            SampleError: the turns do not alternate from user to assistant, or one of the assistant's is empty.
        """
        turns = [message for message in self.messages if message.role != "system"]
        if any(message.role == "system" for message in self.messages[1:]):
            raise SampleError("a system turn stands behind others; trainers read it at the start only")
        expected = ["user", "assistant"] * (len(turns) // 2)
        if not turns or [turn.role for turn in turns] != expected:
            shown = ", ".join(turn.role for turn in turns) or "none"
            raise SampleError(f"the turns of a conversation must go from user to assistant by turns; they are: {shown}")
        for turn in turns:
            if turn.role == "assistant" and not turn.text.strip():
                raise SampleError("a turn of the assistant is empty: there is nothing to learn from it")

    def dump(self) -> bytes:
        """Its JSON, for the spool."""
        turns = [[turn.role, [_as_plain(part) for part in turn.parts]] for turn in self.messages]
        return orjson.dumps([self.sample, self.task, turns, self.labels, self.own])


def load_conversation(text: bytes) -> Conversation:
    """The way back from `dump`."""
    sample, task, turns, labels, own = orjson.loads(text)
    messages = tuple(Message(role, tuple(_as_part(*part) for part in parts)) for role, parts in turns)
    return Conversation(sample, task, messages, tuple(labels), own)


def _as_plain(part: Part) -> list[Any]:
    if isinstance(part, TextPart):
        return ["text", part.text]
    return ["image" if isinstance(part, ImagePart) else "video", part.source]


def _as_part(kind: str, value: str) -> Part:
    return TextPart(value) if kind == "text" else ImagePart(value) if kind == "image" else VideoPart(value)
