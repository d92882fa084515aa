"""How a run is to be done, apart from what it does."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from dataflow.engine.budget import Caps


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Choices of one run.

    Args:
        limit: take only so many samples, from the first; None takes all.
        sample: take so many at random (of the first `limit`, where both are given); None takes all.
        seed: of that draw: the same seed draws the same samples.
        ledger: the ledger file; None is `ledger.sqlite` beside the output.
        fresh: ask every question anew, whatever the ledger holds.
        quiet: print nothing but errors.
        caps: what may be spent.
        allow_private_urls: whether URLs in the dataset may lead to addresses that are not of the public internet.
        follow_links: whether links in the dataset's folders may lead out of them.
        csv_safe: write texts in csv that spreadsheets would take for formulas so that they do not.
    """

    limit: int | None = None
    sample: int | None = None
    seed: int = 0
    ledger: Path | None = None
    fresh: bool = False
    quiet: bool = False
    caps: Caps = field(default_factory=Caps)
    allow_private_urls: bool = False
    follow_links: bool = False
    csv_safe: bool = False

    def taken_of(self, total: int | None) -> int | None:
        """How many of so many samples are taken; None where that is not known."""
        asked = [number for number in (self.limit, self.sample) if number is not None]
        return None if total is None else min([total, *asked])
