"""The servings that operators hold, as far as a look at them shows: for what is better known before a run begins, its
price and how much it takes at once. What a look does not find becomes known when it is first asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from types import ModuleType
from typing import Any

from dataflow.core import LLMServingABC, Step

DEEPEST = 4
MOST_LOOKED_AT = 2000
"""Values that are looked at in one operator: it may hold a table of anything."""

CONTAINERS = (list, tuple, set, frozenset)


def servings_of(step: Step) -> list[LLMServingABC]:
    """The servings among an operator's attributes, in lists, tuples, sets and dicts among them, and in objects that
    those hold."""
    found: dict[int, LLMServingABC] = {}
    looked_at: dict[int, Any] = {}
    layer = list(_parts(step.operator))
    for _ in range(DEEPEST):
        below: list[Any] = []
        for value in layer:
            if isinstance(value, LLMServingABC):
                found[id(value)] = value
            elif id(value) not in looked_at and len(looked_at) < MOST_LOOKED_AT:
                looked_at[id(value)] = value
                below.extend(islice(_parts(value), MOST_LOOKED_AT))
        layer = below
    return list(found.values())


def all_servings(steps: Sequence[Step]) -> list[LLMServingABC]:
    """The servings of several operators, each once."""
    return list({id(serving): serving for step in steps for serving in servings_of(step)}.values())


def _parts(value: Any) -> Iterator[Any]:
    """What a value holds, servings and what may hold some; text and numbers are none of these."""
    held: Iterable[Any] = ()
    if isinstance(value, dict):
        held = value.values()
    elif isinstance(value, CONTAINERS):
        held = value
    elif not isinstance(value, type | ModuleType):
        held = getattr(value, "__dict__", {}).values()
        for kind in type(value).__mro__:
            slots = vars(kind).get("__slots__", ())
            names = (slots,) if isinstance(slots, str) else slots
            held = [*held, *(getattr(value, name, None) for name in names)]
    return (one for one in held if one is not None and not isinstance(one, str | bytes | int | float))
