"""What is said to a model whose reply has not the form that was asked for: what is wrong, and the form once more."""

from __future__ import annotations

from dataflow.prompts.template import render

SUFFIX = "_correction"

TEMPLATE = """\
This reply cannot be used: {error}.

Do what was asked once more, whole and from the beginning. {form}"""

SHORTER = """\
This reply cannot be used: it is too long, and was cut off before its end.

Do what was asked once more, whole and from the beginning, in half as many words or fewer, so that it comes to its \
end. {form}"""

TEXT_FORM = (
    "Reply with the text alone: no apology, no remark on what you can or cannot do, nothing addressed to me before or "
    "after it."
)


def words(form: str = "") -> str:
    """Everything that may be said of a reply, for the manifest."""
    return f"{TEMPLATE}\n{SHORTER}\n{form}"


def build(error: str, form: str) -> str:
    """The turn that follows the reply.

    Args:
        error: what is wrong with it.
        form: the form of the reply, in words.
    """
    return render(TEMPLATE, {"error": error.rstrip("."), "form": form})


def build_shorter(form: str) -> str:
    """The turn that follows a reply which was cut off.

    Args:
        form: the form of the reply, in words.
    """
    return render(SHORTER, {"form": form})
