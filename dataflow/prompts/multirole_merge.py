"""What is said to the master of the panel at the end of a round: what becomes of the experts' proposals."""

from __future__ import annotations

from collections.abc import Sequence

from dataflow.prompts.multirole_shared import so_far
from dataflow.prompts.template import render

NAME = "multirole_merge"

TEMPLATE = """\
Your role: master of a panel of experts. In round {round} your experts propose:
{proposals}

Check every proposal against the video and against the pairs so far, and decide: add it as it stands; correct it, with \
the right question and answer, which adds it too; or drop it. Correct or drop pairs so far as well, where they are \
wrong, unclear or ask what another pair asks better. Pairs so far that you do not name stay as they are; proposals \
that you do not name are not added. Give a reason in a few words each time.

{form}"""

FORM = (
    'Reply with JSON only: {"decisions": [{"action": "add", "pair": "E1.1", "question": "", "answer": "", "reason": '
    '"..."}, {"action": "correct", "pair": "Q2", "question": "...", "answer": "...", "reason": "..."}, {"action": '
    '"drop", "pair": "E1.2", "question": "", "answer": "", "reason": "..."}]}'
)


def build(pairs: Sequence[str], number: int, proposals: Sequence[str]) -> str:
    """The question to the master.

    Args:
        pairs: the pairs so far, as JSON.
        number: of the round, from 1.
        proposals: the experts' pairs, as JSON with the expert's role.
    """
    fields = {"round": number, "proposals": "\n".join(proposals), "form": FORM}
    return f"{so_far(pairs)}\n\n{render(TEMPLATE, fields)}"
