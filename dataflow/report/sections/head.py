"""What stands above and below the sections: the name, the outcome at a glance, and where it all comes from."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from dataflow.report.html import Html, join, tag
from dataflow.report.numbers import dollars, duration, percent, plural, short
from dataflow.report.plots import stacked
from dataflow.runs.kinds import kinds_in_words
from dataflow.version import __version__

if TYPE_CHECKING:
    from dataflow.report.gathered import Gathered

MOST_KINDS = 12

_STATES = {
    "done": "complete",
    "done with failures": "complete, with failures",
    "running": "under way",
    "killed": "killed: the same command goes on from here",
    "stopped": "stopped before its end; the same command goes on",
    "failed": "failed",
    "dataset": "a dataset, without a run",
}


def header(gathered: Gathered) -> Html:
    """The name of the dataset and what it is."""
    manifest = gathered.source.manifest
    told: list[Any] = [_STATES.get(gathered.state, gathered.state), plural(gathered.figures.rows, "sample")]
    if models := models_of(gathered):
        told.append(f"made by {', '.join(models)}")
    if day := _day(manifest.get("started")):
        told.append(day)
    said = tag("p", manifest["message"], class_="message") if manifest.get("message") else None
    lead = [tag("span", item) for item in told]
    return tag(
        "header", tag("p", "Dataset report", class_="kicker"), tag("h1", gathered.source.name), tag("p", lead), said
    )


def summary(gathered: Gathered) -> Html:
    """The outcome in one bar, and the figures that are asked for first."""
    figures, process, manifest = gathered.figures, gathered.process, gathered.source.manifest
    kinds = kinds_in_words(dict(process.failed.kinds.most(MOST_KINDS)))
    parts = [
        ("in the dataset", figures.rows, "good"),
        (f"failed ({kinds})" if kinds else "failed", process.failed.count, "bad"),
        ("rejected by an operator", process.rejected.count, "warn"),
    ]
    total = sum(count for _, count, _ in parts)
    keys = [
        tag("li", tag("span", class_=f"key {kind}"), f" {count:,} {name} ", tag("i", percent(count, total)))
        for name, count, kind in parts
    ]
    outcome = [stacked(parts), tag("ul", keys, class_="legend")] if total else [tag("p", "There are no samples.")]
    return tag("div", outcome, tag("dl", list(_tiles(gathered, manifest)), class_="tiles"), class_="summary")


def _tiles(gathered: Gathered, manifest: dict[str, Any]) -> list[Html]:
    figures, process = gathered.figures, gathered.process
    fresh = sum(asked.fresh for asked in process.asked.values())
    kept = sum(asked.kept for asked in process.asked.values())
    read = sum(asked.input_tokens.total for asked in process.asked.values())
    written = sum(asked.output_tokens.total for asked in process.asked.values())
    tiles = []
    if figures.pairs.count:
        pairs = figures.words["question"].count
        tiles.append(_tile("Pairs", f"{pairs:,}", f"{short(figures.pairs.mean)} a sample"))
    for kind in ("video", "image"):
        if gathered.figures.repeats[kind].count:
            distinct = figures.repeats[kind].distinct()
            used = figures.repeats[kind].count
            tiles.append(_tile(f"{kind.title()}s", f"{distinct:,}", f"used {used:,} times" if used > distinct else ""))
    if process.asked:
        tiles.append(_tile("Answers", f"{fresh + kept:,}", f"{kept:,} from the ledger" if kept else "all fresh"))
        tiles.append(_tile("Tokens", short(read + written), f"{short(read)} read, {short(written)} written"))
    here = manifest.get("cost")
    cost = manifest.get("so_far", {}).get("cost", here)
    if isinstance(cost, int | float):
        each = f"{dollars(1000 * cost / figures.rows)} per 1,000 samples" if figures.rows and cost else "all runs"
        tiles.append(_tile("Cost", dollars(cost), each if here == cost else f"{each}, {dollars(here or 0)} this run"))
    elif process.asked:
        tiles.append(_tile("Cost", "–", "the price is not known"))
    seconds = manifest.get("seconds")
    if isinstance(seconds, int | float) and seconds > 0:
        finished = manifest.get("counts", {}).get("finished") or 0
        tiles.append(
            _tile("Time", duration(seconds), f"{short(finished / seconds)} samples a second" if finished else "")
        )
    if gathered.reviewed.total:
        told = ", ".join(f"{count:,} {verdict}" for verdict, count in gathered.reviewed.most(3))
        tiles.append(_tile("Reviewed", f"{gathered.reviewed.total:,}", told))
    return tiles


def _tile(name: str, value: str, note: str) -> Html:
    return tag("div", tag("dt", name), tag("dd", value), tag("dd", note or "\u00a0", class_="note"))


def footer(gathered: Gathered) -> Html:
    """What this page is."""
    source = gathered.source
    warnings = [tag("p", f"Note: {warning}.") for warning in gathered.warnings]
    told = [
        f"Written by dataflow-mm {__version__} from {source.data_file.name}. ",
        "Samples of the gallery and the media looked into were drawn with seed ",
        tag("code", gathered.seed),
        ". What models wrote is shown as text. This page holds no script and loads nothing.",
    ]
    return tag("footer", warnings, tag("p", join(told)))


def models_of(gathered: Gathered) -> list[str]:
    """The models that answered, by the trace, else by the manifest."""
    models = dict.fromkeys(
        name for asked in gathered.process.asked.values() for name, _ in asked.models.most(5) if name != "None"
    )
    for serving in gathered.source.manifest.get("servings", ()):
        if isinstance(serving, dict) and not models:
            models[str(serving.get("model"))] = None
    return list(models)


def _day(moment: object) -> str:
    try:
        day = datetime.fromisoformat(str(moment))
    except ValueError:
        return ""
    return f"{day.day} {day:%B %Y}"
