"""The terminal as the command line draws on it: tables, bars, waiting lines."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

NARROWEST = 20
"""Columns that are drawn on at least: `COLUMNS=0` and a window that was made tiny leave no room for a single word."""


def console() -> Console:
    """What draws on stderr."""
    from rich.console import Console

    drawn = Console(stderr=True, highlight=False)
    if drawn.width < NARROWEST:
        drawn.width = NARROWEST
    return drawn


def is_lively() -> bool:
    """Whether stderr is a terminal on which a line can be drawn anew."""
    return sys.stderr.isatty() and os.environ.get("TERM", "").lower() not in ("dumb", "unknown")
