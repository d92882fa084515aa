"""What is said to a model whose reply has not the form that was asked for: what is wrong, and the form once more."""

from __future__ import annotations

from dataflow.prompts.template import render

SUFFIX = "_correction"

TEMPLATE = """\
This reply cannot be used: {error}.

Do what was asked once more, whole and from the beginning. {form}"""


def build(error: str, form: str) -> str:
    """The turn that follows the reply.

    Args:
        error: what is wrong with it.
        form: the form of the reply, in words.
    """
    return render(TEMPLATE, {"error": error.rstrip("."), "form": form})
