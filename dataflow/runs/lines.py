"""Reads JSON lines that a run may still be writing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dataflow.core.causes import said_by
from dataflow.core.errors import InputError
from dataflow.storage.json_text import BadText, load


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON lines file that may still be written, or may not be there; a torn line is passed over."""
    try:
        with open(path, "rb") as lines:
            for line in lines:
                try:
                    record = load(line)
                except BadText:
                    continue
                if isinstance(record, dict):
                    yield record
    except FileNotFoundError:
        return
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or said_by(error)}") from error
