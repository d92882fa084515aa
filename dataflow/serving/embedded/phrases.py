"""How phrases of our prompts are known again: patterns made of the constants of which the prompts are made."""

from __future__ import annotations

import re


def pattern_of(phrase: str, **fields: str) -> str:
    """A pattern for a phrase.

    Args:
        phrase: of `dataflow.prompts`, with `{name}`s.
        fields: a pattern for each of them.
    """
    parts = re.split(r"\{(\w+)\}", phrase)
    return "".join(fields[part] if at % 2 else re.escape(part) for at, part in enumerate(parts))
