"""Words behind `dataflow run NAME` that belong to no option, and what was most likely meant by them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dataflow.core.errors import UsageError

MOST_SHOWN = 3


def refuse_left_over(name: str, words: Sequence[str]) -> None:
    """Refuse a command with words left over.

    Args:
        name: what stands where the pipeline's name belongs.
        words: those that no option took.

    Raises:
        UsageError: there are any. Where they are files, the shell has opened a pattern, or one -i stands before many.
    """
    if not words:
        return
    files = [word for word in words if Path(word).exists()]
    shown = ", ".join(files[:MOST_SHOWN] or words[:MOST_SHOWN])
    more = len(files or words) - MOST_SHOWN
    said = f"{shown} and {more} more" if more > 0 else shown
    if not files:
        raise UsageError(
            f"dataflow run takes one pipeline, and {name!r} is it: what is {said}? See dataflow run --help"
        )
    pattern = f"*{Path(files[0]).suffix}"
    folder = Path(files[0]).parent
    raise UsageError(
        f"each input stands behind its own -i, and {said} behind none. If the shell made them of a pattern, quote it: "
        f"-i '{folder / pattern}'. Or give their folder, -i {folder}, or write -i before each"
    )
