"""`dataflow view`: a local page for looking at a dataset and reviewing it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dataflow.core.terminal import one_line, say

if TYPE_CHECKING:
    from dataflow.viewer.dataset import Dataset


def view(
    path: Annotated[
        Path, typer.Argument(help="A step file or any dataset file, or the folder of a run, also of one still going.")
    ],
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Where to listen.  [default: 8765, or a free one]")
    ] = None,
    host: Annotated[
        str, typer.Option(help="The address to listen on. Any but the default lets others see the data.")
    ] = "127.0.0.1",
    reviewer: Annotated[
        str | None, typer.Option(help="The name under which decisions are kept.  [default: your login name]")
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
    follow_links: Annotated[
        bool,
        typer.Option("--follow-links", help="Show media behind links that lead out of the dataset's folders, too."),
    ] = False,
) -> None:
    """Show a dataset on a local page: media, captions, answers, where they came from; review it with the keyboard.

    Decisions go to `*.review.jsonl` beside the data file, which stays as it is; `dataflow export` applies them.
    """
    from dataflow.viewer.hosts import LOOPBACK
    from dataflow.viewer.serve import serve

    def ready(address: str, dataset: Dataset) -> None:
        typer.echo(f"{one_line(str(dataset.data_file))}\n{address}")
        sys.stdout.flush()
        if host not in LOOPBACK:
            say(f"listening on {host}: whoever gets the address sees the data, unencrypted")
        say("Ctrl-C ends it")
        if open_:
            import webbrowser

            webbrowser.open(address)

    serve(path, host, port, reviewer, follow_links, ready)
