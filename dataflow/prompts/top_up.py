"""What is said to a model that gave fewer usable question-answer pairs than were asked for."""

from __future__ import annotations

from collections.abc import Sequence

from dataflow.prompts.template import render

SUFFIX = "_top_up"

TEMPLATE = """\
Write {missing} further question-answer {pairs} by the same rules.{question_types}Ask nothing that was asked already, \
not in other words either:
{asked}

{form}"""


def build(missing: int, asked: Sequence[str], question_types: str, form: str) -> str:
    """The turn that follows the pairs that are there.

    Args:
        missing: how many more are wanted.
        asked: the questions that are there.
        question_types: of which types the missing ones are to be, in words; empty where no types were asked for.
        form: the form of the reply, in words.
    """
    fields = {
        "missing": missing,
        "pairs": "pair" if missing == 1 else "pairs",
        "question_types": f"\n\n{question_types}\n\n" if question_types else " ",
        "asked": "\n".join(f"- {' '.join(question.split())}" for question in asked),
        "form": form,
    }
    return render(TEMPLATE, fields)
