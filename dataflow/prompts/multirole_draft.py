"""What is said to the draft author of multi-role video QA."""

from __future__ import annotations

from dataflow.prompts import multirole_shared
from dataflow.prompts.template import render

NAME = "multirole_draft"

ROLE = "draft author"

TEMPLATE = f"""\
{multirole_shared.ROLE.format(role=ROLE)}. Write up to {{most}} question-answer pairs about this video, spread over \
the aspects. With each name its aspect and the numbers of the clips that its answer rests on.

{{form}}"""

FORM = 'Reply with JSON only: {"pairs": [{"aspect": "content", "question": "...", "answer": "...", "clips": [1]}]}'


def build(most: int) -> str:
    """The question to the draft author.

    Args:
        most: pairs at most.
    """
    return render(TEMPLATE, {"most": most, "form": FORM})
