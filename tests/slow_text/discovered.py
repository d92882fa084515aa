"""All public functions of the project that take one text, or one value in which text may stand, found by their
signatures: one that is new is searched without anybody having to think of it."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any

import dataflow
from tests.slow_text.growth import Reader

_AT_WORK = (
    "dataflow.cli",
    "dataflow.engine.step_output",
    "dataflow.serving.local",
    "dataflow.serving.openai_api.certificates",
    "dataflow.serving.embedded.measure",
    "dataflow.serving.embedded.colours",
    "dataflow.serving.embedded.motion",
    "dataflow.serving.media_input",
    "dataflow.storage.arrow_rows",
    "dataflow.storage.table",
    "dataflow.workspace",
    "dataflow.__main__",
)
"""Modules that do things, load an engine, or reckon with pixels and tables: what they read goes through others here."""

NO_READERS = frozenset(
    {
        "dataflow.core.terminal.say",
        "dataflow.media.fetch.fetch_bytes",
        "dataflow.media.frames.media_info",
        "dataflow.media.image.load_image",
        "dataflow.media.image_file.look_at",
        "dataflow.media.image_file.open_image",
        "dataflow.media.image_file.bare_of",
        "dataflow.media.jobs.probe_job",
        "dataflow.media.shot_signals.quantiles",
        "dataflow.viewer.preview.how_to_play_job",
    }
)
"""Functions that print, fetch, or open what a text names."""


def discovered() -> dict[str, Reader]:
    """The readers by their full names."""
    return {name: _reader(function, kind) for name, function, kind in sorted(functions()) if name not in NO_READERS}


def functions() -> Iterator[tuple[str, Any, str]]:
    """Those that take a text or a value, with their names and what they take."""
    for module in pkgutil.walk_packages(dataflow.__path__, "dataflow."):
        if module.name.startswith(_AT_WORK):
            continue
        for name, function in vars(importlib.import_module(module.name)).items():
            whole = f"{module.name}.{name}"
            if name.startswith("_") or not inspect.isfunction(function) or function.__module__ != module.name:
                continue
            first, *others = [*inspect.signature(function).parameters.values(), None]
            kinds = set(str(first.annotation).split(" | ")) if first is not None else set()
            wanted = kinds & {"str", "bytes", "Any", "object"}
            if wanted and all(one is None or one.default is not one.empty for one in others):
                yield whole, function, "bytes" if kinds & {"bytes"} and "str" not in kinds else "str"


def _reader(function: Any, kind: str) -> Reader:
    def read(text: str) -> None:
        result = function(text.encode("utf-8", "replace") if kind == "bytes" else text)
        if inspect.isgenerator(result):
            for _ in result:
                pass
        elif inspect.iscoroutine(result):
            result.close()

    return read
