"""The images and videos: how many, how long, how large, how many frames the model saw of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dataflow.report.html import Html, tag
from dataflow.report.numbers import duration, plural
from dataflow.report.parts import Section, facts, grid, panel, quote, spread_panel

if TYPE_CHECKING:
    from dataflow.report.counts import TopCounts
    from dataflow.report.gathered import Gathered
    from dataflow.report.media import MediaFacts


def media(gathered: Gathered) -> Section | None:
    """What was found in the drawn files, and the frames that were seen."""
    figures, panels = gathered.figures, []
    for kind, found in gathered.media.items():
        panels.append(panel(f"{kind.title()}s", _told(kind, found, figures.repeats[kind].distinct())))
        if found.seconds.count:
            panels.append(spread_panel("Durations", found.seconds, "seconds", duration))
        if found.sides.count and found.sides.low < found.sides.high:
            panels.append(spread_panel(f"Longer sides of {kind}s", found.sides, "pixels"))
    if gathered.process.frames.count:
        panels.append(spread_panel("Frames seen by the model", gathered.process.frames, "frames"))
    for kind, spread in (("Images", figures.images), ("Videos", figures.videos)):
        if spread.count and spread.high > 1:
            panels.append(spread_panel(f"{kind} in a sample", spread, kind.lower()))
    return ("media", "Media", [grid(panels, small=True)]) if panels else None


def _told(kind: str, found: MediaFacts, distinct: int) -> list[Html]:
    looked = found.looked + len(found.unreadable) + found.remote
    drawn = f"All {plural(distinct, kind)}." if looked == distinct else f"{looked:,} drawn of {distinct:,} {kind}s."
    pairs: list[tuple[str, object]] = [("size", _most(found.sizes)), ("format", _most(found.codecs))]
    if kind == "video":
        pairs += [("frames a second", _most(found.rates)), ("sound", _most(found.sound))]
    told: list[Html] = [tag("p", drawn, class_="quiet"), facts(pairs) if found.looked else Html("")]
    if found.remote:
        told.append(tag("p", f"{plural(found.remote, 'address', 'addresses')} on the network, not fetched."))
    if found.unreadable:
        first = [tag("li", quote(message, 200)) for message in found.unreadable[:3]]
        count = plural(len(found.unreadable), "file")
        told.append(tag("div", tag("p", f"{count} cannot be read:"), tag("ul", first), class_="flag"))
    if found.notes.total:
        told.append(
            tag("ul", [tag("li", f"{note} ({count:,})") for note, count in found.notes.most(4)], class_="quiet")
        )
    return told


def _most(counts: TopCounts) -> str:
    """The most frequent values, with counts where there are several."""
    top = counts.most(4)
    if len(top) == 1:
        return top[0][0]
    more = f", {len(counts) - 4:,} others" if len(counts) > 4 else ""
    return ", ".join(f"{value} ({count:,})" for value, count in top) + more
