"""A door to `dataflow.storage`, where scripts look for it."""

from dataflow.storage import DataFlowStorage, FileStorage

__all__ = ["DataFlowStorage", "FileStorage"]
