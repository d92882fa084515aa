"""Text of others in our messages: enough of it that a person knows it again, never all."""

from __future__ import annotations

from collections.abc import Sequence

LONGEST = 160
NAMES_SHOWN = 20


def excerpt(text: str, most: int = LONGEST) -> str:
    """A text as it is where it is short, else its beginning, its length and its end.

    Args:
        text: of any length.
        most: characters that are shown of it.
    """
    if len(text) <= most:
        return text
    end = most // 3
    return f"{text[: most - end]}...({len(text):,} characters)...{text[-end:]}"


def listed(names: Sequence[str]) -> str:
    """Names, with commas; of many the first, of long ones the beginning."""
    more = f" and {len(names) - NAMES_SHOWN:,} more" if len(names) > NAMES_SHOWN else ""
    most = LONGEST if len(names) < 2 else LONGEST // 4
    return ", ".join(excerpt(name, most) for name in names[:NAMES_SHOWN]) + more
