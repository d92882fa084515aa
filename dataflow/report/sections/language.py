"""What models wrote: how long, what is asked and how questions begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dataflow.report.html import Html
from dataflow.report.parts import Section, grid, panel, ranked, spread_panel

if TYPE_CHECKING:
    from dataflow.report.gathered import Gathered

_TITLES = {"caption": "Captions", "article": "Articles", "question": "Questions", "answer": "Answers"}


def language(gathered: Gathered) -> Section | None:
    """Lengths, labels, first words, frequent answers."""
    figures = gathered.figures
    panels: list[Html] = [
        spread_panel(_TITLES[name], spread, "words") for name, spread in figures.words.items() if spread.count
    ]
    if figures.pairs.count and figures.pairs.high > 1:
        panels.append(spread_panel("Pairs in a sample", figures.pairs, "pairs"))
    lists: list[Html] = []
    if figures.labels.total:
        lists.append(panel("Types of questions", ranked(figures.labels, "Types and labels")))
    if figures.first_words.total:
        lists.append(panel("How questions begin", ranked(figures.first_words, "First two words")))
    # One answer that many questions share is a bias that a model would learn; one of its own is none.
    if any(count > 1 for _, count in figures.answers.most(1)):
        asked = figures.words["answer"].count
        found = ranked(figures.answers, "Answers of up to three words", whole=asked, least=2)
        lists.append(panel("Frequent short answers", found))
    if not panels and not lists:
        return None
    return "language", "Language", [grid(panels, small=True), grid(lists)]
