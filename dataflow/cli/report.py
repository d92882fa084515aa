"""`dataflow report`: what is in a dataset, as one HTML page and as a dataset card."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dataflow.cli.waiting import waiting
from dataflow.core.terminal import say


def report(
    path: Annotated[Path, typer.Argument(help="A data file, or the folder of a run.", show_default=False)],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The page.", show_default="report.html beside the data")
    ] = None,
    card: Annotated[
        Path | None, typer.Option(help="Write the dataset card, too: README.md of the Hugging Face form.")
    ] = None,
    samples: Annotated[int, typer.Option(min=0, max=200, help="How many samples to show.")] = 12,
    seed: Annotated[int, typer.Option(help="Of the draw of samples, and of media to look into.")] = 0,
    follow_links: Annotated[
        bool,
        typer.Option("--follow-links", help="Show media behind links that lead out of the dataset's folders, too."),
    ] = False,
) -> None:
    """Write a page about a dataset: counts, failures, cost, lengths, questions, duplicates, media, samples.

    One file that needs nothing else and runs no script. It works on a run that goes on, or that has nothing but
    failures.
    """
    from dataflow.core.errors import UsageError
    from dataflow.report.job import gather, write_card, write_report

    page = output or (path if path.is_dir() else path.parent) / "report.html"
    if card is not None and card.is_dir():
        card = card / "README.md"
    for wanted in (page, card):
        if wanted is not None and wanted.suffix not in (".html", ".htm", ".md"):
            raise UsageError(f"{wanted}: name a file that ends in .html, or in .md for the card")
    with waiting() as progress:
        gathered = gather(path, seed, samples, progress, follow_links)
    for warning in gathered.warnings:
        say(f"warning: {warning}")
    say(f"report: {write_report(gathered, page)}")
    if card is not None:
        say(f"card: {write_card(gathered, card)}")
