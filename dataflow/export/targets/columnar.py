"""Parquet files of an export: rows gather until a group is full, by rows or by bytes, so memory stays bounded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from dataflow.core.sample import Sample
from dataflow.storage.atomic import AtomicFile
from dataflow.storage.os_errors import writing

if TYPE_CHECKING:
    import pyarrow

ROWS_PER_GROUP = 2000
BYTES_PER_GROUP = 32 << 20
BYTES_PER_FILE = 500 << 20


class ParquetShards:
    """Writes `{prefix}-00000-of-00003.parquet` and so on.

    Args:
        folder: where.
        prefix: what the names begin with.
        schema: of every file.
    """

    def __init__(self, folder: Path, prefix: str, schema: pyarrow.Schema) -> None:
        self._folder = folder
        self._prefix = prefix
        self._schema = schema
        self._rows: list[Sample] = []
        self._bytes = 0
        self._in_file = 0
        self._written: list[Path] = []
        self._file: AtomicFile | None = None
        self._writer: Any = None

    def write(self, row: Sample, size: int) -> None:
        """Add a row of about so many bytes."""
        self._rows.append(row)
        self._bytes += size
        if len(self._rows) >= ROWS_PER_GROUP or self._bytes >= BYTES_PER_GROUP:
            self._flush()

    def close(self) -> list[Path]:
        """Write what is left and give the files their names."""
        if self._rows or not self._written:
            self._flush()
        self._end_file()
        named = []
        for number, path in enumerate(self._written):
            final = path.with_name(f"{self._prefix}-{number:05d}-of-{len(self._written):05d}.parquet")
            with writing(final):
                named.append(path.rename(final))
        return named

    def _flush(self) -> None:
        import pyarrow
        from pyarrow import parquet

        if self._file is None:
            path = self._folder / f"{self._prefix}-{len(self._written):05d}.parquet"
            self._file = AtomicFile(path)
            self._written.append(path)
            self._writer = parquet.ParquetWriter(self._file.file, self._schema, compression="zstd")
        columns = [pyarrow.array([row.get(field.name) for row in self._rows], field.type) for field in self._schema]
        with writing(self._file.path):
            self._writer.write_table(pyarrow.table(columns, schema=self._schema))
        self._in_file += self._bytes
        self._rows, self._bytes = [], 0
        if self._in_file >= BYTES_PER_FILE:
            self._end_file()

    def _end_file(self) -> None:
        if self._file is None:
            return
        with writing(self._file.path):
            self._writer.close()
        self._file.commit()
        self._file, self._writer, self._in_file = None, None, 0
