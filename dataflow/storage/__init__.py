"""Where samples come from and where step files go: readers and writers of formats, `FileStorage`, the spool."""

from dataflow.core.storage import DataFlowStorage
from dataflow.storage.file_storage import FileStorage

__all__ = ["DataFlowStorage", "FileStorage"]
