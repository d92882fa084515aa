"""What the cards of datasets for the Hugging Face Hub have in common: front matter, and how the dataset was made."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

import orjson

_SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
)

_WORD = re.compile(r"[^\s`|<>\[\]]+")
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""What YAML refuses, or takes for the end of a line."""


def front_matter(
    name: str,
    rows: int,
    images: bool,
    videos: bool,
    files: Mapping[str, str],
    features: Sequence[Mapping[str, Any]] = (),
) -> str:
    """The YAML by which the Hub knows a dataset.

    Args:
        name: as it is shown.
        rows: how many there are, in all splits.
        images: whether there are any.
        videos: whether there are any.
        files: the path of each split, relative to the card; none where it does not lie beside the data.
        features: the columns with their types, as `datasets` writes them; none where the files tell.
    """
    tasks = [task for task, has in (("video-text-to-text", videos), ("image-text-to-text", images)) if has]
    kinds = [kind for kind, has in (("video", videos), ("image", images)) if has]
    size = next((named for limit, named in _SIZES if rows < limit), "n>10M")
    lines = ["---", f"pretty_name: {_quoted(name)}"]
    lines += _listed("annotations_creators", ["machine-generated"]) + _listed(
        "language_creators", ["machine-generated"]
    )
    lines += _listed("task_categories", tasks or ["text-generation"]) + _listed("size_categories", [size])
    lines += _listed("tags", ["synthetic", "dataflow-mm", *kinds])
    if files:
        lines += ["configs:", "- config_name: default", "  data_files:"]
        for split, path in files.items():
            lines += [f"  - split: {split}", f"    path: {_quoted(path)}"]
    if features:
        lines += ["dataset_info:", f"  features: {_quoted(list(features))}"]  # JSON is YAML, too
    return "\n".join([*lines, "---"])


def making(manifest: Mapping[str, Any]) -> list[str]:
    """How the dataset was made, as items of a list; nothing where there is no manifest."""
    lines = []
    if operators := [f"`{line(operator['name'])}`" for operator in manifest.get("operators", ())]:
        lines.append(f"- operators: {' → '.join(operators)}")
    for serving in manifest.get("servings", ()):
        params = ", ".join(f"{name} {value}" for name, value in serving.get("params", {}).items())
        lines.append(f"- model: `{line(str(serving.get('model')))}`" + (f" ({line(params)})" if params else ""))
    for name, digest in manifest.get("prompts", {}).items():
        lines.append(f"- prompt `{line(name)}`: digest `{line(digest)}`")
    if versions := [f"{line(name)} {line(version)}" for name, version in manifest.get("versions", {}).items()]:
        lines.append(f"- software: {', '.join(versions)}")
    if "started" in manifest:
        lines.append(f"- begun: {line(manifest['started'])}")
    return lines


def line(text: str) -> str:
    """A text that stays within its line and cell, and is no markup."""
    return " ".join(word.group() for word in islice(_WORD.finditer(text), 120))[:120]


def _listed(key: str, values: Sequence[str]) -> list[str]:
    return [f"{key}:", *(f"- {value}" for value in values)]


def _quoted(value: Any) -> str:
    """A YAML string in double quotes, whose escapes are those of JSON; or a value of such."""
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", orjson.dumps(value).decode())
