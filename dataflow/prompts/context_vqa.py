"""What is said to a model that writes an article for an image, and questions that need both."""

NAME = "context_vqa"

TEMPLATE = """\
Look at the image and write a short encyclopedia article, in the style of Wikipedia, on the subject that the image \
brings up: the work, person, place, species, event or kind of thing that it shows. Tell facts that go beyond what can \
be seen. The article stands on its own: it never speaks of the image, nor of anything shown, seen or pictured.

Then write {num_qa} question-answer pairs. A question points at what the image shows without naming it, as in "this \
building" or "the person", so that one has to see the image to know what is asked and read the article to know the \
answer. An answer is a word or a short phrase that stands in the article literally.

Write the article as plain paragraphs. After it write each pair on two lines, and nothing else:
Question: the question
Answer: the answer"""

FORM = (
    "Write the article first, as plain paragraphs. After it write each question-answer pair on two lines, the first "
    "beginning with `Question:`, the second with `Answer:`, and nothing else."
)

DEFAULT_NUM_QA = 3
