"""What a class takes when it is made, with what it hands on to the class that it extends."""

from __future__ import annotations

import inspect

_ANY = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)


def parameters_of(kind: type) -> dict[str, inspect.Parameter]:
    """The parameters of a class by name, in their order; where it takes `**shared`, those of its base follow."""
    found: dict[str, inspect.Parameter] = {}
    for base in kind.__mro__:
        if (made := vars(base).get("__init__")) is None or base is object:
            continue
        taken = [one for one in inspect.signature(made).parameters.values() if one.name != "self"]
        found |= {one.name: one for one in taken if one.kind not in _ANY and one.name not in found}
        if not any(one.kind is inspect.Parameter.VAR_KEYWORD for one in taken):
            break
    return found
