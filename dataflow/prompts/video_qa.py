"""What is said to a model that makes questions and answers about a video and its caption."""

NAME = "video_qa"

TEMPLATE = """\
Here is a description of the video:
<description>
{caption}
</description>

Write {num_qa} question-answer {pairs} that {test} whether somebody has understood the video. A question must be \
answerable from the video alone, must name what it asks about and must not give its answer away. An answer is short, \
exact and true. Ask about the video itself, never about the description or the caption. Where you write several, let \
each ask about something else: objects, actions, their order, time, place, colours, counts, causes.

Reply with JSON only: {{"qa": [{{"question": "...", "answer": "..."}}]}}"""


def build(caption: str, num_qa: int) -> str:
    """The prompt for so many pairs about the video with this caption."""
    singular = num_qa == 1
    return TEMPLATE.format(
        caption=caption, num_qa=num_qa, pairs="pair" if singular else "pairs", test="tests" if singular else "test"
    )
