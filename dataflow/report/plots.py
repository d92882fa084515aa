"""Plots as inline SVG: histograms and bars. Colours come from the page's style sheet, so that they follow its theme."""

from __future__ import annotations

from math import ceil, floor, log10

from dataflow.report.html import Html, tag
from dataflow.report.numbers import short
from dataflow.report.spread import Spread, nice_edges, nice_step

WIDTH, HEIGHT = 236, 86
_BASE, _LEFT, _RIGHT, _TOP = 68, 2, 2, 6
_BINS = 26
_SPAN_FOR_LOG = 60.0
"""How many times the 95th percentile must exceed the 5th for the axis to be logarithmic."""


def histogram(spread: Spread, label: str, unit: str = "") -> Html:
    """The distribution of numbers, with its median marked.

    Args:
        spread: the numbers, at least one.
        label: what a screen reader says.
        unit: of the numbers, for tips.
    """
    edges, log = _edges(spread)
    counts = [0.0] * (len(edges) - 1)
    beyond = 0
    for number, times in spread.steps():
        if number > edges[-1] * (1 + 1e-9):
            beyond += times
            continue
        counts[_bin(number, edges)] += times
    most = max(counts) or 1.0
    bars = []
    for number, count in enumerate(counts):
        if not count:
            continue
        left, right = _x(edges[number], edges, log), _x(edges[number + 1], edges, log)
        height = max(1.2, (_BASE - _TOP) * count / most)
        tip = f"{_range(edges[number], edges[number + 1], spread.whole)} {unit}: {int(count):,}"
        shape = {"x": f"{left + 0.5:.1f}", "width": f"{max(0.8, right - left - 1):.1f}"}
        bar = tag("rect", class_="bar", y=f"{_BASE - height:.1f}", height=f"{height:.1f}", **shape)
        bars.append(tag("g", tag("title", tip), bar))
    median = spread.quantile(0.5)
    middle = f"{_x(min(median, edges[-1]), edges, log):.1f}"
    marks = [
        tag("line", class_="axis", x1=_LEFT, x2=WIDTH - _RIGHT, y1=_BASE, y2=_BASE),
        tag("line", class_="median", x1=middle, x2=middle, y1=_TOP - 4, y2=_BASE),
    ]
    for at in _ticks(edges, log, spread.whole):
        x = _x(at, edges, log)
        anchor = "start" if x < 16 else "end" if x > WIDTH - 16 else "middle"
        marks.append(tag("line", class_="axis", x1=f"{x:.1f}", x2=f"{x:.1f}", y1=_BASE, y2=_BASE + 3))
        marks.append(tag("text", short(at), x=f"{x:.1f}", y=_BASE + 15, text_anchor=anchor))
    if beyond:
        marks.append(
            tag("text", f"{beyond:,} beyond →", class_="note", x=WIDTH - _RIGHT, y=_TOP + 6, text_anchor="end")
        )
    return tag("svg", bars, marks, class_="plot", viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img", aria_label=label)


def bar(share: float, kind: str = "") -> Html:
    """A horizontal bar that fills its share of the cell it stands in.

    Args:
        share: from 0 to 1.
        kind: a class that gives it another colour.
    """
    width = f"{max(0.0, min(1.0, share)) * 100:.2f}"
    shape = tag("rect", class_=f"bar {kind}".strip(), x=0, y=0, width=width, height=10)
    return tag("svg", shape, class_="share", viewBox="0 0 100 10", preserveAspectRatio="none", aria_hidden="true")


def stacked(parts: list[tuple[str, int, str]]) -> Html:
    """Parts of a whole in one bar.

    Args:
        parts: name, count and class of each.
    """
    total = sum(count for _, count, _ in parts) or 1
    shapes, x = [], 0.0
    for name, count, kind in parts:
        width = 100 * count / total
        if count:
            shape = tag("rect", class_=f"bar {kind}", x=f"{x:.3f}", y=0, width=f"{width:.3f}", height=10)
            shapes.append(tag("g", tag("title", f"{name}: {count:,}"), shape))
        x += width
    said = ", ".join(f"{name} {count:,}" for name, count, _ in parts)
    view = {"viewBox": "0 0 100 10", "preserveAspectRatio": "none"}
    return tag("svg", shapes, class_="stacked", role="img", aria_label=said, **view)


def _edges(spread: Spread) -> tuple[list[float], bool]:
    """The bins of a histogram, and whether they widen."""
    low, high = spread.low, spread.high
    far = spread.quantile(0.99)
    high = far if high > 3 * far > 0 else high
    if low > 0 and spread.quantile(0.95) > _SPAN_FOR_LOG * spread.quantile(0.05):
        first, last = floor(log10(low) * 8) / 8, ceil(log10(high) * 8 + 1e-9) / 8
        count = max(2, min(_BINS, round((last - first) * 8)))
        return [10 ** (first + (last - first) * n / count) for n in range(count + 1)], True
    if spread.whole:  # bins with whole numbers in their middle
        step = max(1.0, ceil((high - low + 1) / _BINS))
        count = ceil((high - low + 1) / step)
        return [low - 0.5 + step * n for n in range(count + 1)], False
    edges = nice_edges(low, high, _BINS)
    if edges[-1] <= high:  # the last bin does not hold its right edge
        edges.append(round(edges[-1] + edges[1] - edges[0], 10))
    return edges, False


def _range(left: float, right: float, whole: bool) -> str:
    """What a bin holds, in words."""
    if not whole:
        return f"{short(left)} to {short(right)}"
    first, last = ceil(left), ceil(right) - 1
    return short(first) if last <= first else f"{short(first)} to {short(last)}"


def _bin(number: float, edges: list[float]) -> int:
    from bisect import bisect_right

    return min(max(bisect_right(edges, number + 1e-9) - 1, 0), len(edges) - 2)


def _x(number: float, edges: list[float], log: bool) -> float:
    if log:
        share = (log10(max(number, edges[0])) - log10(edges[0])) / (log10(edges[-1]) - log10(edges[0]))
    else:
        share = (number - edges[0]) / (edges[-1] - edges[0])
    return _LEFT + (WIDTH - _LEFT - _RIGHT) * min(max(share, 0.0), 1.0)


def _ticks(edges: list[float], log: bool, whole: bool) -> list[float]:
    if log:
        powers = range(ceil(log10(edges[0]) - 1e-9), floor(log10(edges[-1]) + 1e-9) + 1)
        decades = [10.0**power for power in powers]
        return decades if len(decades) > 1 else [edges[0], edges[-1]]
    step = nice_step((edges[-1] - edges[0]) / 5)
    if whole:
        step = max(1.0, round(step))
    first = ceil(edges[0] / step - 1e-9)
    return [round(n * step, 10) for n in range(first, first + 9) if n * step <= edges[-1] * (1 + 1e-9)]
