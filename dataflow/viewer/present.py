"""Rows, samples and choices as the JSON that the page reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dataflow.core.errors import MediaError
from dataflow.core.sample import Sample
from dataflow.core.storage import BadRow
from dataflow.storage.paths import is_url
from dataflow.storage.review import Decision, id_key, row_digest
from dataflow.storage.review_pairs import pair_names
from dataflow.viewer.columns import Names
from dataflow.viewer.facts import facts_of, snippet
from dataflow.viewer.generated import generated_of
from dataflow.viewer.media_refs import MediaRef, find_file, media_of
from dataflow.viewer.opened import Opened

_MOST_NAME = 120
_MOST_CHOICES = 200


def list_row(opened: Opened, table: str, number: int) -> dict[str, Any]:
    """A row as the list shows it."""
    row = opened.row(table, number)
    if isinstance(row, BadRow):
        return {"number": number, "key": str(number + 1), "text": row.message, "bad": True}
    if table != "rows":
        sample = opened.sample(table, number)
        reason = str(row.get("message") or row.get("reason") or "")
        return {
            "number": number,
            "key": id_key(row.get("id")),
            "kind": str(row.get("kind") or table),
            "operator": str(row.get("operator") or ""),
            "text": reason[:300],
            "media": _media_kind(sample, opened),
        }
    decision = opened.current_decision(number)
    shown = decision.kept(row) if decision else row
    facts = facts_of(shown, opened.fields, opened.roles)
    return {
        "number": number,
        "key": id_key(opened.id_of(number, row)),
        "text": snippet(shown, opened.fields, opened.roles),
        "pairs": facts.pairs,
        "rating": facts.rating,
        "labels": facts.labels[:4],
        "partial": facts.partial,
        "media": _media_kind(shown, opened),
        "verdict": decision.verdict if decision else None,
        "edited": bool(decision and decision.set),
        "pairsRejected": sum(map(len, decision.pairs.values())) if decision else 0,
        "stale": number in opened.places.stale,
    }


def whole_sample(opened: Opened, table: str, number: int) -> dict[str, Any]:
    """A sample with everything that is known of it. Blocking: looks at its media and the side files."""
    row = opened.row(table, number)
    head = {"table": table, "number": number, "generation": opened.generation}
    if isinstance(row, BadRow):
        return {**head, "key": str(number + 1), "bad": {"message": row.message, "text": row.text}}
    sample = opened.sample(table, number)
    record = None if table == "rows" else {name: value for name, value in row.items() if name != "sample"}
    sample_id = opened.id_of(number, row) if table == "rows" else row.get("id")
    trace = opened.trace.of(sample_id)
    whole: dict[str, Any] = {
        **head,
        "key": id_key(sample_id),
        "sample": sample,
        "media": [_medium(ref, opened) for ref in media_of(sample, opened.fields)],
        "mediaFields": sorted(opened.fields),
        "generated": generated_of(sample, opened.generated),
        "trace": trace,
        "prompts": opened.place.manifest.get("prompts", {}),
        "discussion": opened.discussion.of(sample_id),
    }
    if record is not None:
        return {**whole, "record": record}
    decision, stale = opened.current_decision(number), opened.places.stale.get(number)
    shown = decision.edited(row) if decision else row
    names = {column: names for column, value in shown.items() if (names := pair_names(value))}
    return {**whole, "seen": row_digest(row), "pairNames": names, **_decision(row, decision or stale, bool(stale))}


def choices(opened: Opened) -> dict[str, Any]:
    """What the filters offer."""
    columns = opened.columns
    return {
        "labels": _names(columns.labels),
        "types": _names(columns.types),
        "pairs": sorted(columns.pair_counts.items())[:20],
        "rated": columns.rated,
    }


def _names(names: Names) -> list[tuple[str, int]]:
    return [(name[:_MOST_NAME], count) for name, count in names.counts.most_common(_MOST_CHOICES)]


def _media_kind(sample: Sample, opened: Opened) -> str:
    """`image`, `video`, or nothing where the sample names no media."""
    first = next(iter(media_of(sample, opened.fields)), None)
    return "" if first is None else "video" if first.video else "image"


def _medium(ref: MediaRef, opened: Opened) -> dict[str, Any]:
    """A medium: what it is called, whether it can be shown, and which names of it the trace has."""
    name = "data: URL" if ref.name[:5].lower() == "data:" else ref.name
    medium: dict[str, Any] = {"name": name, "where": ref.where, "video": ref.video}
    if name != ref.name:
        return medium
    try:
        found = find_file(ref, opened.place)
    except MediaError as error:
        return {**medium, "problem": str(error), "url": is_url(ref.name)}
    is_image = found.mime.startswith("image/")
    return {**medium, "video": ref.video and not is_image, "path": str(found.path), "base": Path(found.path).name}


def _decision(row: Sample, decision: Decision | None, stale: bool) -> dict[str, Any]:
    if decision is None:
        return {"decision": None, "stale": False}
    said = [
        {
            "key": action.key,
            "at": action.at,
            "who": action.who,
            "do": action.do,
            "note": action.note,
            "fields": list(action.set),
            "column": action.column,
            "pair": action.pair,
        }
        for action in decision.actions
    ]
    shown = decision.edited(row)
    told = {
        "verdict": decision.verdict,
        "reason": decision.reason,
        "set": {name: value for name, value in shown.items() if name in decision.set or row[name] is not value},
        "pairs": {column: sorted(names) for column, names in decision.pairs.items()},
        "actions": said,
    }
    return {"decision": told, "stale": stale}
