"""What an endpoint has to show before it is given the rest: one answer among the first few requests."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence

from dataflow.serving.pacing.lane import Lane

PROOF = 20
"""Requests that are asked before an endpoint has shown that it works; when all of them fail alike, the run ends."""

PROOF_SECONDS = 0.04
"""A wrong parameter is refused at once. An endpoint that takes longer is at work, and is given the rest."""

PROOF_LOOKS = 4
"""Looks within that time: between them a busy loop reads what has arrived, so that its own delay proves nothing."""

_WORD = re.compile(r"https?://\S+|\w+")


class Proof:
    """Holds the rest back until the first few have shown that asking makes sense. Lives on the event loop.

    Args:
        admit: lets in who waits; called when there is room after all.
    """

    def __init__(self, admit: Callable[[], None]) -> None:
        self._admit = admit
        self._open = self._given = self._failed = False
        self._asked = 0
        self._failures: list[tuple[str, Lane]] = []

    @property
    def awaited(self) -> bool:
        """Whether the first few have been asked and nothing is known yet."""
        return not self._open and self._asked >= PROOF

    def give(self) -> None:
        """An answer has come, or a refusal that only an endpoint at work gives."""
        self._open = self._given = True

    def count(self) -> None:
        """Count a request that is asked."""
        self._asked += 1
        if self._asked == PROOF:
            asyncio.get_running_loop().call_later(PROOF_SECONDS / PROOF_LOOKS, self._open_up, PROOF_LOOKS)

    def take_back(self) -> None:
        """A request ended for a reason of ours, and shows nothing."""
        self._asked -= 1

    def all_failed_alike(self, message: str, lane: Lane, asked: Sequence[Lane]) -> bool:
        """Count a failed request; whether it is the last of the first ones, and all of them failed in the same way.

        Args:
            message: how it failed; ids and numbers in it do not count.
            lane: where.
            asked: the endpoints that have something under way: one that has not failed yet may still answer.
        """
        if self._given or self._failed:
            return False
        self._failures.append((_WORD.sub(_alike, message), lane))
        if len(self._failures) < PROOF:
            return False
        if len({message for message, _ in self._failures}) > 1:
            self.give()
            self._admit()
            return False
        self._failed = {lane for _, lane in self._failures}.issuperset(asked)
        return self._failed

    def _open_up(self, looks: int) -> None:
        """Let the rest go where nothing has come back yet: that endpoint is at work, or far away."""
        if self._failures or self._open:
            return
        if looks > 1:
            asyncio.get_running_loop().call_later(PROOF_SECONDS / PROOF_LOOKS, self._open_up, looks - 1)
            return
        self._open = True
        self._admit()


def _alike(word: re.Match[str]) -> str:
    """A word of a message; `#` for an address and for what has a digit in it, which vary."""
    return "#" if "://" in word[0] or any(map(str.isdecimal, word[0])) else word[0]
