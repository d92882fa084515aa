"""Question-answer pairs that a sample holds as data, in whatever column: lists of pairs, one pair, articles.

They tell question types and labels. How many pairs there are is counted as an export reads them: `export.pairs`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def pairs_of(value: Any) -> Iterator[dict[str, Any]]:
    """The pairs in a field, each a dict with lower-case keys (`question`, `answer`, perhaps `type`, `label`)."""
    if isinstance(value, dict):
        folded = {str(name).lower(): item for name, item in value.items()}
        if "question" in folded:
            yield folded
        elif isinstance(folded.get("qas"), list):
            yield from pairs_of(folded["qas"])
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, dict):
                yield from pairs_of(item)
