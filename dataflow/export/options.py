"""What an export is asked for, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from dataflow.export.media import How


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What to export, and how.

    Args:
        path: a data file or the folder of a run.
        to: the target format.
        out: the folder to write.
        val: the share of conversations held out for validation, from 0 up to but not including 1.
        seed: of the draw.
        media: what is done with images and videos; None takes the format's first way.
        columns: only what these columns hold, of whatever shape; all known ones when empty.
        question: what was asked for answers that are no pairs; empty for what the sample's conversation says.
        keep: the own columns to write; None for all.
        strict: refuse when decisions of reviewers would do nothing.
        force: replace an export that stands at `out`.
        follow_links: take media behind links that lead out of the dataset's folders, too.
    """

    path: Path
    to: str
    out: Path
    val: float = 0.0
    seed: int = 0
    media: How | None = None
    columns: tuple[str, ...] = ()
    question: str = ""
    keep: tuple[str, ...] | None = None
    strict: bool = False
    force: bool = False
    follow_links: bool = False


@dataclass(slots=True)
class ExportResult:
    """What came of it.

    Args:
        out: the folder.
        splits: conversations by split.
        samples: rows read.
        partial: what there is of a run that has not come to its end, in words; empty where the data is complete.
        missing: how many samples such a run has still to make; None where that is not known.
        applied: rows about which decisions of reviewers counted.
        rejected: rows left out by a reviewer, those included of which every pair was rejected and nothing else is told.
        pairs_rejected: pairs left out by a reviewer, of rows that were not rejected whole.
        rejected_for: how often each reason was given for rejecting a row or a pair.
        edited: rows that a reviewer has changed.
        stale: rows that were made anew since they were decided about: the decisions do nothing.
        gone: samples that were decided about and are not in the data any more.
        skipped: rows, or conversations of one, that could not be exported.
        reasons: of the first of these.
        own: the own columns by the name under which they are written, with their types.
        next_step: what to type to use the export.
        warnings: what else is to be known.
    """

    out: Path
    splits: dict[str, int] = field(default_factory=dict)
    samples: int = 0
    partial: str = ""
    missing: int | None = 0
    applied: int = 0
    rejected: int = 0
    pairs_rejected: int = 0
    rejected_for: dict[str, int] = field(default_factory=dict)
    edited: int = 0
    stale: int = 0
    gone: int = 0
    skipped: int = 0
    reasons: list[str] = field(default_factory=list)
    own: dict[str, str] = field(default_factory=dict)
    next_step: str = ""
    warnings: list[str] = field(default_factory=list)
