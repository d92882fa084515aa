"""The reporter that suits where we are."""

from __future__ import annotations

from dataflow.engine.notebook import in_notebook
from dataflow.engine.report import PlainReporter, Reporter


def usual_reporter() -> Reporter:
    """A bar in a notebook, else plain lines."""
    if not in_notebook():
        return PlainReporter()
    from dataflow.engine.notebook.bar import NotebookReporter

    return NotebookReporter()
