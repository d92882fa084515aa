"""Which columns parquet can hold in types of its own: those whose values all have one and the same shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow

LARGEST_INT = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of JSON values.

    Args:
        kind: `bool`, `int`, `float`, `str`, `list`, `struct`; `nothing` when only nulls were seen; `mixed` when no one
            type holds all values without changing one.
        parts: the shape of the elements under `""`, or of the fields by name, in order.
    """

    kind: str
    parts: tuple[tuple[str, Shape], ...] = ()


NOTHING = Shape("nothing")
MIXED = Shape("mixed")


def shape_of(value: Any) -> Shape:
    """The shape of one JSON value."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return Shape("bool")
    if isinstance(value, int):
        return Shape("int") if value <= LARGEST_INT else MIXED
    if isinstance(value, list):
        element = NOTHING
        for item in value:
            element = merge(element, shape_of(item))
        return MIXED if element is MIXED else Shape("list", (("", element),))
    if isinstance(value, dict):
        parts = tuple((name, shape_of(item)) for name, item in value.items())
        return MIXED if not parts or any(part is MIXED for _, part in parts) else Shape("struct", parts)
    return Shape("float" if isinstance(value, float) else "str")


def merge(one: Shape, other: Shape) -> Shape:
    """The shape that holds the values of both; fields must be the same, in the same order, or a row would gain some."""
    if one == other or other is NOTHING:
        return one
    if one is NOTHING:
        return other
    if one.kind != other.kind or [name for name, _ in one.parts] != [name for name, _ in other.parts]:
        return MIXED
    merged = [merge(a, b) for (_, a), (_, b) in zip(one.parts, other.parts, strict=True)]
    if MIXED in merged:
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
                "float": pyarrow.float64(),
                "str": pyarrow.string(),
            }[scalar]
