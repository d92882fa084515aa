"""One input row on its way through all operators: what was asked, noted and decided for it."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from dataflow.core import Rejection, Sample, SampleError, Step, TransientError
from dataflow.core.causes import said_by
from dataflow.engine.brief import brief
from dataflow.engine.counts import Counts

_log = logging.getLogger(__name__)

MOST_WARNINGS = 100
"""Sentences of operators that the manifest repeats; all of them stand in the trace."""


@dataclass(slots=True)
class Progress:
    """What becomes of one input row.

    Args:
        index: its place in the dataset, from 0.
        beside: by side file and sample id (as JSON) what operators have noted for it.
    """

    index: int
    trace: list[dict[str, Any]] = field(default_factory=list)
    failures: list[dict[str, Any]] = field(default_factory=list)
    rejected: list[dict[str, Any]] = field(default_factory=list)
    beside: dict[str, dict[bytes, dict[str, Any]]] = field(default_factory=dict)

    def fail(
        self,
        sample: Sample,
        operator: str,
        error: BaseException,
        attempts: int = 1,
        notes: Mapping[str, Any] | None = None,
    ) -> None:
        """Set a sample aside."""
        record = _record(sample["id"], operator, error)
        _log.info("sample %s is set aside by %s: %s", sample["id"], operator, record["message"])
        if notes:
            record["notes"] = notes
        self.failures.append({**record, "attempts": attempts, "sample": sample})

    def reject(self, sample: Sample, operator: str, rejection: Rejection) -> None:
        """Leave a sample out."""
        self.rejected.append({"id": sample["id"], "operator": operator, "reason": rejection.reason, "sample": sample})

    def note(self, step: Step, sample_id: Any, notes: dict[str, Any], counts: Counts) -> None:
        """Take warnings and what goes to side files from an operator's notes; the rest stands in the trace."""
        for warning in _sentences(notes.get("warnings")):
            warn(counts, f"sample {sample_id}: {warning}")
        kept = {}
        for name, fact in notes.items():
            if name in step.operator.side_files and isinstance(fact, Mapping):
                lines = self.beside.setdefault(name, {})
                lines.setdefault(orjson.dumps(sample_id), {"id": sample_id}).update(fact)
            else:
                kept[name] = fact
        if kept:
            self.trace.append({"operator": step.name, "notes": kept})


def warn(counts: Counts, warning: str) -> None:
    """Have the manifest and the end of the run repeat a warning, up to a bound."""
    known = counts.warnings
    if len(known) < MOST_WARNINGS:
        known.append(warning)
    elif len(known) == MOST_WARNINGS:
        known.append("further warnings stand in the trace")


def _sentences(warnings: Any) -> list[str]:
    if isinstance(warnings, list | tuple):
        return [str(warning) for warning in warnings]
    return [] if warnings is None else [str(warnings)]


def _record(sample_id: Any, operator: str, error: BaseException) -> dict[str, Any]:
    """What the failures file says of an error."""
    if isinstance(error, SampleError | TransientError):
        kind, message = getattr(error, "kind", "request"), said_by(error)
    else:
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(last.filename).name}:{last.lineno}"
        kind, message = "operator", f"{operator} raised {type(error).__name__}: {said_by(error)} ({where})"
    raw = getattr(error, "raw", None)
    record = {"id": sample_id, "operator": operator, "kind": kind, "message": brief(message)}
    return record if raw is None else {**record, "raw": raw}
