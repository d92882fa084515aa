"""The columns: how often each is filled, and with what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dataflow.report.html import tag
from dataflow.report.numbers import percent, plural
from dataflow.report.parts import Section, table
from dataflow.report.plots import bar

if TYPE_CHECKING:
    from dataflow.report.gathered import Gathered


def structure(gathered: Gathered) -> Section | None:
    """A line a column."""
    figures = gathered.figures
    if not figures.columns:
        return None
    rows = []
    for name, column in figures.columns.items():
        kinds = ", ".join(kind if len(column.kinds) == 1 else f"{kind} ({n:,})" for kind, n in column.kinds.most(4))
        share = column.filled / figures.rows
        rows.append((tag("code", name), kinds, f"{column.filled:,}", percent(column.filled, figures.rows), bar(share)))
    body = [table(["Column", "holds", "rows", "filled", ""], rows, (2, 3))]
    if figures.bad_rows:
        body.append(tag("p", f"{plural(figures.bad_rows, 'row')} cannot be read.", class_="flag"))
    return "columns", "Columns", body
