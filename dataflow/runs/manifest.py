"""The manifest of a run as its readers find it: what has not the form that runs write is as good as not there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from dataflow.runs.names import MANIFEST

Check = Callable[[Any], bool]


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _table(values: Check) -> Check:
    return lambda value: isinstance(value, dict) and all(values(one) for one in value.values())


def _several(values: Check) -> Check:
    return lambda value: isinstance(value, list) and all(values(one) for one in value)


def _operator(value: Any) -> bool:
    return isinstance(value, dict) and _text(value.get("name")) and _table(_text)(value.get("keys"))


def _serving(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("params", {}), dict)


def _spent(value: Any) -> bool:
    tokens = value.get("tokens") if isinstance(value, dict) else None
    return (
        isinstance(tokens, dict)
        and all(_number(tokens.get(name)) for name in ("input", "cached", "output"))
        and _number(value.get("runs"))
        and (value.get("cost") is None or _number(value["cost"]))
    )


def _counts(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    numbers = {name: one for name, one in value.items() if name != "kinds"}
    return _table(_number)(numbers) and _table(_number)(value.get("kinds", {}))


_FORMS: dict[str, Check] = {
    "state": _text,
    "message": _text,
    "output": _text,
    "input": _text,
    "started": _text,
    "updated": _text,
    "command": _several(_text),
    "base": _several(_text),
    "warnings": _several(_text),
    "operators": _several(_operator),
    "servings": _several(_serving),
    "versions": _table(_text),
    "prompts": _table(_text),
    "host": _table(lambda value: _text(value) or value is None or _number(value)),
    "counts": _counts,
    "tokens": _table(_number),
    "cost": _number,
    "so_far": _spent,
    "seconds": _number,
}


def manifest_of(data: Path) -> dict[str, Any]:
    """What the manifest beside a data file says of it, be it about the last step or an earlier one.

    Returns:
        Only entries of the form that runs write; nothing where there is no manifest, or it is of other data.
    """
    entry = entry_of(data)
    return {name: entry[name] for name, check in _FORMS.items() if check(entry.get(name))}


def entry_of(data: Path) -> dict[str, Any]:
    """The manifest of a data file as it stands; empty where there is none."""
    manifest = read_manifest(data.with_name(MANIFEST))
    steps = manifest.get("steps")
    for document in (manifest, steps.get(data.stem) if isinstance(steps, dict) else None):
        output = document.get("output") if isinstance(document, dict) else None
        if isinstance(document, dict) and isinstance(output, str) and Path(output).name == data.name:
            return document
    return {}


def read_manifest(path: Path) -> dict[str, Any]:
    """A manifest as it stands; empty where there is none, or none that can be read."""
    try:
        manifest = orjson.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}
