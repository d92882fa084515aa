"""The dataset card of an export for the Hugging Face Hub: the splits and how to load them."""

from __future__ import annotations

from collections.abc import Mapping

from dataflow.export.targets.base import Facts

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


def hub_card(facts: Facts, counts: Mapping[str, int]) -> str:
    """A README with the front matter by which the Hub knows splits, modality and size."""
    total = sum(counts.values())
    tasks = (["video-text-to-text"] if facts.videos else []) + (["image-text-to-text"] if facts.images else [])
    size = next((name for limit, name in _SIZES if total < limit), "n>1M")
    lines = ["---", "annotations_creators:", "- machine-generated"]
    lines += ["task_categories:", *(f"- {task}" for task in tasks or ["text-generation"])]
    lines += ["size_categories:", f"- {size}", "configs:", "- config_name: default", "  data_files:"]
    for split in counts:
        lines += [f"  - split: {split}", f"    path: data/{split}-*"]
    lines += ["---", "", f"# {facts.name}", ""]
    lines += [f"- {split}: {count:,} conversations" for split, count in counts.items()]
    return "\n".join([*lines, ""])
