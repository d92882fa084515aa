"""The subcommands, put together."""

from __future__ import annotations

from typing import Annotated

import typer

from dataflow.cli.env import env
from dataflow.cli.export import export
from dataflow.cli.init import init
from dataflow.cli.list import list_
from dataflow.cli.probe import probe
from dataflow.cli.report import report
from dataflow.cli.run import run
from dataflow.cli.show import show
from dataflow.cli.status import status
from dataflow.cli.view import view
from dataflow.version import __version__

app = typer.Typer(
    help="Turn images and videos into training data: captions, question-answer pairs, knowledge-context VQA.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"dataflow-mm {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Turn images and videos into training data: captions, question-answer pairs, knowledge-context VQA."""


app.command("init")(init)
# What stands there by mistake is told by ourselves: most often the shell has opened a pattern.
app.command("run", context_settings={"allow_extra_args": True})(run)
app.command("status")(status)
app.command("report")(report)
app.command("export")(export)
app.command("probe")(probe)
app.command("view")(view)
app.command("list")(list_)
app.command("show")(show)
app.command("env")(env)
