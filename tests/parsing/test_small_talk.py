"""Small talk goes from the edges of an answer, to the letter; an answer that begins with the same words stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.parsing.free_text import free_text
from dataflow.parsing.small_talk import without_small_talk
from tests.parsing.free_text.cases import cases

CASES = cases("chatter")
WITH = [case for case in CASES if case.kind == "chatter"]
WITHOUT = [case for case in CASES if case.kind == "untouched"]


def test_there_are_sixty_of_each():
    assert len(WITH) >= 60
    assert len(WITHOUT) >= 60


@pytest.mark.parametrize("case", WITH, ids=lambda case: case.text[:40])
def test_chatter_goes_and_the_answer_stays_to_the_letter(case):
    assert free_text(case.text) == case.kept


@pytest.mark.parametrize("case", WITHOUT, ids=lambda case: case.text[:40])
def test_an_answer_that_looks_like_chatter_is_not_touched(case):
    assert free_text(case.text) == case.kept


CHATTER = st.sampled_from([case for case in WITH if case.language == "en" and '"' not in case.text])
CAPTIONS = st.sampled_from([case.kept for case in WITHOUT if "\n" not in case.kept and case.kept[-1] in ".。"])


@given(CHATTER, CAPTIONS)
def test_chatter_goes_from_around_any_caption(chatter, caption):
    text = chatter.text.replace(chatter.kept, caption)
    assert free_text(text) == caption


@given(st.text())
def test_no_text_grows(text):
    assert len(without_small_talk(text)) <= len(text)
