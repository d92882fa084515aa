"""What is said to the editor of multi-role video QA: the final list, and the labels."""

from __future__ import annotations

from collections.abc import Sequence

from dataflow.prompts.multirole_shared import labels, so_far
from dataflow.prompts.template import render

NAME = "multirole_synthesis"

TEMPLATE = """\
Your role: editor. Make the final list of the pairs so far: about {count} pairs, no two of which ask the same, that \
together cover the video best. Choose; join pairs that belong together; mend wording and mistakes. Add nothing that no \
pair says. With each name the pairs it is made of and the numbers of the clips that its answer rests on.

{form}"""

FORM = 'Reply with JSON only: {"pairs": [{"of": ["Q1"], "question": "...", "answer": "...", "clips": [1]}]}'

LABELS_NAME = "multirole_labels"

LABELS_TEMPLATE = """\
Your role: editor. Give each of these pairs the one label that fits best:
{pairs}

The labels:
{labels}

{form}"""

LABELS_FORM = 'Reply with JSON only: {"labels": [{"pair": 1, "label": "content"}, {"pair": 2, "label": "style"}]}'


def build(pairs: Sequence[str], count: int) -> str:
    """The question for the final list.

    Args:
        pairs: the pairs so far, as JSON.
        count: how many are wanted.
    """
    return f"{so_far(pairs)}\n\n{render(TEMPLATE, {'count': count, 'form': FORM})}"


def build_labels(pairs: Sequence[str]) -> str:
    """The question for labels.

    Args:
        pairs: the final pairs, as JSON with their numbers.
    """
    return render(LABELS_TEMPLATE, {"pairs": "\n".join(pairs), "labels": labels(), "form": LABELS_FORM})
