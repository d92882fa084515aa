"""Parquet. A column whose values all have one shape gets a type of its own, lists and structs included; any other is
kept as JSON text and named in the file's metadata, so that nothing changes on the way. Whole numbers among others are
floats, as long as that is the same number. A null is a field that the row does not have; a null that the row does have
makes its column a JSON one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import orjson

from dataflow.core.errors import InputError, SampleError
from dataflow.core.sample import Sample
from dataflow.storage.formats.replay import replayed
from dataflow.storage.formats.shapes import MIXED, NOTHING, Shape, arrow_type, merge, shape_of
from dataflow.storage.formats.wanted import EVERYTHING, Wanted
from dataflow.storage.json_text import dump, load

if TYPE_CHECKING:
    import pyarrow

JSON_COLUMNS = b"dataflow.json_columns"
ROWS_AT_ONCE = 1024
ROWS_WITH_BYTES_AT_ONCE = 16
BUFFER_BYTES = 1 << 20
ROWS_PER_GROUP = 1 << 16
BYTES_PER_GROUP = 1 << 23  # of JSON; in Python objects it is six times that


def read(path: Path, wanted: Wanted = EVERYTHING) -> Iterator[Sample]:
    """Stream the rows, a batch of a row group in memory at a time.

    Bytes, of pictures most of the time, come as they are where they are wanted; other columns with bytes are left out.

    Raises:
        InputError: the file is no parquet, or is cut short.
    """
    import pyarrow
    from pyarrow import parquet

    if path.stat().st_size == 0:
        raise InputError(f"{path}: the file is empty, it holds no samples")
    row = 0
    try:
        with parquet.ParquetFile(path, buffer_size=BUFFER_BYTES) as file:
            schema = file.schema_arrow
            with_bytes = [field.name for field in schema if _holds_bytes(field.type)]
            left_out = {name for name in with_bytes if not wanted.bytes_of(name)}
            if left_out:
                wanted.warn(f"{path}: left out, for they hold bytes that nothing reads: {', '.join(sorted(left_out))}")
            columns = [name for name in schema.names if name not in left_out] if left_out else None
            rows_at_once = ROWS_WITH_BYTES_AT_ONCE if len(with_bytes) > len(left_out) else ROWS_AT_ONCE
            coded = orjson.loads((schema.metadata or {}).get(JSON_COLUMNS, b"[]"))
            for batch in file.iter_batches(rows_at_once, columns=columns):
                for record in batch.to_pylist():
                    sample = {name: value for name, value in record.items() if value is not None}
                    for name in coded:
                        if name in sample:
                            sample[name] = load(sample[name].encode())
                    yield sample
                    row += 1
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        if getattr(error, "errno", None):
            raise  # the system's own; pyarrow raises OSError for a damaged page too
        where = f"after row {row}, " if row else ""
        problem = str(error).splitlines()[0]
        raise InputError(f"{path}: {where}not parquet, or damaged ({problem}). Make the file again") from None


def count(path: Path) -> int | None:
    """How many rows the file says it has."""
    import pyarrow
    from pyarrow import parquet

    try:
        return int(parquet.read_metadata(path).num_rows)
    except pyarrow.ArrowException:
        return None


def write(file: BinaryIO, rows: Iterable[Sample]) -> None:
    """Write the rows in row groups of bounded size. Reads the rows to the end first, for the types of the columns."""
    import pyarrow
    from pyarrow import parquet

    shapes: dict[str, Shape] = {}
    empty_rows = False

    def look(row: Sample) -> None:
        nonlocal empty_rows
        empty_rows = empty_rows or not row
        for name, value in row.items():
            seen = shapes.get(name, NOTHING)
            if seen is not MIXED:
                shapes[name] = MIXED if value is None else merge(seen, shape_of(value))

    with replayed(rows, file, look) as again:
        if empty_rows and not shapes:
            raise SampleError("no row has any column, so there is nothing that parquet can hold")
        types = {name: arrow_type(shape) for name, shape in shapes.items()}
        coded = [name for name, kind in types.items() if kind is None]
        schema = pyarrow.schema(
            [(name, kind or pyarrow.string()) for name, kind in types.items()],
            metadata={JSON_COLUMNS: dump(coded)},
        )
        with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
            for group in _groups(again):
                writer.write_table(_table(group, schema, set(coded)))


def _groups(lines: Iterator[bytes]) -> Iterator[list[Sample]]:
    group: list[Sample] = []
    size = 0
    for line in lines:
        group.append(orjson.loads(line))
        size += len(line)
        if len(group) == ROWS_PER_GROUP or size > BYTES_PER_GROUP:
            yield group
            group, size = [], 0
    if group:
        yield group


def _table(rows: list[Sample], schema: pyarrow.Schema, coded: set[str]) -> pyarrow.Table:
    import pyarrow

    def column(name: str) -> list[Any]:
        if name in coded:
            return [dump(row[name]).decode() if name in row else None for row in rows]
        return [row.get(name) for row in rows]

    return pyarrow.table([pyarrow.array(column(field.name), field.type) for field in schema], schema=schema)


def _holds_bytes(kind: pyarrow.DataType) -> bool:
    from pyarrow import types

    if types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind):
        return True
    if types.is_binary_view(kind) or (types.is_dictionary(kind) and _holds_bytes(kind.value_type)):
        return True
    return any(_holds_bytes(kind.field(i).type) for i in range(kind.num_fields))
