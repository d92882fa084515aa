"""The cards of exports for `datasets` and the Hugging Face Hub: their splits, how to load them, how they were made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dataflow.export.card_parts import front_matter, line, making
from dataflow.export.targets.base import Facts

SPLIT_NAMES = {"train": "train", "val": "validation"}
"""Our splits as the Hub calls them."""
_LOAD = """\
```python
from datasets import load_dataset

dataset = load_dataset("PATH OR REPOSITORY")
```"""


def hub_card(
    facts: Facts, counts: Mapping[str, int], files: str, text: str, features: Sequence[Mapping[str, Any]] = ()
) -> bytes:
    """The card.

    Args:
        facts: about the export.
        counts: conversations by split, as we call it.
        files: the pattern of the files of a split, with `{ours}` and `{hub}` for its name.
        text: what a row is.
        features: the columns with their types; none where the files tell.
    """
    named = {SPLIT_NAMES[split]: files.format(ours=split, hub=SPLIT_NAMES[split]) for split in counts}
    parts = [
        front_matter(facts.name, sum(counts.values()), facts.images, facts.videos, named, features),
        f"# {line(facts.name)}",
        "\n".join(f"- {SPLIT_NAMES[split]}: {count:,} conversations" for split, count in counts.items()),
        text,
        _LOAD,
    ]
    if made := making(facts.manifest):
        parts.append("## How it was made\n\n" + "\n".join(made))
    parts.append("The licence of the media holds for them; state it here before publishing.")
    return ("\n\n".join(parts) + "\n").encode()
