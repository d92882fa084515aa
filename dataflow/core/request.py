"""A request is one question to a model; a response is what came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dataflow.core.message import ImagePart, Message, Part, VideoPart

if TYPE_CHECKING:
    from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class Request:
    """One question to a model.

    Args:
        messages: the turns, system text first.
        params: generation parameters under their standard names (`temperature`, `top_p`, `max_tokens`, `seed`, ...).
            Only what is set here or on the serving is sent; these win over the serving's.
        schema: the shape that the answer must have, for structured output.
        prompt: the name of the prompt, for the trace.
        ordinal: which one of several answers to the very same question this is; 0 unless asked several times on
            purpose.
        left: how many questions in a row the sample has still to be asked at most, this one included. Once all samples
            have begun, those with the longest way to go are asked first.
        again: further questions about the same media follow soon, so that a serving does well to keep them ready.
        key: what the ledger knows this question and attempt by, set by the engine; sampling seeds are drawn from it.
    """

    messages: tuple[Message, ...]
    params: Mapping[str, Any] = field(default_factory=dict)
    schema: type[BaseModel] | None = None
    prompt: str = ""
    ordinal: int = 0
    left: int = 1
    again: bool = False
    key: bytes = b""

    @property
    def media(self) -> list[ImagePart | VideoPart]:
        """The images and videos in the order in which they stand in the messages."""
        return [part for message in self.messages for part in message.parts if isinstance(part, ImagePart | VideoPart)]

    def replace_parts(self, mapping: Mapping[Part, Part]) -> tuple[Message, ...]:
        """The messages with some parts exchanged, as when paths are resolved."""
        return tuple(
            Message(message.role, tuple(mapping.get(part, part) for part in message.parts)) for message in self.messages
        )


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one reply, as the endpoint counted them; 0 where it said nothing.

    Args:
        input_tokens: read, those from the endpoint's cache included.
        output_tokens: written, reasoning included.
        cached_tokens: how many of those read came from the endpoint's prompt cache, which most sell for less.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cached_tokens + other.cached_tokens,
        )


@dataclass(frozen=True, slots=True)
class Response:
    """What a model answered.

    Args:
        text: the answer, reasoning taken out.
        reasoning: what the model thought before it answered, kept apart.
        finish_reason: `stop`, `length` (cut off by the token limit), or what else the endpoint says.
        usage: tokens spent.
        model: the model as the endpoint names it.
        latency: seconds from sending to the complete answer.
        data: the parsed answer, set by whoever asked with a parser.
        fresh: False when the answer comes from the ledger.
        attempt: 0 at first; a later run asks anew, with the next number, what was no valid answer.
        media: what was really shown to the model, one entry per image or video (path, frame times in seconds).
    """

    text: str
    reasoning: str = ""
    finish_reason: str = "stop"
    usage: Usage = Usage()
    model: str = ""
    latency: float = 0.0
    data: Any = None
    fresh: bool = True
    attempt: int = 0
    media: tuple[Mapping[str, Any], ...] = ()

    @property
    def truncated(self) -> bool:
        """Whether the token limit cut the answer off."""
        return self.finish_reason == "length"
