"""An article and its pairs come apart at the right place, whatever the article speaks of."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataflow.core import AnswerError
from dataflow.parsing.article import parse_article
from dataflow.parsing.pair import QAPair
from tests.parsing.article_shapes import ARTICLES, NUMBERED, PLAIN
from tests.parsing.qa_renderers import PAIRS, RENDERERS
from tests.parsing.test_qa_text import ANY_PAIRS, HOSTILE


@pytest.mark.parametrize("shape", ARTICLES)
def test_the_article_and_the_pairs_of_every_shape_are_read(shape):
    text, article, pairs = ARTICLES[shape]
    found = parse_article(text)
    assert found.context == article
    assert found.qas == pairs


def test_there_are_at_least_seventy_five_shapes():
    assert len(ARTICLES) >= 75


WORDS = st.sampled_from(
    [
        "the",
        "film",
        "answer",
        "question",
        "questions",
        "Q&A",
        "QA",
        "answers",
        "year",
        "Question",
        "Answer",
        "article",
        "was",
        "shown,",
        "is",
        "it?",
        "Why?",
        "and",
        "1946",
        "(2021)",
        "Q",
        "A",
    ]
)
SENTENCES = st.lists(WORDS, min_size=4, max_size=15).map(lambda words: "It " + " ".join(words) + " there.")
PROSE = st.lists(st.lists(SENTENCES, min_size=1, max_size=4).map(" ".join), min_size=1, max_size=4).map("\n\n".join)


@settings(max_examples=100, deadline=None)
@given(article=PROSE, pairs=ANY_PAIRS, shape=st.sampled_from(sorted(RENDERERS)))
def test_an_article_of_any_words_under_a_heading_comes_back_unchanged(article, pairs, shape):
    found = parse_article(f"## Article\n\n{article}\n\n## Questions and Answers\n\n{RENDERERS[shape](pairs)}")
    assert found.context == article
    assert found.qas == pairs


@pytest.mark.parametrize(
    "text",
    [
        "",
        PLAIN,
        NUMBERED,
        f"Here are the pairs:\n\n{NUMBERED}",
        f"### Questions and Answers\n\n{NUMBERED}",
        RENDERERS["JSON list"](PAIRS),
    ],
)
def test_without_an_article_or_without_pairs_it_is_an_answer_error(text):
    with pytest.raises(AnswerError) as caught:
        parse_article(text)
    assert caught.value.raw == text


@settings(max_examples=300, deadline=None)
@given(HOSTILE)
def test_no_text_raises_anything_but_an_answer_error(text):
    try:
        found = parse_article(text)
    except AnswerError:
        return
    assert found.context.strip()
    assert all(isinstance(pair, QAPair) for pair in found.qas) and found.qas
