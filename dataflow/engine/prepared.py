"""The rows of an input as a run takes them: media in files, with ids, limited, drawn, their columns checked."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from dataflow.core import BadRow, Sample, Step
from dataflow.engine.columns import check_columns, columns_read
from dataflow.engine.inputs import COLUMNS_LOOKED_AT
from dataflow.engine.options import RunOptions
from dataflow.storage.embedded_media import EmbeddedMedia
from dataflow.storage.ids import with_ids
from dataflow.storage.llava import OURS, with_question
from dataflow.storage.sample_draw import drawn_places

Rows = Iterator[Sample | BadRow]


def prepared(
    read: Callable[[], Rows],
    steps: Sequence[Step],
    source: str,
    folder: Path,
    options: RunOptions,
    warnings: list[str],
) -> Rows:
    """The rows of an input.

    Args:
        read: opens it.
        steps: who works on it.
        source: what messages call it.
        folder: where media that stand in rows are put.
        options: how many of the rows are taken.
        warnings: what is odd about the input; added to as it is read.

    Raises:
        InputError: the first rows cannot be read, or lack a column.
    """
    columns = columns_read(steps)

    def rows(tell: Callable[[str], None]) -> Rows:
        return itertools.islice(with_ids(read(), tell), options.limit)

    taken = rows(warnings.append)
    if options.sample is not None:
        places = drawn_places(rows(lambda _: None), options.sample, options.seed)
        taken = (row for place, row in enumerate(taken) if place in places)
    if OURS in columns:
        taken = (row if isinstance(row, BadRow) else with_question(row) for row in taken)
    taken = EmbeddedMedia(folder, columns, warnings.append).rows(taken)
    first = list(itertools.islice(taken, COLUMNS_LOOKED_AT))
    check_columns(steps, [row for row in first if not isinstance(row, BadRow)], source, warnings)
    return itertools.chain(first, taken)
