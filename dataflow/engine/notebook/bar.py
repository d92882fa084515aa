"""A run's progress in a notebook: one bar that is drawn anew, without scripts or widgets."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib import import_module
from pathlib import Path
from typing import Any

from dataflow.core import Step
from dataflow.core.terminal import one_line
from dataflow.engine.counts import Counts
from dataflow.engine.report import DRAINING, Reporter, progress_line

_TRACK = "height:.5em;border-radius:.25em;background:rgba(128,128,128,.3);overflow:hidden;max-width:40em"
_LINE = "font-size:.9em;font-variant-numeric:tabular-nums"


class NotebookReporter(Reporter):
    """A bar under the cell, with what a plain line would say."""

    interval = 0.5

    def __init__(self) -> None:
        self._name = ""
        self._notes: list[str] = []
        self._shown: Any = None

    def begin(self, output: Path, steps: Sequence[Step], counts: Counts) -> None:
        self._name = " > ".join(step.name for step in steps)
        if counts.taken is not None:
            self._notes.append(str(counts.taken))
        self._shown = _display().display(self._drawn(counts), raw=True, display_id=True)

    def update(self, counts: Counts) -> None:
        if self._shown is not None:
            self._shown.update(self._drawn(counts), raw=True)

    def draining(self) -> None:
        self._notes.append(DRAINING)

    def end(self, counts: Counts) -> None:
        self._notes = [note for note in self._notes if note != DRAINING]
        self._notes += [f"warning: {warning}" for warning in counts.warnings]
        self.update(counts)

    def _drawn(self, counts: Counts) -> dict[str, str]:
        """The bar for a page, and a line for a front end that shows text only."""
        line = one_line(f"{self._name}: {progress_line(counts)}")
        notes = [one_line(note) for note in self._notes]
        share = counts.finished / counts.total if counts.total else float(counts.stopped is not None)
        colour = "#c62828" if counts.failed and counts.stopped else "#1a7f6b"
        bar = f'<div style="height:100%;width:{min(share, 1.0):.1%};background:{colour}"></div>'
        lines = "".join(f'<div style="{_LINE}">{escape(text)}</div>' for text in (line, *notes))
        html = f'<div><div role="progressbar" style="{_TRACK}">{bar}</div>{lines}</div>'
        return {"text/html": html, "text/plain": "\n".join([line, *notes])}


def _display() -> Any:
    """IPython's way to a page; it is there, or this would be no notebook."""
    return import_module("IPython.display")
