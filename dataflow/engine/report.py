"""What a run says while it goes on: plain lines on stderr. The command line has a livelier one for terminals."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from dataflow.core import Step
from dataflow.engine.counts import Counts
from dataflow.engine.times import duration
from dataflow.runs.kinds import failed_in_words

LINE_SECONDS = 5.0


class Reporter:
    """Says nothing. `interval` is how often (seconds) `update` is called while a run goes on."""

    interval = 0.25

    def begin(self, output: Path, steps: Sequence[Step], counts: Counts) -> None:
        """A run begins."""

    def update(self, counts: Counts) -> None:
        """A run goes on."""

    def draining(self) -> None:
        """Ctrl-C was pressed once."""

    def end(self, counts: Counts) -> None:
        """A run has ended, well or not."""


class PlainReporter(Reporter):
    """A line every few seconds, and one at the end."""

    def __init__(self) -> None:
        self._said = time.monotonic()
        self._name = ""

    def begin(self, output: Path, steps: Sequence[Step], counts: Counts) -> None:
        self._name = " > ".join(step.name for step in steps)
        self._said = time.monotonic()

    def update(self, counts: Counts) -> None:
        if time.monotonic() - self._said >= LINE_SECONDS:
            self._said = time.monotonic()
            self._say(progress_line(counts))

    def draining(self) -> None:
        self._say("stopping: waiting for the answers under way (Ctrl-C again stops at once)")

    def end(self, counts: Counts) -> None:
        for warning in counts.warnings:
            self._say(f"warning: {warning}")
        self._say(progress_line(counts))

    def _say(self, text: str) -> None:
        print(f"[{self._name}] {text}", file=sys.stderr, flush=True)


def progress_line(counts: Counts) -> str:
    """One line on how far a run is."""
    of = f"/{counts.total}" if counts.total is not None else ""
    rate = counts.finished / counts.seconds if counts.seconds > 0 else 0.0
    line = f"{counts.finished}{of} samples, {rate:.1f}/s, {failed_in_words(counts.failed, dict(counts.kinds))}"
    if counts.rejected:
        line += f", {counts.rejected} rejected"
    line += f", {counts.requests} asked, {counts.from_ledger} from the ledger"
    line += f", {counts.input_tokens:,} + {counts.output_tokens:,} tokens"
    if counts.cost:
        line += f", ${counts.cost:,.4f}"
    if counts.total and counts.finished and counts.finished < counts.total:
        line += f", {duration((counts.total - counts.finished) / rate)} left"
    elif counts.stopped:
        line += f", {duration(counts.seconds)}"
    return line
