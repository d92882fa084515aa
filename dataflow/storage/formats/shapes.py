"""What JSON values of a column have in common: the shape that holds them all, and its Arrow type.

Two ways to join shapes. Strictly, as a data file of ours needs it: a column has a type of its own only where every
value comes back as it was. Loosely, as an export needs it: objects with different fields become one with all of them,
and only the parts that no type holds become text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dataflow.storage.json_text import dump

if TYPE_CHECKING:
    import pyarrow

LARGEST_INT = 2**63 - 1
LARGEST_EXACT = 2**53
"""Whole numbers up to here are the same number as a float."""
MOST_FIELDS = 100
"""An object with more is a table of its own (counts by word, boxes by id): loosely, it becomes JSON text."""
DEEPEST = 24


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of JSON values.

    Args:
        kind: `bool`, `int`, `long` (beyond what a float holds), `float`, `str`, `list`, `struct`; `nothing` when only
            nulls were seen; `mixed` when no one type holds all values.
        parts: the shape of the elements under `""`, or of the fields by name, in order.
    """

    kind: str
    parts: tuple[tuple[str, Shape], ...] = ()


NOTHING = Shape("nothing")
MIXED = Shape("mixed")
_NUMBERS = {"int", "long", "float"}


def shape_of(value: Any, loose: bool = False, depth: int = 0) -> Shape:
    """The shape of one JSON value."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return Shape("bool")
    if isinstance(value, int):
        return Shape("int") if abs(value) <= LARGEST_EXACT else Shape("long") if value <= LARGEST_INT else MIXED
    if isinstance(value, float | str):
        return Shape("float" if isinstance(value, float) else "str")
    if depth == DEEPEST:
        return MIXED
    if isinstance(value, list):
        element = NOTHING
        for item in value:
            element = merge(element, shape_of(item, loose, depth + 1), loose)
        return MIXED if element is MIXED and not loose else Shape("list", (("", element),))
    parts = tuple((name, shape_of(item, loose, depth + 1)) for name, item in value.items())
    if loose:
        return _bounded(parts)
    return MIXED if not parts or any(part is MIXED for _, part in parts) else Shape("struct", parts)


def merge(one: Shape, other: Shape, loose: bool = False) -> Shape:
    """The shape that holds the values of both.

    Args:
        loose: objects may have different fields; else these must be the same, in the same order, or a row would gain
            some, and one part that is mixed makes the whole so.
    """
    if one == other or other is NOTHING:
        return one
    if one is NOTHING:
        return other
    if {one.kind, other.kind} <= _NUMBERS:
        kinds = {one.kind, other.kind}
        return Shape("long") if "float" not in kinds else MIXED if "long" in kinds else Shape("float")
    if one.kind != other.kind or one is MIXED:
        return MIXED
    if loose and one.kind == "struct":
        fields = dict(one.parts)
        for name, part in other.parts:
            fields[name] = merge(fields.get(name, NOTHING), part, loose)
        return _bounded(tuple(fields.items()))
    if [name for name, _ in one.parts] != [name for name, _ in other.parts]:
        return MIXED
    merged = [merge(a, b, loose) for (_, a), (_, b) in zip(one.parts, other.parts, strict=True)]
    if MIXED in merged and not loose:
        return MIXED
    return Shape(one.kind, tuple((name, part) for (name, _), part in zip(one.parts, merged, strict=True)))


def arrow_type(shape: Shape) -> pyarrow.DataType | None:
    """The type of a column of that shape, or None where there is none that brings every value back unchanged."""
    import pyarrow

    if shape.kind in ("nothing", "mixed"):
        return None
    types = [arrow_type(part) for _, part in shape.parts]
    if any(kind is None for kind in types):
        return None
    match shape.kind:
        case "list":
            return pyarrow.list_(types[0])
        case "struct":
            return pyarrow.struct([(name, kind) for (name, _), kind in zip(shape.parts, types, strict=True)])
        case scalar:
            return {
                "bool": pyarrow.bool_(),
                "int": pyarrow.int64(),
                "long": pyarrow.int64(),
                "float": pyarrow.float64(),
                "str": pyarrow.string(),
            }[scalar]


def settled(shape: Shape) -> Shape:
    """A loose shape of which every part has a type: what is mixed, or was never seen, or has no fields, is text."""
    if shape.kind in ("mixed", "nothing") or (shape.kind == "struct" and not shape.parts):
        return Shape("str")
    return Shape(shape.kind, tuple((name, settled(part)) for name, part in shape.parts))


def fit(value: Any, shape: Shape) -> Any:
    """A value as its settled shape holds it: numbers as floats where some are, JSON text where no type holds all.

    An object gets all fields, those it lacks as null: not every reader joins objects with different ones.
    """
    if value is None:
        return None
    match shape.kind:
        case "str":
            return value if isinstance(value, str) else dump(value).decode()
        case "float":
            return float(value)
        case "list":
            return [fit(item, shape.parts[0][1]) for item in value]
        case "struct":
            return {name: fit(value.get(name), part) for name, part in shape.parts}
    return value


def mixed_in(shape: Shape, name: str) -> list[str]:
    """The names of the parts of a column that become text because their values are of different kinds."""
    if shape is MIXED:
        return [name]
    parts = ((f"{name}.{part_name}" if part_name else name, part) for part_name, part in shape.parts)
    return [found for part_name, part in parts for found in mixed_in(part, part_name)]


def _bounded(parts: tuple[tuple[str, Shape], ...]) -> Shape:
    # `_type` is how `datasets` tells a description of a column from a field.
    names = [name for name, _ in parts]
    return MIXED if len(parts) > MOST_FIELDS or "_type" in names else Shape("struct", parts)
