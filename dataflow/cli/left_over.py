"""Words behind `dataflow run NAME` that belong to no option, and what was most likely meant by them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dataflow.core.errors import UsageError

MOST_SHOWN = 3


def further_inputs(name: str, words: Sequence[str]) -> list[str]:
    """What stands behind an input without an `-i` of its own: the images and videos of a pattern that the shell opened.

    Args:
        name: what stands where the pipeline's name belongs.
        words: those that no option took.

    Raises:
        UsageError: there is another among them: a folder may be the output's, a table a slip.
    """
    if not words:
        return []
    if Path(name).is_file():
        raise UsageError(f"the pipeline stands before its inputs: dataflow run PIPELINE -i {name} ...")
    from dataflow.storage.media_kinds import column_of

    wrong = [word for word in words if not Path(word).is_file() or column_of(word) is None]
    if not wrong:
        return list(words)
    more = len(wrong) - MOST_SHOWN
    shown = ", ".join(wrong[:MOST_SHOWN])
    said = f"{shown} and {more} more" if more > 0 else shown
    if any(Path(word).exists() for word in wrong):
        raise UsageError(
            f"each folder and table stands behind its own -i, and {said} behind none: write -i before each"
        )
    raise UsageError(f"dataflow run takes one pipeline, and {name!r} is it: what is {said}? See dataflow run --help")
