"""Parts of the page that several sections use: figures with a plot, ranked lists, tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from dataflow.report.counts import TopCounts
from dataflow.report.html import Child, Html, tag
from dataflow.report.numbers import percent, plural, short
from dataflow.report.plots import bar, histogram
from dataflow.report.spread import Spread

Section = tuple[str, str, list[Html]]
"""Anchor, title, and what stands below it."""


FEWEST_DRAWN = 8


def panel(title: str, *children: Child, wide: bool = False) -> Html:
    """A part of a section with a small heading."""
    return tag("article", tag("h3", title), children, class_="panel wide" if wide else "panel")


def grid(panels: Iterable[Html], small: bool = False) -> Html:
    """Panels side by side, as many as fit."""
    return tag("div", list(panels), class_="grid small" if small else "grid")


def spread_panel(title: str, spread: Spread, unit: str, shown: Callable[[float], str] = short) -> Html:
    """A distribution: its plot, and its quantiles in figures."""
    head = [title, tag("span", unit, class_="unit")]
    named = [("mean", spread.mean), ("median", spread.quantile(0.5)), ("90 %", spread.quantile(0.9))]
    told = [*named, ("most", spread.high)] if spread.low < spread.high else [("each", spread.high)]
    values = [tag("div", tag("dt", name), tag("dd", shown(value))) for name, value in told]
    # A handful of numbers, or one value, is told better than drawn.
    drawn = spread.count >= FEWEST_DRAWN and spread.low < spread.high
    plot = histogram(spread, f"{title}: distribution, {unit}", unit) if drawn else None
    return tag("article", tag("h3", head), plot, tag("dl", values, class_="quantiles"), class_="panel")


def ranked(counts: TopCounts, head: str, most: int = 12, whole: int | None = None, least: int = 1) -> Html:
    """The most frequent keys with bars.

    Args:
        counts: of the keys.
        head: what the keys are.
        most: how many are shown.
        whole: what shares are of; the total of the counts when None.
        least: how often a key must be there to be shown.
    """
    whole = whole or counts.total
    top = [(key, count) for key, count in counts.most(most) if count >= least]
    longest = top[0][1] if top else 1
    rows = [
        tag(
            "tr",
            tag("th", tag("bdi", key), scope="row"),
            tag("td", f"{count:,}", class_="n"),
            tag("td", percent(count, whole), class_="n quiet"),
            tag("td", bar(count / longest), class_="bars"),
        )
        for key, count in top
    ]
    rest = counts.total - sum(count for _, count in top)
    if rest > 0:
        kinds = plural(len(counts) - len(top), "other") if counts.exact else "others"
        cells = (tag("th", kinds, scope="row"), tag("td", f"{rest:,}", class_="n"))
        share = tag("td", percent(rest, whole), class_="n quiet")
        rows.append(tag("tr", *cells, share, tag("td"), class_="rest"))
    return tag("table", tag("caption", head), tag("tbody", rows), class_="ranked")


def table(heads: Sequence[str], rows: Iterable[Sequence[Child]], numeric: Sequence[int] = ()) -> Html:
    """A table whose first column names the row.

    Args:
        heads: of the columns.
        rows: cells.
        numeric: the columns that hold numbers.
    """

    def kind(place: int) -> str | None:
        return "n" if place in numeric else None

    head = tag(
        "tr",
        # An empty cell is no head: a screen reader would announce it.
        [
            tag("th", name, scope="col", class_=kind(place)) if name else tag("td", class_=kind(place))
            for place, name in enumerate(heads)
        ],
    )
    body = [
        tag(
            "tr",
            tag("th", cells[0], scope="row"),
            [tag("td", cell, class_=kind(place)) for place, cell in enumerate(cells[1:], 1)],
        )
        for cells in rows
    ]
    name = next((name for name in heads if name), "Figures")
    inside = tag("table", tag("thead", head), tag("tbody", body))
    return tag("div", inside, class_="scroll", role="region", aria_label=f"Table: {name}", tabindex=0)


def facts(pairs: Iterable[tuple[str, Child]]) -> Html:
    """Names and values."""
    return tag("dl", [tag("div", tag("dt", name), tag("dd", value)) for name, value in pairs], class_="facts")


def quote(text: str, longest: int) -> Html:
    """What a model wrote, cut where it is long, isolated from the direction of the text around it."""
    shown = text if len(text) <= longest else text[:longest].rstrip() + " …"
    return tag("bdi", shown, dir="auto")
