"""`dataflow list`: what there is to run."""

from __future__ import annotations

import inspect
from enum import StrEnum
from typing import Annotated, Any

import typer

from dataflow.core.terminal import one_line


class Kind(StrEnum):
    """What can be listed."""

    pipelines = "pipelines"
    operators = "operators"
    servings = "servings"


def list_(
    kind: Annotated[Kind | None, typer.Argument(help="Only these; all three unless told.")] = None,
) -> None:
    """List pipelines, operators and servings, those of installed packages too."""
    from dataflow.core.errors import UsageError
    from dataflow.registry import entries

    for wanted in [kind] if kind else list(Kind):
        typer.echo(f"{wanted.value}:")
        found = list(entries(wanted.value))
        width = max((len(entry.name) for entry in found), default=0) + 2
        for entry in found:
            try:
                about = _about(entry.load())
            except UsageError as error:
                about = f"({error})"
            source = "" if entry.package == "dataflow-mm" else f" [{entry.package}]"
            typer.echo(one_line(f"  {entry.name:<{width}}{about}{source}"))


def _about(thing: Any) -> str:
    """One line on a pipeline, an operator or a serving."""
    if summary := getattr(thing, "summary", None):
        return str(summary)
    return (inspect.getdoc(thing) or "").split("\n")[0]
