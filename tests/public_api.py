"""What is public, in words: names, what they take, the defaults. `python -m tests.public_api` writes it anew.

What does not stand there is nobody's business but ours, and may change without a word in CHANGELOG.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from dataflow.core import OperatorABC
from dataflow.core.parameters import parameters_of

FILE = Path(__file__).with_name("public_api.txt")

PACKAGES = (
    "dataflow",
    "dataflow.core",
    "dataflow.operators.conversations",
    "dataflow.operators.core_vision",
    "dataflow.serving",
    "dataflow.testing",
    "dataflow.utils.storage",
)


def lines() -> Iterator[str]:
    """A line a name."""
    for package in PACKAGES:
        module = import_module(package)
        for name in sorted(module.__all__):
            yield f"{package}.{name}{_taken(getattr(module, name))}"
            thing = getattr(module, name)
            if inspect.isclass(thing) and issubclass(thing, OperatorABC) and thing.keys:
                yield f"    run({', '.join(f'{key.name}={key.default!r}' for key in thing.keys)})"


def _taken(thing: Any) -> str:
    if inspect.isclass(thing):
        return f"({', '.join(map(_parameter, parameters_of(thing).values()))})"
    if inspect.isfunction(thing):
        return f"({', '.join(map(_parameter, inspect.signature(thing).parameters.values()))})"
    return ""


def _parameter(one: inspect.Parameter) -> str:
    star = {one.VAR_POSITIONAL: "*", one.VAR_KEYWORD: "**"}.get(one.kind, "")
    if one.default is one.empty:
        return star + one.name
    # Of what is no plain value only the kind is told, and of a long text its beginning: neither is a promise.
    plain = one.default is None or isinstance(one.default, bool | int | float | str | tuple)
    return f"{one.name}={repr(one.default)[:60] if plain else '...'}"


if __name__ == "__main__":
    FILE.write_text("\n".join(lines()) + "\n")
