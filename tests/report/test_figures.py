"""The figures are right, and their memory is bounded."""

from __future__ import annotations

import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.export.columns import Columns
from dataflow.report.counts import Draw, Repeats, TopCounts
from dataflow.report.figures import Figures
from dataflow.report.near import NearDuplicates
from dataflow.report.numbers import duration, percent, short
from dataflow.report.spread import EXACT_VALUES, Spread, nice_edges
from dataflow.report.words import count_words, first_words, words_in
from tests.export.rows import caption_row, context_row, image_row, multirole_row, video_qa_row


@given(st.lists(st.integers(0, 500), min_size=1, max_size=200), st.sampled_from([0.05, 0.5, 0.9, 0.99, 1.0]))
def test_quantiles_of_few_numbers_are_exact(numbers: list[int], share: float):
    spread = Spread()
    for number in numbers:
        spread.add(number)
    found = spread.quantile(share)
    assert sum(number <= found for number in numbers) >= share * len(numbers) - 1e-6
    assert sum(number < found for number in numbers) < share * len(numbers) + 1e-6
    assert found in numbers
    assert (spread.count, spread.total) == (len(numbers), sum(numbers))


def test_quantiles_of_many_numbers_are_right_within_a_hundredth():
    draw = random.Random(1)
    numbers = [draw.lognormvariate(2, 2) for _ in range(20_000)]
    spread = Spread()
    for number in numbers:
        spread.add(number)
    assert spread.quantile(0.5) == pytest.approx(statistics.median(numbers), rel=0.011)
    assert spread.quantile(0.9) == pytest.approx(sorted(numbers)[18_000], rel=0.011)
    assert len(spread.steps()) <= EXACT_VALUES + 1
    assert sum(times for _, times in spread.steps()) == 20_000


def test_what_is_no_size_is_passed_over():
    spread = Spread()
    for number in (-1.0, float("nan"), float("inf"), 0.0):
        spread.add(number)
    assert (spread.count, spread.quantile(0.5)) == (1, 0.0)


@given(st.floats(0, 1e6), st.floats(1e-3, 1e6), st.integers(2, 40))
def test_edges_are_even_and_span_all_numbers(low: float, width: float, most: int):
    edges = nice_edges(low, low + width, most)
    assert edges[0] <= low * (1 + 1e-9) + 1e-9 and edges[-1] >= (low + width) * (1 - 1e-9) - 1e-9
    assert 2 <= len(edges) <= most + 3


def test_the_most_frequent_survive_when_there_are_too_many():
    counts = TopCounts(capacity=100)
    for number in range(5_000):
        counts.add("often")
        counts.add(f"once {number}")
    assert counts.most(1) == [("often", 5_000)]
    assert not counts.exact and len(counts) <= 100 and counts.total == 10_000


def test_repeats_are_counted_whatever_their_case_spaces_and_full_stop():
    repeats = Repeats()
    for text in ("A dog.", "a  dog", "A DOG", "a cat"):
        repeats.add(text)
    assert (repeats.count, repeats.distinct()) == (4, 2)


def test_a_draw_is_of_different_keys_the_same_for_a_seed_and_fair():
    def drawn(seed: int) -> list[str]:
        draw = Draw(10, seed)
        for number in range(1000):
            draw.add(f"k{number % 500}")
        return list(draw)

    assert len(set(drawn(1))) == 10 and drawn(1) == drawn(1) != drawn(2)
    late = sum(int(key[1:]) >= 250 for seed in range(60) for key in drawn(seed))
    assert 220 < late < 380


def varied(text: str, words: int) -> str:
    """The text with its last words others."""
    return " ".join([*text.split()[:-words], *("other" + str(n) for n in range(words))])


def test_near_duplicates_are_found_and_others_are_not():
    draw = random.Random(3)
    texts = [" ".join(f"w{draw.randrange(800)}" for _ in range(60)) for _ in range(300)]
    texts[100] = texts[7]
    texts[200] = varied(texts[7], 3)
    texts[250] = varied(texts[9], 30)  # half of it is another text
    near = NearDuplicates()
    for text in [*texts, "", ""]:
        near.add(text)
    (found,) = near.clusters()
    assert (found.size, found.members) == (3, (7, 100, 200))
    near.close()


