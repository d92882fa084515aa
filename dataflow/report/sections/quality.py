"""What may be wrong with the data: repetition, near-duplicates, and what the operators' checks found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dataflow.report.html import Html, tag
from dataflow.report.numbers import percent, plural
from dataflow.report.parts import Section, grid, panel, quote, spread_panel, table

if TYPE_CHECKING:
    from dataflow.report.gathered import Gathered

_NAMES = {
    "caption": "Captions",
    "question": "Questions",
    "answer": "Answers",
    "image": "Images, by path",
    "video": "Videos, by path",
}


def quality(gathered: Gathered) -> Section | None:
    """Repetition and checks."""
    figures = gathered.figures
    rows = []
    for name, repeats in figures.repeats.items():
        if repeats.count:
            distinct = repeats.distinct()
            again = repeats.count - distinct
            rows.append(
                (_NAMES[name], f"{repeats.count:,}", f"{distinct:,}", f"{again:,}", percent(again, repeats.count))
            )
    if not rows:
        return None
    parts: list[Html] = [table(["", "all", "different", "repeated", "share"], rows, (1, 2, 3, 4))]
    if figures.repeated_inside:
        asked = plural(figures.repeated_inside, "question is", "questions are")
        parts.append(tag("p", f"{asked} asked twice in one sample.", class_="flag"))
    panels = [panel("Repetition", parts)]
    if figures.checks:
        panels.append(panel("Checks by operators", _checks(gathered)))
    panels += [spread_panel(name, scores, "score") for name, scores in figures.scores.items()]
    near = panel("Near-duplicates", _near(gathered))
    if not gathered.near:
        return "quality", "Repetition and checks", [grid([*panels, near])]
    return "quality", "Repetition and checks", [grid(panels), near]


def _near(gathered: Gathered) -> list[Html]:
    rows = gathered.figures.rows
    if not gathered.near:
        return [tag("p", "No two samples are nearly the same.", class_="quiet")]
    told = (
        f"{plural(gathered.near_rows, 'sample')} of {rows:,} ({percent(gathered.near_rows, rows)}) are nearly the same "
    )
    explained = "as another: at least 0.8 of their word triples agree, by an estimate that is right within 0.05."
    listed = []
    for cluster, quotes in gathered.near:
        members = [tag("li", tag("b", id), " ", quote(text, 200)) for id, text in quotes]
        more = ", among them" if cluster.size > len(quotes) else ""
        listed.append(tag("li", tag("p", f"{cluster.size:,} samples{more}", class_="quiet"), tag("ul", members)))
    return [tag("p", told + explained), tag("ul", listed, class_="clusters")]


def _checks(gathered: Gathered) -> Html:
    rows = []
    for name, counts in gathered.figures.checks.items():
        found = dict(counts.most(3))
        rows.append((name, *(f"{found.get(answer, 0):,}" for answer in ("yes", "no", "cannot tell"))))
    return table(["", "yes", "no", "cannot tell"], rows, (1, 2, 3))
