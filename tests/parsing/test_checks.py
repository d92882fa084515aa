"""Pairs that make bad training data are dropped, with the reason; good ones that look like them are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.parsing.checks import answer_in_article, clean_pairs, speaks_of_image, words
from dataflow.parsing.pair import QAPair

ARTICLE = (
    "Nightmare Alley is a 2021 American psychological thriller film directed by Guillermo del Toro. It cost "
    "60,000,000 dollars and has three acts."
)


def reason(question, answer):
    kept, dropped = clean_pairs([QAPair(question, answer)])
    return dropped[0].reason if dropped else (None if kept else "lost")


@pytest.mark.parametrize(
    ("question", "answer", "word"),
    [
        ("", "A dog", "empty question"),
        ("?!", "A dog", "empty question"),
        ("What is it?", " ", "empty answer"),
        ("What is it?", "...", "empty answer"),
        ("What does the caption say?", "A dog", "caption"),
        ("What is the dog doing, according to the description?", "Running", "caption"),
        ("What is the dog doing?", "The video caption says that it runs", "caption"),
        ("What colour is it, based on the provided text?", "Red", "caption"),
        ("根据描述，这是什么？", "狗", "caption"),
        ("What colour is the red car?", "Red", "stands in the question"),
        ("What colour is the red car?", "The red car.", "stands in the question"),
        ("What is the man in the hat wearing?", "A hat", "stands in the question"),
        ("这辆红色的车是什么颜色？", "红色", "stands in the question"),
    ],
)
def test_a_bad_pair_is_dropped_with_the_reason(question, answer, word):
    assert word in reason(question, answer)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who is it?", "I'm sorry, but I can't identify the person in this image."),
        ("What is it?", "I'm unable to see the image."),
        ("What does the sign say?", "I'm sorry, I can't see the image."),
        ("What colour is it?", "No image was provided."),
        ("这是什么？", "抱歉，我无法查看图片。"),
        ("Was ist das?", "Leider kann ich keine Bilder sehen."),
    ],
)
def test_a_pair_whose_answer_declines_is_dropped(question, answer):
    assert "declines" in reason(question, answer)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What does the sign say?", "I'm sorry, we are closed."),
        ("What does the man tell the boy?", "I can't help you with that request."),
        ("Which game is it?", "Sorry!"),
        ("What is written on the board?", "I cannot answer this question"),
        ("字幕上写着什么？", "对不起，我帮不了你。"),
        ("Why is the boy sad?", "He is unable to see the screen."),
    ],
)
def test_words_that_are_read_or_heard_are_an_answer(question, answer):
    assert reason(question, answer) is None


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is it?", "A dog"),
        ("Is it red or blue?", "Red"),
        ("Is the car red?", "Yes"),
        ("Is there no car?", "No"),
        ("True or false: it rains.", "True"),
        ("Between the cat and the dog, which is larger?", "The dog"),
        ("Which is it?\n(A) A cat\n(B) A dog", "(B) A dog"),
        ("Which is it?\nA. A cat\nB. A dog", "A dog"),
        ("这是红色还是蓝色？", "红色"),
        ("How does he describe the scene?", "As calm"),
        ("What does the plaque describe?", "A battle"),
        ("What colour is the car?", "The car is red"),
        ("Who redecorated it?", "Red"),
    ],
)
def test_a_good_pair_is_kept(question, answer):
    assert reason(question, answer) is None


def test_a_question_asked_twice_is_kept_once():
    first, again, other = QAPair("What is it?", "A dog"), QAPair("what IS it", "A cat"), QAPair("Where is it?", "A dog")
    kept, dropped = clean_pairs([first, again, other])
    assert kept == [first, other]
    assert [(item.pair, item.reason) for item in dropped] == [(again, "duplicate question")]


@given(st.lists(st.builds(QAPair, st.text(max_size=30), st.text(max_size=30))))
def test_every_pair_is_either_kept_or_dropped(pairs):
    kept, dropped = clean_pairs(pairs)
    assert len(kept) + len(dropped) == len(pairs)
    assert clean_pairs(kept) == (kept, [])


@pytest.mark.parametrize(
    "answer",
    [
        "psychological thriller",
        "Psychological Thriller.",
        "It is a psychological thriller.",
        "Guillermo del Toro",
        "60000000 dollars",
        "3 acts",
        "Guillermo del Toro directs it.",
    ],
)
def test_an_answer_that_the_article_gives_is_found(answer):
    assert answer_in_article(answer, ARTICLE)


@pytest.mark.parametrize("answer", ["", "Horror", "It is a comedy.", "Yes", "thrill", "2", "the of a"])
def test_an_answer_that_it_does_not_give_is_not(answer):
    assert not answer_in_article(answer, ARTICLE)


def test_an_answer_without_spaces_between_words_is_found():
    assert answer_in_article("心理惊悚片", "这是一部美国心理惊悚片，由德尔·托罗执导。")
    assert not answer_in_article("喜剧片", "这是一部美国心理惊悚片。")


@pytest.mark.parametrize(
    "article",
    [
        "The image shows a man.",
        "A man stands in this photo.",
        "As seen in the picture, he smiles.",
        "The provided image is of a poster.",
        "He is pictured here.",
        "图中有一个人。",
    ],
)
def test_an_article_that_speaks_of_its_picture_is_told(article):
    assert speaks_of_image(article)


@pytest.mark.parametrize(
    "article",
    [
        ARTICLE,
        "Man was made in the image of God.",
        "The film won Best Picture.",
        "Image processing is a field.",
        "The photograph was taken in 1936.",
        "The video game industry grew.",
    ],
)
def test_an_article_about_pictures_is_not(article):
    assert not speaks_of_image(article)


def test_a_formula_of_honour_is_found_however_it_is_written():
    written_out = "محمد صلى الله عليه وسلم"
    assert words("محمدﷺ") == words("محمد ﷺ") == words(written_out) == ["محمد", "ﷺ"]
    assert len(words("ﷺ, " * 100)) == 100
