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
        ledger: the ledger file; None is `ledger.sqlite` beside the output.
        fresh: ask every question anew, whatever the ledger holds.
        quiet: print nothing but errors.
        caps: what may be spent.
        allow_private_urls: whether URLs in the dataset may lead to addresses that are not of the public internet.
    """

    limit: int | None = None
    ledger: Path | None = None
    fresh: bool = False
    quiet: bool = False
    caps: Caps = field(default_factory=Caps)
    allow_private_urls: bool = False
