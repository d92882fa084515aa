"""Arrow's own files (also called Feather) and streams, as `datasets` saves them to disk: read, not written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dataflow.core.errors import InputError
from dataflow.core.sample import Sample
from dataflow.storage.formats.view import View
from dataflow.storage.formats.wanted import EVERYTHING, Wanted

if TYPE_CHECKING:
    import pyarrow

FILE_HEAD = b"ARROW1"


def read(path: Path, wanted: Wanted = EVERYTHING) -> Iterator[Sample]:
    """Stream the rows, some of a batch in memory at a time.

    Raises:
        InputError: the file is no Arrow file, or is cut short.
    """
    import pyarrow

    row = 0
    try:
        with pyarrow.memory_map(str(path)) as file:
            schema, batches = _opened(file)
            view = View(path, schema, wanted)
            for batch in batches:
                seen = batch if view.columns is None else batch.select(view.columns)
                for start in range(0, seen.num_rows, view.rows_at_once):
                    for sample in view.rows(seen.slice(start, view.rows_at_once)):
                        yield sample
                        row += 1
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        if getattr(error, "errno", None):
            raise  # the system's own
        where = f"after row {row}, " if row else ""
        raise InputError(f"{path}: {where}no Arrow file, or damaged. Make the file again") from None


def count(path: Path) -> int | None:
    """How many rows there are, by the heads of its batches."""
    import pyarrow

    try:
        with pyarrow.memory_map(str(path)) as file:
            return sum(int(batch.num_rows) for batch in _opened(file)[1])
    except (pyarrow.ArrowException, ValueError):
        return None


def _opened(file: Any) -> tuple[pyarrow.Schema, Iterator[pyarrow.RecordBatch]]:
    from pyarrow import ipc

    if file.read(len(FILE_HEAD)) != FILE_HEAD:
        file.seek(0)
        stream = ipc.open_stream(file)
        return stream.schema, iter(stream)
    opened = ipc.open_file(file)
    return opened.schema, (opened.get_batch(number) for number in range(opened.num_record_batches))
