"""DataFlow-MM: turns images and videos into training data with vision-language models."""

from __future__ import annotations

import logging
import sys
from types import TracebackType
from typing import TYPE_CHECKING, Any

from dataflow.version import __version__

if TYPE_CHECKING:
    from dataflow.engine.options import RunOptions
    from dataflow.engine.pipeline import Pipeline
    from dataflow.operators.base import Operator

logging.getLogger(__name__).addHandler(logging.NullHandler())  # who wants to read configures it

__all__ = ["Operator", "Pipeline", "RunOptions", "__version__"]

_HOMES = {
    "Operator": "dataflow.operators.base",
    "Pipeline": "dataflow.engine.pipeline",
    "RunOptions": "dataflow.engine.options",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def _end_in_one_line(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Let a script that meets one of our errors end with its one line and its exit code, not with a traceback."""
    from dataflow.core.errors import DataFlowError
    from dataflow.core.terminal import say_error

    if not isinstance(error, DataFlowError):
        _previous(kind, error, trace)
        return
    say_error(error)
    raise SystemExit(error.exit_code)


_previous, sys.excepthook = sys.excepthook, _end_in_one_line
