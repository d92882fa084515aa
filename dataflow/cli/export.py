"""`dataflow export`: a dataset in a format that trainers read."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import orjson
import typer

from dataflow.cli import complete
from dataflow.cli.waiting import waiting
from dataflow.core.terminal import one_line, say

if TYPE_CHECKING:
    from dataflow.export.options import ExportResult


class Media(StrEnum):
    """What is done with images and videos."""

    copy = "copy"
    link = "link"
    reference = "reference"
    embed = "embed"


def export(
    path: Annotated[Path, typer.Argument(help="A data file, or the folder of a run.", show_default=False)],
    to: Annotated[
        str,
        typer.Option(
            metavar="FORMAT",
            help="sharegpt, llava, llamafactory, ms-swift, openai, hf, webdataset or parquet.",
            show_default=False,
            autocompletion=complete.exports,
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder to write.", show_default=False)],
    val: Annotated[float, typer.Option(help="The share held out for validation.")] = 0.0,
    seed: Annotated[int, typer.Option(help="Of the draw for validation.")] = 0,
    media: Annotated[
        Media | None,
        typer.Option(
            help="Copy images and videos into the folder, link them there, or name them where they lie; hf, openai and "
            "webdataset embed them.",
            show_default="copy, or embed",
        ),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            help="Only what this column holds, such as caption or qa, or an answer of your own; may be repeated.",
            show_default="all",
        ),
    ] = None,
    question: Annotated[
        str,
        typer.Option(
            help="What was asked, for answers of your own shape (--column) that are no pairs.",
            show_default="as the sample's conversation says",
        ),
    ] = "",
    keep: Annotated[
        list[str] | None,
        typer.Option(
            help="Your own columns to write beside the conversation: names, by comma or repeated; all; none.",
            show_default="all",
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Write nothing when a decision of a reviewer would do nothing.")
    ] = False,
    force: Annotated[
        bool,
        typer.Option("--force", help="Replace what an export wrote that stands there; other files in its folder stay."),
    ] = False,
    follow_links: Annotated[
        bool,
        typer.Option("--follow-links", help="Take media behind links that lead out of the dataset's folders, too."),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON on stdout.")] = False,
) -> None:
    """Write a dataset for a trainer. What reviewers rejected is left out, what they edited is written as edited.

    Samples that share a clip or picture are never on both sides of the validation split. The folder appears when it is
    complete, or not at all. Of a run that goes on, was stopped or was killed, what it has finished is exported.

    Exit codes: 0 all exported, 1 could not export, 2 wrong usage, 3 done but some samples were left out, with the
    reasons in skipped.jsonl, or are still to be made by the run.
    """
    from dataflow.export.job import export as write
    from dataflow.export.options import ExportOptions

    options = ExportOptions(
        path,
        to,
        out,
        val=val,
        seed=seed,
        media=media.value if media else None,
        columns=tuple(column or ()),
        question=question.strip(),
        keep=_kept(keep),
        strict=strict,
        force=force,
        follow_links=follow_links,
    )
    with waiting() as progress:
        result = write(options, progress)
    if json:
        print(orjson.dumps(_as_json(result)).decode())
    else:
        say("\n".join(map(one_line, _lines(result))))
    raise typer.Exit(3 if result.skipped or result.partial else 0)


def _kept(keep: list[str] | None) -> tuple[str, ...] | None:
    """The own columns that `--keep` names; None for all."""
    names = tuple(dict.fromkeys(name.strip() for given in keep or ["all"] for name in given.split(",") if name.strip()))
    if names == ("all",):
        return None
    return () if names == ("none",) else names


def _as_json(result: ExportResult) -> dict[str, object]:
    return {
        "out": str(result.out),
        "conversations": result.splits,
        "samples": result.samples,
        "partial": result.partial,
        "missing": result.missing,
        "own_columns": result.own,
        "applied": result.applied,
        "rejected": result.rejected,
        "pairs_rejected": result.pairs_rejected,
        "rejected_for": result.rejected_for,
        "edited": result.edited,
        "stale": result.stale,
        "gone": result.gone,
        "skipped": result.skipped,
        "warnings": result.warnings,
    }


def _lines(result: ExportResult) -> list[str]:
    made = ", ".join(f"{count} {split}" for split, count in result.splits.items())
    lines = [f"exported: {sum(result.splits.values())} conversations of {result.samples} samples ({made})"]
    if result.partial:
        lines.append(f"partial: {result.partial}")
    if result.own:
        lines.append(f"own columns: {', '.join(f'{name} ({kind})' for name, kind in result.own.items())}")
    lines += _review_lines(result)
    lines += [f"warning: {warning}" for warning in result.warnings]
    if result.skipped:
        lines.append(f"left out: {result.skipped}, with reasons in {result.out / 'skipped.jsonl'}")
        lines += [f"  {reason[:300]}" for reason in result.reasons]
    return [*lines, f"output: {result.out}", f"next: {result.next_step}"]


def _review_lines(result: ExportResult) -> list[str]:
    """What reviewers decided: what was applied, why, and what did nothing."""
    if not (result.applied or result.stale or result.gone):
        return []
    did = ((result.rejected, "rejected"), (result.pairs_rejected, "pairs rejected"), (result.edited, "edited"))
    done = ", ".join(f"{count} {what}" for count, what in did if count)
    nothing = "".join(f", {count} {what}" for count, what in ((result.stale, "stale"), (result.gone, "gone")) if count)
    applied = f"{result.applied} decision{'' if result.applied == 1 else 's'} applied"
    lines = [f"review: {applied}{f' ({done})' if done else ''}{nothing}"]
    if result.rejected_for:
        reasons = list(result.rejected_for.items())
        told = ", ".join(f"{reason[:60]} ({count})" for reason, count in reasons[:5])
        lines.append(f"  reasons: {told}" + (f", {len(reasons) - 5} others" if len(reasons) > 5 else ""))
    if result.stale:
        lines.append(f"  stale: {result.stale} samples were made anew since their review; those decisions did nothing")
    if result.gone:
        lines.append(f"  gone: {result.gone} reviewed samples are not in the data any more")
    return lines
