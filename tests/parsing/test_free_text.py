"""Of a model's text only the answer is kept; a refusal is none."""

import pytest

from dataflow.core import AnswerError, RefusedAnswer
from dataflow.parsing.free_text import free_text


@pytest.mark.parametrize(
    "text",
    [
        "A red bus stops.<|im_end|>",
        "<|begin_of_box|>A red bus stops.<|end_of_box|>",
        "<|channel>thought\nThe bus is red, I think.\n<channel|>A red bus stops.",
        "<|channel|>analysis<|message|>Red.<|end|><|start|>assistant<|channel|>final<|message|>A red bus stops.",
        "A red bus stops.<end_of_turn>",
        "<think>Hm.</think>A red bus stops.",
        "Sure! Here's what I found:\n\nA red bus stops.\n\nLet me know if you need more!",
        "Certainly! Here is a detailed description of the image:\n\nA red bus stops.\n\nI hope this helps!",
    ],
)
def test_what_stands_around_the_answer_goes(text):
    assert free_text(text) == "A red bus stops."


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I can't assist with that request.",
        "Thank you for sharing! Unfortunately, I'm unable to view images.",
        "It looks like you haven't attached an image. Please upload it.",
    ],
)
def test_a_refusal_is_no_answer_and_keeps_its_text(text):
    with pytest.raises(RefusedAnswer) as caught:
        free_text(text)
    assert caught.value.raw == text


@pytest.mark.parametrize(
    "text",
    [
        "<answer>A red bus stops.</answer>",
        "<caption>\nA red bus stops.\n</caption>",
        "```\nA red bus stops.\n```",
        "```text\nA red bus stops.\n```<|im_end|>",
        '{"caption": "A red bus stops."}',
        '```json\n{"image_description": "A red bus stops."}\n```',
        '{"描述": "A red bus stops."}',
    ],
)
def test_one_frame_around_the_whole_goes(text):
    assert free_text(text) == "A red bus stops."


@pytest.mark.parametrize(
    "text",
    [
        "```python\nprint(1)\n```",
        "```\na = 1\n```\nstands on the screen beside\n```\nb = 2\n```",
        '{"answer": "A red bus stops."}',
        '{"caption": "A red bus stops.", "mood": "calm"}',
        "# Overview\n\nA red bus.\n\n# Details\n\nIt stops.",
    ],
)
def test_code_json_and_sections_stay_as_they_are(text):
    assert free_text(text) == text


@pytest.mark.parametrize(
    "text",
    ["", " ", "<think>Hm.", "<|im_end|>", "Let me know if you need more!", "Sure! Here is a description:"],
)
def test_where_nothing_is_left_it_is_an_answer_error(text):
    with pytest.raises(AnswerError):
        free_text(text)
