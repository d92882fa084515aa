"""Between rows and pandas DataFrames. A NaN is a field that the row does not have, a None one that it has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from dataflow.core.errors import UsageError
from dataflow.core.excerpt import listed
from dataflow.core.sample import Sample

if TYPE_CHECKING:
    import pandas

# Columns of one of these types keep it in a DataFrame; any other is of objects, so that pandas changes no value.
NATIVE = {bool: "bool", int: "int64", float: "float64", str: "str"}
INT64 = range(-(2**63), 2**63)


def to_rows(data: Any) -> list[Sample]:
    """Rows of a DataFrame, of a list of dicts, or of anything with a method `dataframe()`, such as a step's output.

    Raises:
        UsageError: it is none of these.
    """
    if isinstance(data, list | tuple):
        for number, row in enumerate(data, 1):
            if not isinstance(row, dict):
                raise UsageError(f"row {number} is a {type(row).__name__}: a list of samples holds dicts")
        return list(data)
    if hasattr(data, "dataframe"):
        data = data.dataframe()
    if not (hasattr(data, "columns") and hasattr(data, "iloc")):
        raise UsageError(
            f"samples come as a list of dicts, a pandas DataFrame, a datasets.Dataset or another Arrow table, not as "
            f"{type(data).__name__}"
        )
    names = [str(name) for name in data.columns]
    if len(set(names)) < len(names):
        raise UsageError(f"two columns have the same name. The columns: {listed(names)}")
    columns = [data.iloc[:, position].tolist() for position in range(len(names))]
    return [
        {name: value for name, value in zip(names, values, strict=True) if not _is_nan(value)}
        for values in (zip(*columns, strict=True) if columns else [()] * len(data))
    ]


def to_dataframe(rows: Iterable[Sample]) -> pandas.DataFrame:
    """A DataFrame of rows. A column gets a type of its own only where that changes no value."""
    import pandas

    rows = list(rows)
    names = dict.fromkeys(name for row in rows for name in row)
    missing = float("nan")
    columns = {}
    for name in names:
        values = [row.get(name, missing) for row in rows]
        columns[name] = pandas.Series(values, dtype=_dtype(values))
    return pandas.DataFrame(columns, index=range(len(rows)))


def _dtype(values: list[Any]) -> str:
    kinds = set(map(type, values))
    kind = kinds.pop()
    if kinds or kind not in NATIVE or (kind is int and not all(value in INT64 for value in values)):
        return "object"
    return NATIVE[kind]


def _is_nan(value: object) -> bool:
    # pandas marks what is not there by NaN, NaT or NA, according to the column's type.
    return (isinstance(value, float) and value != value) or type(value).__name__ in ("NaTType", "NAType")
