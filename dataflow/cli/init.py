"""`dataflow init`: lay a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dataflow.core.terminal import visible


def init(
    directory: Annotated[Path, typer.Argument(help="The folder to lay the workspace into.")] = Path(),
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there already.")] = False,
) -> None:
    """Lay ready scripts and sample data into a folder."""
    from dataflow.workspace.lay import lay
    from dataflow.workspace.next_steps import next_steps

    typer.echo(visible(next_steps(directory, lay(directory, force))))
