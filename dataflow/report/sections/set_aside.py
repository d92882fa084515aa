"""What did not come through: failures and rejections by kind and message, and the first of each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from dataflow.report.html import Html, tag
from dataflow.report.numbers import plural
from dataflow.report.parts import Section, grid, panel, quote, ranked, table

if TYPE_CHECKING:
    from dataflow.report.gathered import Gathered
    from dataflow.report.process import SetAside

LONGEST_RAW = 600


def set_aside(gathered: Gathered) -> Section | None:
    """Failures and rejections."""
    failed, rejected = gathered.process.failed, gathered.process.rejected
    if not failed.count and not rejected.count:
        return None
    body: list[Html] = []
    if failed.count:
        lists = [panel("Failures by kind", ranked(failed.kinds, "Kinds"))]
        lists.append(panel("Where", ranked(failed.operators, "Operators")))
        body += [grid(lists), _messages(failed), _examples(failed.examples)]
    if rejected.count:
        lists = [panel("Rejected, by reason", ranked(rejected.kinds, "Reasons"))]
        lists.append(panel("Rejected by", ranked(rejected.operators, "Operators")))
        body.append(grid(lists))
    return "set-aside", "Failed and rejected", body


def _messages(failed: SetAside) -> Html:
    rows = []
    for key, count in failed.messages.most(12):
        kind, _, message = key.partition("\t")
        rows.append((kind, quote(message, 280), f"{count:,}"))
    return table(["Kind", "message, names and numbers left out", "samples"], rows, (2,))


def _examples(records: list[dict[str, Any]]) -> Html:
    return tag(
        "details",
        tag("summary", f"{plural(len(records), 'failure')} in full, the first of each kind"),
        [_example(one) for one in records],
    )


def _example(record: dict[str, Any]) -> Html:
    sample, raw = record.get("sample"), record.get("raw")
    known = {name: value for name, value in sample.items() if name != "id"} if isinstance(sample, dict) else None
    return tag(
        "article",
        tag("h4", tag("b", record.get("id")), " ", tag("span", record.get("kind"), class_="pill bad")),
        tag("p", quote(str(record.get("message")), LONGEST_RAW)),
        tag("pre", quote(str(raw), LONGEST_RAW)) if raw else None,
        tag("pre", quote(orjson.dumps(known, default=str).decode(), 400), class_="quiet") if known else None,
        class_="failure",
    )
