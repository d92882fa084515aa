"""What a token rule is: the tokens of an image by its size, of a video sent as one, and of the frame around a turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

MESSAGE_TOKENS = 4
"""Around each turn: who speaks, and where it begins and ends (OpenAI cookbook, "How to count tokens with tiktoken")."""

REPLY_TOKENS = 3
"""Before the answer (the same)."""


@dataclass(frozen=True, slots=True)
class TokenRule:
    """How a family of models counts what it is shown.

    Args:
        name: what the estimate calls it.
        image: tokens of an image of (width, height) pixels as sent.
        video: tokens of (width, height, frames) sent as one video; None where that counts as so many images.
    """

    name: str
    image: Callable[[int, int], int]
    video: Callable[[int, int, int], int] | None = None

    def frames(self, width: int, height: int, count: int, *, as_video: bool = False) -> int:
        """The tokens of a video's frames.

        Args:
            width: pixels of a frame as sent.
            height: pixels of a frame as sent.
            count: how many.
            as_video: sent as one video, as to a model in this process; otherwise as images, one after the other.
        """
        if as_video and self.video is not None:
            return self.video(width, height, count)
        return self.image(width, height) * count
