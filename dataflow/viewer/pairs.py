"""Question-answer pairs wherever a sample holds them: lists of pairs, one pair, articles, text with marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_MARKED = re.compile(r"^[\s>*#-]*(?:Q|Question)\s*\d*\s*[:.)]", re.IGNORECASE | re.MULTILINE)


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


def count_marked(text: str) -> int:
    """How many pairs a text holds whose questions are marked with `Q:` or `Question:`."""
    return len(_MARKED.findall(text))
