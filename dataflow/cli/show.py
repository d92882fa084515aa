"""`dataflow show NAME`: what an operator, a serving or a pipeline is for, what it takes, and how it is used."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dataflow.core.terminal import visible

if TYPE_CHECKING:
    from dataflow.core import Key
    from dataflow.registry import Entry

_SERVINGS = ("serving", "vlm_serving", "llm_serving")


def show(
    name: Annotated[str, typer.Argument(help="Of an operator, a serving or a pipeline, as `dataflow list` has it.")],
) -> None:
    """Show what an operator, a serving or a pipeline is for, what it takes, and an example."""
    from dataflow.core.errors import UsageError
    from dataflow.core.operator import near
    from dataflow.registry import OURS, entries

    told = {"operators": _operator, "servings": _serving, "pipelines": _pipeline}
    known = {entry.name: (kind, entry) for kind in OURS for entry in entries(kind)}
    if name not in known:
        raise UsageError(f"there is no {name!r}{near(name, list(known))}. `dataflow list` tells what there is")
    kind, entry = known[name]
    typer.echo(visible(f"{name}  {kind[:-1]} of {entry.package}\n"))
    for line in told[kind](entry):
        typer.echo(visible(line))


def _operator(entry: Entry) -> Iterator[str]:
    from dataflow.core.parameters import parameters_of

    operator = entry.load()
    parameters = parameters_of(operator)
    yield inspect.getdoc(operator) or "(it says nothing about itself)"
    yield "\nParameters"
    yield from _table([(one.name, _default(one)) for one in parameters.values()])
    yield "\nColumns"
    yield from _table([row for key in operator.keys for row in _columns(key)])
    given = [one for one in parameters.values() if one.default is one.empty]
    made = ", ".join("serving" if one.name in _SERVINGS else f"{one.name}=..." for one in given)
    columns = "".join(f", {key.name}={key.default!r}" for key in operator.keys)
    module, _, attribute = entry.home.partition(":")
    yield f"\nExample\n  from {module} import {attribute}"
    yield f"  {attribute}({made}).run(storage=storage.step(){columns})"


def _columns(key: Key) -> Iterator[tuple[str, ...]]:
    yield key.name, key.default, key.role.replace("_", " "), key.holds
    for ending, held in key.beside:
        yield "", key.default + ending, "beside it, where there is something to say", held


def _serving(entry: Entry) -> Iterator[str]:
    about = inspect.getdoc(entry.load()) or "(it says nothing about itself)"
    spec = re.match(rf"`({re.escape(entry.name)}[^`]*)`", about)  # how it is named, where it says so first
    yield about
    yield f"\nExample\n  dataflow run PIPELINE --input FILE --model {spec.group(1) if spec else f'{entry.name}/NAME'}"


def _pipeline(entry: Entry) -> Iterator[str]:
    from dataflow.core.parameters import parameters_of
    from dataflow.serving.embedded import EmbeddedVLMServing

    recipe = entry.load()
    steps = recipe.steps(EmbeddedVLMServing(), {})  # it is not asked anything
    yield f"{recipe.name}: {recipe.summary}."
    for number, step in enumerate(steps, 1):
        yield f"\nStep {number}: {step.name}"
        roles = {key.name: key for key in step.operator.active_keys()}
        yield from _table([(name, column, roles[name].role.replace("_", " ")) for name, column in step.keys.items()])
        settings = [one for one in parameters_of(type(step.operator)).values() if one.name not in _SERVINGS]
        yield from _table([(one.name, _default(one)) for one in settings])
    yield f"\nExample\n  dataflow run {entry.name} --input FILE"


def _default(parameter: inspect.Parameter) -> str:
    if parameter.default is parameter.empty:
        return "needed"
    shown = repr(parameter.default)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."


def _table(rows: list[tuple[Any, ...]]) -> Iterator[str]:
    widths = [max(len(str(row[at])) for row in rows) for at in range(len(rows[0]))] if rows else []
    for row in rows:
        yield "  " + "  ".join(f"{value!s:<{width}}" for value, width in zip(row, widths, strict=True)).rstrip()
