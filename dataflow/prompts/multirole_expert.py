"""What is said to an expert whom the master of the panel has called."""

from __future__ import annotations

from collections.abc import Sequence

from dataflow.prompts.multirole_shared import ROLE, so_far
from dataflow.prompts.template import render

NAME = "multirole_expert"

TEMPLATE = (
    f"{ROLE}\n"
    + """\
Who you are: {description}
Your subtask, set by the master of the panel: {subtask}

Propose up to {most} further question-answer pairs within your subtask, of the kind that needs your knowledge. Ask \
nothing that is asked already, not in other words either. With each pair name its aspect and the numbers of the clips \
that its answer rests on. If nothing is missing there, propose none.

{form}"""
)

FORM = (
    'Reply with JSON only: {"pairs": [{"aspect": "content", "question": "...", "answer": "...", "clips": [1]}]}. '
    'With nothing to propose: {"pairs": []}'
)


def build(pairs: Sequence[str], role: str, description: str, subtask: str, most: int) -> str:
    """The question to an expert.

    Args:
        pairs: the pairs so far, as JSON.
        role: the expert's.
        description: what the expert knows.
        subtask: what to look at and ask about.
        most: pairs at most.
    """
    fields = {"role": role, "description": description, "subtask": subtask, "most": most, "form": FORM}
    return f"{so_far(pairs)}\n\n{render(TEMPLATE, fields)}"
