"""Refusals that are about one request or about all: what an endpoint answers to others tells which."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from enum import Enum

STREAK = 20
"""Samples that are refused in a row, with no answer between, after which the endpoint is taken to refuse all."""

FEW = 5
"""So many make a streak too where nobody else is left to be asked."""


class Verdict(Enum):
    """What a refusal is about."""

    OTHERS_ANSWERED = "this request: another was answered after it"
    STREAK = "all: so many samples in a row were refused"
    ALONE = "nobody knows: the few that there are were refused"


class Doubts:
    """What one endpoint has answered, and whom it has refused since. Lives on the event loop."""

    def __init__(self) -> None:
        self.answers = 0
        self._refused: set[Hashable] = set()
        self._held: set[asyncio.Future[Verdict]] = set()

    @property
    def in_a_row(self) -> int:
        """Samples that were refused since the last answer."""
        return len(self._refused)

    @property
    def held(self) -> int:
        """How many wait to hear whether others are answered."""
        return len(self._held)

    def answered(self) -> None:
        """Somebody was answered: what was refused before was about those requests."""
        self.answers += 1
        if self._refused or self._held:
            self._refused.clear()
            self._settle(Verdict.OTHERS_ANSWERED)

    def refused(self, sample: Hashable) -> bool:
        """Count a refusal; whether it makes a streak over different samples, with no answer between."""
        self._refused.add(sample)
        if len(self._refused) < STREAK:
            return False
        self._settle(Verdict.STREAK)
        return True

    def hold(self, verdict: asyncio.Future[Verdict]) -> None:
        """Have the verdict handed over when it is known."""
        self._held.add(verdict)
        verdict.add_done_callback(self._held.discard)

    def nobody_is_left(self) -> None:
        """All that were asked have been refused, and nobody else comes."""
        self._settle(Verdict.STREAK if len(self._refused) >= FEW else Verdict.ALONE)

    def _settle(self, found: Verdict) -> None:
        for verdict in self._held:
            if not verdict.done():
                verdict.set_result(found)
