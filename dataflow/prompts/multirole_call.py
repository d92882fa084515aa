"""What is said to the master of the panel at the start of a round: end the work, or call experts."""

from __future__ import annotations

from collections.abc import Sequence

from dataflow.prompts.multirole_shared import so_far
from dataflow.prompts.template import render

NAME = "multirole_call"

TEMPLATE = """\
Your role: master of a panel of experts. This is round {round} of at most {rounds}.
{history}
Judge the pairs so far: what of this video is not asked about, where do they stay on the surface, which are wrong or \
ask the same? If experts would add little, end the work. Otherwise call at most {most} experts whose knowledge this \
very video asks for. Give each a role, a description of what that expert knows, and a subtask: what to look at in this \
video, and what to ask about. No two have the same subtask.

{form}"""

FORM = (
    'Reply with JSON only: {"decision": "CALL_EXPERTS", "reason": "...", "experts": [{"role": "...", "description": '
    '"...", "subtask": "..."}]}. To end the work: {"decision": "NO_EXPERTS", "reason": "...", "experts": []}'
)


def build(pairs: Sequence[str], number: int, rounds: int, history: Sequence[str], most: int) -> str:
    """The question to the master.

    Args:
        pairs: the pairs so far, as JSON.
        number: of the round, from 1.
        rounds: at most.
        history: what earlier rounds did, a line each.
        most: experts at most.
    """
    told = "\n".join(history) if history else "No expert has been called yet."
    fields = {"round": number, "rounds": rounds, "history": told, "most": most, "form": FORM}
    return f"{so_far(pairs)}\n\n{render(TEMPLATE, fields)}"
