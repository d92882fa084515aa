"""A live progress bar on a terminal; plain lines where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dataflow.cli.console import console, is_lively
from dataflow.core import Step
from dataflow.core.terminal import one_line
from dataflow.engine.counts import Counts
from dataflow.engine.report import DRAINING, PlainReporter, Reporter, endpoints_in_words, waiting_in_words
from dataflow.runs.kinds import failed_in_words

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


def reporter_for(quiet: bool) -> Reporter:
    """The reporter that suits stderr."""
    if quiet:
        return Reporter()
    return BarReporter() if is_lively() else PlainReporter()


class BarReporter(Reporter):
    """A bar with rate, failures, tokens and the time left."""

    interval = 0.1

    def __init__(self) -> None:
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def begin(self, output: Path, steps: Sequence[Step], counts: Counts) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
        from rich.table import Column

        screen = console()
        self._bar = Progress(
            BarColumn(bar_width=min(24, screen.width // 5)),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            # Where there is no room for all of it, its end is left out, and not the bar beside it.
            TextColumn("{task.fields[facts]}", markup=False, table_column=Column(ratio=1, no_wrap=True)),
            console=screen,
            expand=True,
        )
        if counts.taken is not None:
            self._say(str(counts.taken))
        self._bar.start()
        self._task = self._bar.add_task("", total=counts.total, facts="")
        self.update(counts)

    def update(self, counts: Counts) -> None:
        if self._bar is None or self._task is None:
            return
        rate = counts.finished / max(counts.seconds, 1e-6)
        facts = [
            f"{rate:.1f}/s",
            failed_in_words(counts.failed, dict(counts.kinds)),
            waiting_in_words(counts),
            endpoints_in_words(counts),
            f"{counts.input_tokens + counts.output_tokens:,} tokens",
            f"{counts.from_ledger:,} from ledger" if counts.from_ledger else "",
        ]
        told = one_line("  ".join(fact for fact in facts if fact))
        self._bar.update(self._task, completed=counts.finished, total=counts.total, facts=told)

    def draining(self) -> None:
        self._say(DRAINING)

    def end(self, counts: Counts) -> None:
        if self._bar is None:
            return
        if counts.total is None:
            counts.total = counts.finished
        self.update(counts)
        self._bar.stop()
        for warning in counts.warnings:
            self._say(f"warning: {warning}")
        self._bar = None

    def _say(self, line: str) -> None:
        """A line above the bar."""
        from rich.text import Text

        if self._bar is not None:
            self._bar.console.print(Text(one_line(line)), soft_wrap=True)
