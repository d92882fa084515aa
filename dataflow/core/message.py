"""What a request is made of: messages of text, image and video parts. Parts describe media; they hold no pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["system", "user", "assistant"]

DEFAULT_SAMPLING = "uniform:16"


@dataclass(frozen=True, slots=True)
class TextPart:
    """Words."""

    text: str


@dataclass(frozen=True, slots=True)
class ImagePart:
    """A picture: a path, a URL (`http(s):`, `data:`), or the encoded file as bytes."""

    source: str | bytes


@dataclass(frozen=True, slots=True)
class VideoPart:
    """A video and how frames are taken from it.

    Args:
        source: a path or URL.
        sampling: the plan, `uniform:n`, `uniform:n:keyframe`, `fps:rate:max`, `keyframes:max` or
            `shots:per_shot:max`.
    """

    source: str
    sampling: str = DEFAULT_SAMPLING


Part = TextPart | ImagePart | VideoPart


@dataclass(frozen=True, slots=True)
class Message:
    """One turn: who speaks, and the parts in the order in which the model is to see them."""

    role: Role
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The words of the turn, media left out."""
        return "\n".join(part.text for part in self.parts if isinstance(part, TextPart))
