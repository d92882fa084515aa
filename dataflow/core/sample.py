"""The sample: one row of a dataset, a plain dict with a stable `id`."""

from __future__ import annotations

from typing import Any

Sample = dict[str, Any]


def is_missing(value: object) -> bool:
    """Whether a field counts as absent: None, or the NaN that table formats put where nothing was."""
    return value is None or (isinstance(value, float) and value != value)


def as_list(value: object) -> list[Any]:
    """A media field as a list: one path and a list of paths mean the same, a missing field is empty."""
    if is_missing(value):
        return []
    if isinstance(value, list | tuple):
        return [item for item in value if not is_missing(item)]
    return [value]
