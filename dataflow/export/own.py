"""The user's own columns on their way through an export: which there are, of what type, under which name they come out.

Own is what is neither media, nor turned into the conversation, nor the id.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from dataflow.core import Sample, UsageError
from dataflow.core.operator import near
from dataflow.storage.formats.shapes import MIXED, NOTHING, Shape, arrow_type, fit, merge, mixed_in, settled, shape_of
from dataflow.storage.json_text import dump, is_deep, plain

if TYPE_CHECKING:
    import pyarrow

PREFIX = "own_"


@dataclass(frozen=True, slots=True)
class OwnColumn:
    """One column of the user's in an export.

    Args:
        name: in the dataset.
        written: in the export; another where the format has a column of that name.
        shape: of all its values, settled.
    """

    name: str
    written: str
    shape: Shape

    def value(self, own: Sample) -> Any:
        """What stands in the export for a row; None where it has none."""
        return fit(own.get(self.name), self.shape)

    @property
    def type_name(self) -> str:
        """Its type as people say it: `float`, `list of str`, `struct of a, b`."""
        return _type_name(self.shape)

    def feature(self) -> dict[str, Any]:
        """Its name and type as a dataset card tells them."""
        return {"name": self.written, **_feature(self.shape)}

    def arrow_field(self) -> pyarrow.Field:
        """Its name and type in parquet."""
        import pyarrow

        return pyarrow.field(self.written, arrow_type(self.shape))


class OwnColumns:
    """Takes the own columns out of samples, and learns their types from all of them.

    Args:
        used: the names of columns that are media, conversation, or turned into one.
        keep: the columns wanted; None for all that are not used.
        clips: the columns of clips and of the text on their video; the conversation of a sample with clips tells both.
    """

    def __init__(self, used: Collection[str], keep: Sequence[str] | None, clips: tuple[str, str]) -> None:
        self._clips = clips
        self._used = {*used, "id"}
        self._keep = keep
        self._shapes: dict[str, Shape] = dict.fromkeys(keep or (), NOTHING)
        self._met: dict[str, None] = {}

    def take(self, sample: Sample) -> Sample:
        """The own columns of a sample, as JSON has them: dates as ISO text, NaN as null."""
        self._met.update(dict.fromkeys(sample))
        names = [name for name in sample if self._is_wanted(name, sample)]
        own = {name: _as_json(sample[name]) for name in names}
        for name, value in own.items():
            shape = self._shapes.get(name, NOTHING)
            if shape is not MIXED:
                self._shapes[name] = merge(shape, shape_of(value, loose=True), loose=True)
        return own

    def columns(self, reserved: Iterable[str]) -> list[OwnColumn]:
        """The columns, when all samples were taken.

        Args:
            reserved: names to which the format or its readers give a meaning, in small letters.
        """
        meant = set(reserved)
        taken = {name for name in self._shapes if name and name.lower() not in meant}
        found = []
        for name, shape in self._shapes.items():
            written = name
            if name not in taken:
                while not written or written in taken or written.lower() in meant:
                    written = PREFIX + written
                taken.add(written)
            found.append(OwnColumn(name, written, settled(shape)))
        return found

    def warnings(self, columns: Iterable[OwnColumn]) -> list[str]:
        """What is to be told of columns that do not come out as they went in."""
        told = [
            f"column {part!r} holds values of different kinds and is written as text"
            for name, shape in self._shapes.items()
            for part in mixed_in(shape, name)
        ]
        for one in columns:
            if one.written != one.name:
                told.append(f"column {one.name!r} is written as {one.written!r}: the format has its own of that name")
        return told

    def check(self) -> None:
        """Refuse a column to keep that no sample has.

        Raises:
            UsageError: names it and the near misses.
        """
        for name in self._keep or ():
            if name not in self._met:
                known = list(self._met)
                raise UsageError(
                    f"--keep {name}: no sample has such a column{near(name, known)}. The columns: {', '.join(known)}"
                )

    def _is_wanted(self, name: str, sample: Sample) -> bool:
        if self._keep is not None:
            return name in self._keep
        return name not in self._used and not (name in self._clips and self._clips[0] in sample)


def _type_name(shape: Shape) -> str:
    if shape.kind == "list":
        return f"list of {_type_name(shape.parts[0][1])}"
    if shape.kind == "struct":
        return f"struct of {', '.join(name for name, _ in shape.parts)}"
    return "int" if shape.kind == "long" else shape.kind


def _feature(shape: Shape) -> dict[str, Any]:
    """A type as the cards of `datasets` write it."""
    if shape.kind == "struct":
        return {"struct": [{"name": name, **_feature(part)} for name, part in shape.parts]}
    if shape.kind == "list":
        inner = _feature(shape.parts[0][1])
        return {"list": inner.get("struct") or inner.get("dtype") or inner}
    return {"dtype": {"str": "string", "int": "int64", "long": "int64", "float": "float64"}.get(shape.kind, shape.kind)}


def _as_json(value: Any) -> Any:
    if is_deep(value):
        return plain(value)
    try:
        return orjson.loads(dump(value))
    except TypeError:
        return plain(value)
