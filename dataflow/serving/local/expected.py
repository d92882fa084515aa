"""How many tokens a request will take, before it is made ready: from what those before it took."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

FIRST_ANSWER, FIRST_MEDIUM = 256, 1024
"""Tokens that an answer, an image or a video is taken to have before any has been seen."""

WEIGHT = 0.1
"""Of the latest one in the mean."""


class Expected:
    """Running means of what answers, images and videos take, in tokens. Lives on an event loop."""

    def __init__(self) -> None:
        self._answer: float | None = None
        self._media: dict[str, float] = {}
        self._scouted: asyncio.Event | None = None

    @property
    def answer(self) -> int:
        """Tokens of an answer."""
        return FIRST_ANSWER if self._answer is None else int(self._answer)

    async def tokens(self, media: Sequence[str], longest: int | None) -> int:
        """Tokens of a request's media and answer.

        The first request with media goes ahead alone: of a kind that nobody has seen, hundreds would be let in that
        could be sixty times as large as guessed.

        Args:
            media: `image` or `video`, one per medium.
            longest: the most that the answer may have.
        """
        if any(kind not in self._media for kind in media):
            if self._scouted is None:
                self._scouted = asyncio.Event()
            else:
                await self._scouted.wait()
        answer = self.answer if longest is None else min(self.answer, longest)
        return answer + sum(int(self._media.get(kind, FIRST_MEDIUM)) for kind in media)

    def saw(self, kind: str, lengths: Sequence[int]) -> None:
        """Learn what media of a kind really take."""
        for length in lengths:
            before = self._media.get(kind, length)
            self._media[kind] = before + WEIGHT * (length - before)
        self.open()

    def wrote(self, length: int) -> None:
        """Learn what an answer really took."""
        before = length if self._answer is None else self._answer
        self._answer = before + WEIGHT * (length - before)

    def open(self) -> None:
        """Keep nobody waiting for the first any more, whatever became of it."""
        if self._scouted is not None:
            self._scouted.set()
