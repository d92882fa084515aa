"""What is said to a model that makes questions and answers about a video and its caption."""

from __future__ import annotations

from dataflow.prompts.template import render

NAME = "video_qa"

TEMPLATE = """\
Here is a description of the video:
<description>
{caption}
</description>

Write {num_qa} question-answer {pairs} that {test} whether somebody has understood the video. A question must be \
answerable from the video alone, must name what it asks about and must not give its answer away. An answer is short, \
exact and true. Ask about the video itself, never about the description or the caption.{question_types}"""

FORM = 'Reply with JSON only: {"qa": [{"question": "...", "answer": "..."}]}'

TYPED_FORM = 'Reply with JSON only: {"qa": [{"type": "...", "question": "...", "answer": "..."}]}'


def form_of(num_qa: int) -> str:
    """The form of the reply, in words; several pairs say of which type they are."""
    return FORM if num_qa == 1 else TYPED_FORM


def build(caption: str, num_qa: int, question_types: str = "") -> str:
    """The prompt for so many pairs about the video with this caption.

    Args:
        caption: the description of the video.
        num_qa: how many pairs.
        question_types: the quotas in words, for several pairs.
    """
    one = num_qa == 1
    fields = {
        "caption": caption,
        "num_qa": num_qa,
        "pairs": "pair" if one else "pairs",
        "test": "tests" if one else "test",
        "question_types": f"\n\n{question_types}" if question_types else "",
    }
    return f"{render(TEMPLATE, fields)}\n\n{form_of(num_qa)}"
