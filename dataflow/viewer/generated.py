"""Which columns models have written: what a reader wants to see first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dataflow.core.sample import Sample
from dataflow.export.columns import Columns
from dataflow.runs.manifest import read_manifest
from dataflow.runs.names import MANIFEST
from dataflow.storage.review import PAIRS

_NOT_BY_MODELS = ("meta", "clips", "checks", "status")
"""What operators measure and cut rather than ask for."""


def generated_names(data_file: Path) -> frozenset[str]:
    """The columns that the operators of a run write, and of the earlier steps in its folder; without a manifest, the
    usual names.

    Args:
        data_file: of the dataset; the manifest lies beside it.
    """
    manifest = read_manifest(data_file.with_name(MANIFEST))
    steps = manifest.get("steps")
    documents = [manifest, *(steps.values() if isinstance(steps, dict) else ())]
    names = frozenset(name for document in documents for name in _outputs(document))
    usual = Columns()
    return names or frozenset((*usual.captions, *usual.pairs, *usual.texts, *usual.refined))


def generated_of(sample: Sample, names: frozenset[str]) -> list[str]:
    """The columns of a sample that models have written, in its order."""
    beside = {f"{name}{PAIRS}" for name in names}
    return [name for name in sample if name in names or name in beside]


def _outputs(document: Any) -> Iterator[str]:
    operators = document.get("operators") if isinstance(document, dict) else None
    for operator in operators if isinstance(operators, list) else ():
        keys = operator.get("keys") if isinstance(operator, dict) else None
        held = operator.get("holds") if isinstance(operator, dict) else None
        holds = held if isinstance(held, dict) else {}
        for key, name in keys.items() if isinstance(keys, dict) else ():
            if key.startswith("output") and isinstance(name, str) and holds.get(name) not in _NOT_BY_MODELS:
                yield name
