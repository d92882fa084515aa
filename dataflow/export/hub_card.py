"""The dataset card of a Hugging Face export: its splits, how to load them, how they were made."""

from __future__ import annotations

from collections.abc import Mapping

from dataflow.export.card_parts import front_matter, line, making
from dataflow.export.targets.base import Facts

_TEXT = """\
One row is one conversation. `messages` are content parts, as chat templates of transformers take them: a part of type
`image` or `video` stands for the next of the row's `images` or `videos`. Text was written by models and may be wrong
about what is to be seen.

```python
from datasets import load_dataset

dataset = load_dataset("PATH OR REPOSITORY")
```"""


def hub_card(facts: Facts, counts: Mapping[str, int]) -> str:
    """The card.

    Args:
        facts: about the export.
        counts: conversations by split, as the Hub calls it.
    """
    files = {split: f"data/{split}-*" for split in counts}
    parts = [
        front_matter(facts.name, sum(counts.values()), facts.images, facts.videos, files),
        f"# {line(facts.name)}",
        "\n".join(f"- {split}: {count:,} conversations" for split, count in counts.items()),
        _TEXT,
    ]
    if made := making(facts.manifest):
        parts.append("## How it was made\n\n" + "\n".join(made))
    parts.append("The licence of the media holds for them; state it here before publishing.")
    return "\n\n".join(parts) + "\n"
