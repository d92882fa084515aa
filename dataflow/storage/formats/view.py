"""What of an Arrow table is read, and how its batches become rows: for parquet and Arrow's own files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from dataflow.core.sample import Sample
from dataflow.storage.formats.wanted import Wanted
from dataflow.storage.json_text import load

if TYPE_CHECKING:
    import pyarrow

JSON_COLUMNS = b"dataflow.json_columns"
"""The key in a table's metadata under which the columns are named that hold JSON text."""

ROWS_AT_ONCE = 1024
ROWS_WITH_BYTES_AT_ONCE = 16


class View:
    """A table as somebody wants it.

    Args:
        path: the file, for what is told.
        schema: its columns.
        wanted: by whom it is read; columns with bytes that are of no use are left out, and told.
    """

    def __init__(self, path: Path, schema: pyarrow.Schema, wanted: Wanted) -> None:
        with_bytes = [field.name for field in schema if holds_bytes(field.type)]
        left_out = {name for name in with_bytes if not wanted.bytes_of(name)}
        if left_out:
            wanted.warn(f"{path}: left out, for they hold bytes that nothing reads: {', '.join(sorted(left_out))}")
        self.columns = [name for name in schema.names if name not in left_out] if left_out else None
        """Those that are read; None for all."""
        self.rows_at_once = ROWS_WITH_BYTES_AT_ONCE if len(with_bytes) > len(left_out) else ROWS_AT_ONCE
        self._coded = orjson.loads((schema.metadata or {}).get(JSON_COLUMNS, b"[]"))

    def rows(self, batch: pyarrow.RecordBatch) -> Iterator[Sample]:
        """The rows of a batch. A null is a field that a row does not have."""
        for record in batch.to_pylist():
            sample = {name: value for name, value in record.items() if value is not None}
            for name in self._coded:
                if name in sample:
                    sample[name] = load(sample[name].encode())
            yield sample


def holds_bytes(kind: pyarrow.DataType) -> bool:
    """Whether there are bytes in values of a type, however deep."""
    from pyarrow import types

    if types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind):
        return True
    if types.is_binary_view(kind) or (types.is_dictionary(kind) and holds_bytes(kind.value_type)):
        return True
    return any(holds_bytes(kind.field(i).type) for i in range(kind.num_fields))
