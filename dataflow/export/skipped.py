"""What could not be exported, with the reasons: all in `skipped.jsonl` beside the data, the first in the summary."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dataflow.core import SampleError
from dataflow.export.options import ExportResult
from dataflow.storage.records import SideFile

SKIPPED = "skipped.jsonl"
SHOWN = 3


class Skipped:
    """Takes rows and conversations that are left out.

    Args:
        folder: of the export.
        result: where they are counted.
    """

    def __init__(self, folder: Path, result: ExportResult) -> None:
        self._file = SideFile(folder / SKIPPED)
        self._result = result

    def add(self, id: Any, error: SampleError) -> None:
        """Leave one out.

        Args:
            id: of the sample or conversation.
            error: why.
        """
        self._result.skipped += 1
        message = " ".join(str(error).split())
        if len(self._result.reasons) < SHOWN:
            self._result.reasons.append(f"{id}: {message}")
        self._file.append({"id": id, "kind": error.kind, "message": message})

    def commit(self) -> None:
        """Put the file in its place, where there is anything in it."""
        self._file.commit()
