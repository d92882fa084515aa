"""Pairs come out of whatever shape a model prints them in."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataflow.core import AnswerError
from dataflow.parsing.pair import QAPair
from dataflow.parsing.qa_text import parse_qa
from tests.parsing.qa_renderers import PAIRS, RENDERERS
from tests.parsing.qa_shapes import all_qa_texts

SHAPES = all_qa_texts()


@pytest.mark.parametrize("shape", SHAPES)
def test_the_pairs_of_every_shape_are_read(shape):
    text, pairs = SHAPES[shape]
    assert parse_qa(text) == pairs


def test_there_are_at_least_sixty_shapes():
    assert len(SHAPES) >= 60


WORDS = st.lists(
    st.text("abdefghijklmnoprstuvwxyzABCDEGHIKLMNOPSTUWXYZäéñλж0123456789", min_size=2, max_size=9),
    min_size=2,
    max_size=9,
)
QUESTIONS = WORDS.map(lambda words: "What " + " ".join(words) + "?")
ANSWERS = WORDS.map(lambda words: "The " + " ".join(words))
ANY_PAIRS = st.lists(
    st.builds(QAPair, QUESTIONS, ANSWERS), min_size=1, max_size=5, unique_by=lambda pair: pair.question
)


@pytest.mark.parametrize("shape", RENDERERS)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(pairs=ANY_PAIRS)
def test_rendering_then_parsing_gives_the_pairs_back(shape, pairs):
    assert parse_qa(RENDERERS[shape](pairs)) == pairs


@pytest.mark.parametrize("shape", RENDERERS)
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(pairs=ANY_PAIRS)
def test_chatter_around_a_shape_changes_nothing(shape, pairs):
    shown = RENDERERS[shape](pairs)
    text = f"Sure! Here are the question-answer pairs:\n\n{shown}\n\nLet me know if you need anything else!"
    assert parse_qa(text) == pairs


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\n",
        "The image shows a man in a coat.",
        "I'm sorry, but I can't help with that.",
        "<think>Q: What is it?\nA: A dog",
        "Q1: What is it?\nQ2: Where is it?",
        '{"caption": "a dog"}',
        'Use this format: {"question": "...", "answer": "..."}',
        "Here are some questions:",
    ],
)
def test_text_without_a_pair_is_an_answer_error_that_keeps_the_text(text):
    with pytest.raises(AnswerError) as caught:
        parse_qa(text)
    assert caught.value.raw == text


PIECES = st.sampled_from(
    [
        "Q:",
        "A:",
        "Q1:",
        "A1.",
        "Question",
        "Answer",
        "\n",
        "\n\n",
        "?",
        " ",
        "**",
        "###",
        "- ",
        "1. ",
        "|",
        "|---|",
        "<q>",
        "</q>",
        "<a>",
        "{",
        "}",
        "[",
        "]",
        '"',
        "'",
        "\\",
        ":",
        "：",
        "，",
        "问",
        "答",
        "```",
        "```json",
        "<think>",
        "</think>",
        "(A)",
        "B)",
        "\r",
        "\t",
        "what",
        "Answers:",
        "Type:",
        "Article:",
        "question,answer",
        "\ud83d",
        "\x00",
        "\u2060",
        "é",
        "1",
        "true",
        "NaN",
        "//",
        "/*",
        "Let me know",
    ]
)
HOSTILE = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map("".join))


@settings(max_examples=400, deadline=None)
@given(HOSTILE)
def test_no_text_raises_anything_but_an_answer_error(text):
    try:
        pairs = parse_qa(text)
    except AnswerError:
        return
    assert pairs
    assert all(pair.question.strip() and pair.answer.strip() for pair in pairs)


@pytest.mark.parametrize("count", [1, 500])
def test_a_long_list_is_read_to_its_end(count):
    pairs = [QAPair(f"What is number {i}?", f"It is {i}") for i in range(count)]
    assert parse_qa(RENDERERS["Q1: / A1:"](pairs)) == pairs


def test_a_label_is_none_where_the_model_gave_none():
    assert {pair.label for pair in parse_qa(RENDERERS["JSON list"](PAIRS))} == {None}
