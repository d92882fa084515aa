"""Parquet. A column whose values all have one shape gets a type of its own, lists and structs included; any other is
kept as JSON text and named in the file's metadata, so that nothing changes on the way. Whole numbers among others are
floats, as long as that is the same number. A null is a field that the row does not have; a null that the row does have
makes its column a JSON one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import orjson

from dataflow.core.causes import said_by
from dataflow.core.errors import InputError, SampleError
from dataflow.core.sample import Sample
from dataflow.storage.formats.replay import replayed
from dataflow.storage.formats.shapes import MIXED, NOTHING, Shape, arrow_type, merge, shape_of
from dataflow.storage.formats.view import JSON_COLUMNS, View
from dataflow.storage.formats.wanted import EVERYTHING, Wanted
from dataflow.storage.json_text import dump

if TYPE_CHECKING:
    import pyarrow

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
            view = View(path, file.schema_arrow, wanted)
            for batch in file.iter_batches(view.rows_at_once, columns=view.columns):
                for sample in view.rows(batch):
                    yield sample
                    row += 1
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        if getattr(error, "errno", None):
            raise  # the system's own; pyarrow raises OSError for a damaged page too
        where = f"after row {row}, " if row else ""
        raise InputError(f"{path}: {where}not parquet, or damaged ({said_by(error)}). Make the file again") from None


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
