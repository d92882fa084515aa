"""An operator over a few rows, in a folder that is gone afterwards: no answer of one test is met again by the next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dataflow.core import OperatorABC, Sample
from dataflow.engine.options import RunOptions
from dataflow.engine.pipeline import Pipeline
from dataflow.runs.lines import json_lines
from dataflow.runs.names import side_path


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of some rows.

    Args:
        rows: those that came through, in the order of the input.
        failures: of those that did not: `id`, `kind`, `message`, `raw`, the sample.
        rejected: of those that the operator left out: `id`, `reason`, the sample.
        trace: per row what was asked, and the operator's notes.
    """

    rows: list[Sample]
    failures: list[dict[str, Any]]
    rejected: list[dict[str, Any]]
    trace: list[dict[str, Any]]


def try_operator(operator: OperatorABC, rows: Iterable[Sample], **columns: str) -> Trial:
    """Take rows through an operator as a run does, with ledger, limits and checks.

    Args:
        operator: with whatever serving it has, a `ScriptedServing` for one.
        rows: the samples; paths of media as the working directory sees them.
        columns: for its keys, where they are not the defaults.

    Raises:
        DataFlowError: the run could not begin, or ended early.
    """
    with TemporaryDirectory() as folder:
        step = operator.bind(**columns)
        done = Pipeline([step]).run(list(rows), Path(folder), options=RunOptions(quiet=True))
        sides = [list(json_lines(side_path(done.path, name))) for name in ("failures", "rejected", "trace")]
        return Trial(list(done.rows()), *sides)
