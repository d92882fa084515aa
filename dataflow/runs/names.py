"""The names of the files that a run leaves beside its data."""

from __future__ import annotations

import re
from pathlib import Path

MANIFEST = "run.json"
DOWNLOADS = "downloads"
"""The folder beside the data for videos that the dataset names by URL."""
SPOOL = ".spool"
SIDES = ("failures", "rejected", "trace", "discussion", "review")
"""What lies beside a data file `x_step1.json`, as `x_step1.failures.jsonl` and so on."""

_STEP = re.compile(r"(?P<prefix>.+)_step(?P<number>\d+)")


def side_path(output: Path, name: str) -> Path:
    """The side file of a data file: `x_step1.json` has `x_step1.failures.jsonl`."""
    return output.with_name(f"{output.stem}.{name}.jsonl")


def spool_path(output: Path) -> Path:
    """Where the rows of a data file gather until it is complete."""
    return output.with_name(f"{output.name}{SPOOL}")


def step_of(stem: str) -> tuple[str, int] | None:
    """The prefix and the number in a name such as `x_step2`; None in any other."""
    found = _STEP.fullmatch(stem)
    return (found["prefix"], int(found["number"])) if found else None
