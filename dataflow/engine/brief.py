"""Failure messages that do not repeat the data they complain about: a picture in base64 helps nobody in a report."""

from __future__ import annotations

import re

LONGEST = 2000
"""Characters of a message; no sentence of ours comes near."""
KEPT = 40
_DATA = re.compile(r"[A-Za-z0-9+/=]{300,}+")
"""Longer than any name of a file can be, and without a dot: no path, but base64 or the like."""


def brief(message: str) -> str:
    """A message with data in it, and what makes it too long, cut."""
    message = _DATA.sub(lambda run: f"{run[0][:KEPT]}...({len(run[0]):,} characters)", message)
    if len(message) <= LONGEST:
        return message
    half = LONGEST // 2
    return f"{message[:half]} ...({len(message) - LONGEST:,} characters)... {message[-half:]}"
