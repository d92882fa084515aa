"""What is said to a model that makes questions and answers about an image."""

NAME = "image_vqa"

SYSTEM = (
    "You write question-answer pairs about images for a training dataset. Every answer can be checked by looking at "
    "the image."
)

TEMPLATE = """\
Look at the image and write {num_qa} question-answer pairs about it. Let each ask about something else: what is shown, \
counts, colours, positions, readable text, actions, and what can be concluded from what is seen. Answers are short, \
exact and true.

Write each pair on two lines and nothing else:
- Q: the question
  A: the answer"""

DEFAULT_NUM_QA = 3

FORM = (
    "Write each question-answer pair on two lines, the first beginning with `- Q:`, the second with `A:`, and nothing "
    "else."
)