def test_a_thousand_equal_texts_are_one_cluster():
    near = NearDuplicates()
    for number in range(1000):
        near.add("The same words again and again.")
        near.add(f"Text {number * 7919} {number * 104729} {number * 1299709} of its own")
    (found,) = near.clusters(shown=3)
    assert (found.size, found.members) == (1000, (0, 2, 4))
    near.close()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("A dog's tail, twice.", 4),
        ("", 0),
        ("这是一只狗", 5),
        ("x-ray at 3.5 m", 4),
        ("!!!", 0),
        ("mixed 中文 text", 4),
    ],
)
def test_words_are_counted_in_any_script(text: str, count: int):
    assert count_words(text) == len(words_in(text)) == count


def test_first_words_are_in_lower_case():
    assert first_words("  What IS shown?", 2) == "what is"


def test_numbers_are_short():
    assert [short(n) for n in (0, 7.0, 0.25, 1250, 123_456, 3_400_000, 2.5e9)] == [
        "0", "7", "0.25", "1,250", "123k", "3.4M", "2.5G",
    ]  # fmt: skip
    assert [percent(*pair) for pair in ((0, 5), (5, 5), (1, 9999), (9999, 10000), (1, 3), (0, 0))] == [
        "0 %", "100 %", "< 0.1 %", "> 99.9 %", "33 %", "–",
    ]  # fmt: skip
    assert [duration(s) for s in (0.0042, 0.24, 3.14, 42, 200, 7500)] == [
        "4.2 ms",
        "0.24 s",
        "3.1 s",
        "42 s",
        "3 min 20 s",
        "2 h 5 min",
    ]


def gathered(*rows: dict) -> Figures:
    figures = Figures(Columns(), seed=0, gallery=2)
    for row in rows:
        figures.add(row)
    return figures


def test_the_rows_of_every_pipeline_are_counted():
    found = gathered(
        caption_row(1),
        video_qa_row(2, "clips/b.mp4", 3),
        image_row(3, "p/0.jpg", "p/1.jpg"),
        context_row(4, "p/0.jpg"),
        multirole_row(5, "f1.jpg", "f2.jpg"),
    )
    counts = {name: spread.count for name, spread in found.words.items()}
    assert counts == {"caption": 2, "article": 1, "question": 3 + 2 + 1 + 1, "answer": 7}
    assert found.labels.most(5) == [("count", 3), ("content", 1)]
    assert found.first_words.most(1) == [("question 0", 1)] or found.first_words.total == 7
    assert (found.repeats["image"].count, found.repeats["image"].distinct()) == (5, 4)
    assert (found.repeats["video"].count, found.repeats["video"].distinct()) == (2, 2)
    assert found.columns["id"].filled == 5 and found.columns["caption"].filled == 2
    assert len(found.drawn_rows()) == 2


def test_questions_asked_twice_in_one_sample_and_checks_are_counted():
    twice = {"question": "Who?", "answer": "Nobody."}
    checks = {"speaks_of_image": True, "answers_in_context": [True, False, None]}
    found = gathered(
        {"id": 1, "qa": [twice, {**twice, "question": "who? "}], "context_vqa_checks": checks, "qa_status": "2 of 3"}
    )
    assert found.repeated_inside == 1
    assert {name: dict(counts.most(3)) for name, counts in found.checks.items()} == {
        "speaks of image": {"yes": 1},
        "answers in context": {"yes": 1, "no": 1, "cannot tell": 1},
        "complete as asked": {"no": 1},
    }


def test_columns_of_any_form_are_no_error():
    found = gathered({"id": 1, "qa": 7, "caption": ["x"], "vqa": {"a": 1}, "Clips": "none", "image": [1, None]})
    assert found.rows == 1 and found.columns["qa"].filled == 1
