"""What a manifest says was spent, as a line: by the run, and on the dataset so far over all its runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def spent_line(spent: Mapping[str, Any]) -> str:
    """Tokens and dollars.

    Args:
        spent: `tokens` (input, cached, output) and `cost`, which is None where the price of a model is not known.
    """
    tokens, cost = spent["tokens"], spent.get("cost")
    cached = f" ({tokens['cached']:,} of them cached)" if tokens.get("cached") else ""
    told = "" if cost is None else f", ${cost:.4f}"
    return f"{tokens['input']:,} read{cached}, {tokens['output']:,} written{told}"


def so_far_line(so_far: Mapping[str, Any]) -> str:
    """The same, of all runs."""
    runs = so_far["runs"]
    return f"{spent_line(so_far)} in {runs} run{'' if runs == 1 else 's'}"
