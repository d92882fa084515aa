"""The media fields of a sample, the same for every operator that looks at pictures or clips."""

from __future__ import annotations

from typing import Any

from dataflow.core import MediaError, Sample, as_list


def paths_in(sample: Sample, column: str) -> list[Any]:
    """The media paths in a column: none, one, or a list.

    Raises:
        MediaError: an entry is no path.
    """
    paths = as_list(sample.get(column))
    for path in paths:
        if not isinstance(path, str | bytes) or not path:
            raise MediaError(f"{column!r} must hold paths, not {_called(path)}")
    return paths


def _called(value: object) -> str:
    if isinstance(value, str | bytes):
        return "an empty text"
    return f"{type(value).__name__} {value!r}"[:80]


def check_sampling(sampling: str) -> str:
    """A sampling plan in its canonical text.

    Raises:
        UsageError: it is no plan; the message lists the forms.
    """
    from dataflow.media.plan import parse_plan

    return str(parse_plan(sampling))
