"""Tables of other packages in memory or on their disk as rows, a batch at a time: a `datasets.Dataset`, and whatever
speaks Arrow (polars, pyarrow, duckdb). Pictures come as the bytes that they are stored as: nothing is decoded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from dataflow.core.errors import UsageError
from dataflow.core.sample import Sample

ROWS_AT_ONCE = 64
"""With a picture of a megabyte in each."""

Reader = Callable[[], Iterator[Sample]]


def arrow_rows(table: Any) -> Reader | None:
    """What reads the rows of such a table, from the first each time where it can; None for anything else.

    A null is a field that a row does not have, as in a parquet file.

    Raises:
        UsageError: it is a `DatasetDict`.
    """
    if _is_of_datasets(table):
        if isinstance(table, dict):
            first = next(iter(table), "train")
            raise UsageError(
                f"a {type(table).__name__} holds several splits ({', '.join(table)}): give [{first!r}] of it"
            )
        if (getattr(table, "format", None) or {}).get("type") == "custom":
            return lambda: iter(table)  # a transform of the user's own makes the rows
        return lambda: _rows(table.with_format("arrow").iter(ROWS_AT_ONCE))
    if hasattr(table, "__arrow_c_stream__") and not hasattr(table, "iloc"):  # pandas has NaN for what is missing
        return lambda: _rows(_batches(table))
    return None


def _is_of_datasets(table: Any) -> bool:
    return any(kind.__module__.partition(".")[0] == "datasets" for kind in type(table).__mro__)


def _batches(table: Any) -> Iterator[Any]:
    import pyarrow

    for batch in pyarrow.RecordBatchReader.from_stream(table):
        for start in range(0, batch.num_rows, ROWS_AT_ONCE):
            yield batch.slice(start, ROWS_AT_ONCE)


def _rows(batches: Iterator[Any]) -> Iterator[Sample]:
    for batch in batches:
        for row in batch.to_pylist():
            yield {name: value for name, value in row.items() if value is not None}
