"""Tokens of words: held against counts that OpenAI's own vocabulary gave for the same texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.media.tokens.text import text_tokens

ENGLISH = "A woman in a blue coat walks across the square, carrying a paper bag. Behind her two children run towards a "
CHINESE = "一位穿着蓝色外套的女士正走过广场,手里提着一个纸袋。她身后有两个孩子跑向喷泉,一名骑自行车的人在红绿灯前等候。"
JAPANESE = (
    "青いコートを着た女性が紙袋を持って広場を横切っている。"
    "その後ろで二人の子供が噴水に向かって走り、自転車に乗った人が信号で待っている。"
)
KOREAN = (
    "파란 코트를 입은 여성이 종이 봉투를 들고 광장을 가로질러 걷고 있습니다. "
    "그 뒤에서 두 아이가 분수를 향해 달려갑니다."
)
GERMAN = "Eine Frau in einem blauen Mantel geht über den Platz und trägt eine Tüte. Hinter ihr laufen zwei Kinder."
PAIRS = '{"qa": [{"question": "What colour is the car?", "answer": "It is red.", "clips": [1, 2]}]}'
TIMES = "\n".join(f"[{number * 1.37:.2f} s]" for number in range(16))


@pytest.mark.parametrize(
    ("text", "counted"),
    [(ENGLISH, 24), (CHINESE, 49), (JAPANESE, 55), (KOREAN, 41), (GERMAN, 26), (PAIRS, 31), (TIMES, 96)],
    ids=["English", "Chinese", "Japanese", "Korean", "German", "JSON", "times"],
)
def test_words_take_about_what_a_vocabulary_counts(text: str, counted: int) -> None:
    """Counted with o200k_base, tiktoken 0.12."""
    assert text_tokens(text) == pytest.approx(counted, rel=0.3)


@given(st.text(), st.text())
def test_any_text_has_a_count_and_two_texts_have_that_of_both(one: str, other: str) -> None:
    assert text_tokens(one) >= 0
    assert abs(text_tokens(one + other) - text_tokens(one) - text_tokens(other)) <= 1


def test_half_a_surrogate_pair_is_counted_too() -> None:
    assert text_tokens("\ud83d" * 8) == 6
