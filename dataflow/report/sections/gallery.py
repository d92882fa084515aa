"""Drawn samples as they are: pictures, text, pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dataflow.core import Sample
from dataflow.report.figures import told_in
from dataflow.report.html import Html, tag
from dataflow.report.numbers import plural
from dataflow.report.parts import Section, quote

if TYPE_CHECKING:
    from dataflow.report.gathered import Gathered
    from dataflow.report.media import Thumbnail

LONGEST_TEXT = 700
PAIRS_SHOWN = 5


def gallery(gathered: Gathered) -> Section | None:
    """The drawn samples."""
    if not gathered.gallery:
        return None
    shown, rows = len(gathered.gallery), gathered.figures.rows
    told = f"All {plural(rows, 'sample')}." if shown == rows else f"{shown} of {rows:,} samples, drawn at random."
    cards = [_card(row, pictures, gathered) for row, pictures in gathered.gallery]
    return "samples", "Samples", [tag("p", told, class_="quiet"), tag("div", cards, class_="cards")]


def _card(row: Sample, pictures: list[Thumbnail], gathered: Gathered) -> Html:
    body: list[Html] = []
    for column, pairs, context in told_in(row, gathered.figures.names):
        if context:
            body.append(tag("p", quote(context, LONGEST_TEXT), class_="text"))
        if pairs:
            body.append(_pairs(pairs))
        elif not context:
            body.append(tag("p", quote(str(row[column]), LONGEST_TEXT), class_="text"))
    if not body:
        names = ", ".join(name for name in row if name != "id")
        body.append(tag("p", f"No caption and no pairs; columns: {names}", class_="quiet"))
    paths = dict.fromkeys(picture.path for picture in pictures if picture.path)
    files = [path.rpartition("/")[2][:80] for path in paths]
    shown = [*files[:2], "…"] if len(files) > 3 else files
    name = tag("p", tag("b", row["id"]), [tag("bdi", one) for one in shown], class_="name")
    return tag("article", tag("div", [_picture(one) for one in pictures], class_="pictures"), name, body, class_="card")


def _picture(one: Thumbnail) -> Html:
    if not one.url:
        return tag("p", one.label, class_="missing")
    caption = tag("figcaption", one.label) if one.label else None
    name = one.path.rpartition("/")[2][:80]
    said = f"{name} at {one.label}" if one.label else name
    return tag("figure", tag("img", src=one.url, alt=said), caption)


def _pairs(pairs: list[tuple[str, str, str]]) -> Html:
    listed = [
        tag(
            "div",
            tag("dt", quote(question, 300), tag("span", label, class_="pill") if label else None),
            tag("dd", quote(answer, 400)),
        )
        for question, answer, label in pairs[:PAIRS_SHOWN]
    ]
    left = len(pairs) - PAIRS_SHOWN
    more = tag("p", f"and {plural(left, 'pair')} more", class_="quiet") if left > 0 else None
    return tag("div", tag("dl", listed), more, class_="pairs")
