"""The types of questions, and how many of each are asked for."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from dataflow.prompts import question_types
from dataflow.prompts.question_types import TYPES, describe, left_over, name_of, quotas


def test_there_are_sixteen_types_each_with_words_of_its_own() -> None:
    assert len(TYPES) == len(set(TYPES.values())) == 16


@given(st.integers(1, 100), st.text())
def test_no_type_is_asked_for_more_than_once_more_often_than_another(count: int, caption: str) -> None:
    wanted = Counter(quotas(count, caption))
    assert wanted.total() == count
    assert max(wanted.values()) - min([*wanted.values(), 0] if len(wanted) < 16 else wanted.values()) <= 1


def test_the_same_caption_always_gets_the_same_types() -> None:
    assert quotas(5, "A dog runs.") == quotas(5, "A dog runs.")


def test_over_a_dataset_every_type_comes_up_about_equally_often() -> None:
    counts = Counter(name for number in range(3200) for name in quotas(3, f"caption {number}"))
    assert set(counts) == set(TYPES)
    assert 400 < min(counts.values()) <= max(counts.values()) < 800


def test_the_prompt_says_how_many_of_each_type() -> None:
    text = describe(["count", "speed", "count"])
    assert "- 2 of type count: how many" in text and "- 1 of type speed: " in text
    assert "type place" not in text


def test_what_is_left_over_are_the_types_that_were_not_given() -> None:
    assert left_over(["time", "place", "count"], ["Count", None], 2) == ["time", "place"]
    assert left_over(["count", "count", "speed"], ["count"], 2) == ["count", "speed"]
    assert left_over(["time", "place"], ["something else"], 1) == ["time"]


def test_a_models_spelling_of_a_type_is_folded_and_a_type_of_its_own_kept() -> None:
    assert [name_of(label) for label in ("Yes/No", "camera direction", "FINE-ACTION", " mood ")] == [
        "yes_no",
        "camera_direction",
        "fine_action",
        "mood",
    ]


def test_every_type_is_in_the_words_for_the_manifest() -> None:
    assert all(f"{name}: {text}" in question_types.words() for name, text in TYPES.items())
