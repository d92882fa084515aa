"""The manifest of a run as its readers find it: what has not the form that runs write is as good as not there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from dataflow.core.folder import absolute
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
    return (
        isinstance(value, dict)
        and _text(value.get("name"))
        and _table(_text)(value.get("keys"))
        and _table(_text)(value.get("holds", {}))
    )


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
    "input": lambda value: _text(value) or _several(_text)(value),
    "started": _text,
    "updated": _text,
    "command": _several(_text),
    "base": _several(_text),
    "folders": _several(_text),
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
    "digest": _text,
}


def manifest_of(data: Path) -> dict[str, Any]:
    """What the manifest beside a data file says of it, be it about the last step or an earlier one.

    Returns:
        Only entries of the form that runs write; nothing where there is no manifest, or it is of other data. The
        operators are those of the earlier steps, too, that the data is made of.
    """
    entries = _entries(data)
    entry = _named(entries, data)
    found = {name: entry[name] for name, check in _FORMS.items() if check(entry.get(name))}
    by_output = {document["output"]: document for document in entries if document is not entry}
    operators: list[Any] = []
    while entry:
        operators[:0] = entry["operators"] if _FORMS["operators"](entry.get("operators")) else ()
        source = entry.get("input")
        entry = by_output.pop(source, {}) if isinstance(source, str) else {}
    return found | {"operators": operators} if "operators" in found else found


def named_folders(data: Path) -> tuple[Path, ...]:
    """The folders of media that the user named to the run that made a data file.

    They lie elsewhere. A manifest that names one around the data itself may have come with it, to have its links
    trusted.
    """
    own = absolute(data).parent
    named = [Path(folder) for folder in manifest_of(data).get("folders", ())]
    return tuple(folder for folder in named if folder.is_absolute() and not _holds(folder, own))


def _holds(folder: Path, other: Path) -> bool:
    return other.resolve().is_relative_to(folder.resolve()) or other.is_relative_to(folder)


def entry_of(data: Path) -> dict[str, Any]:
    """The manifest of a data file as it stands; empty where there is none."""
    return _named(_entries(data), data)


def _entries(data: Path) -> list[dict[str, Any]]:
    """What the manifest beside a data file says of each data file in the folder, of the last run's first."""
    manifest = read_manifest(data.with_name(MANIFEST))
    steps = manifest.get("steps")
    documents = [manifest, *(steps.values() if isinstance(steps, dict) else ())]
    return [one for one in documents if isinstance(one, dict) and isinstance(one.get("output"), str)]


def _named(entries: list[dict[str, Any]], data: Path) -> dict[str, Any]:
    return next((one for one in entries if Path(one["output"]).name == data.name), {})


def read_manifest(path: Path) -> dict[str, Any]:
    """A manifest as it stands; empty where there is none, or none that can be read."""
    try:
        manifest = orjson.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}
