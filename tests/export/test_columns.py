"""What columns hold, as operators declare it and manifests carry it."""

from __future__ import annotations

import pytest

from dataflow.core import UsageError, output, required
from dataflow.core.operator import held_in
from dataflow.export.columns import Columns, columns_of
from dataflow.report.figures import Figures
from dataflow.viewer.facts import facts_of, snippet


def run_of(**held: str) -> dict[str, object]:
    return {"operators": [{"name": "Theirs", "keys": {}, "holds": held}]}


def test_an_operator_declares_what_its_columns_hold_and_what_stands_beside_them() -> None:
    keys = (required("input_key", "vqa", holds="text"), output("output_key", "told", beside={"_checks": "checks"}))
    assert held_in(keys, {"input_key": "vqa", "output_key": "mine"}) == {"vqa": "text", "mine_checks": "checks"}


def test_a_word_for_it_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match=r"did you mean 'caption'.*There are: image, video"):
        output("output_key", "caption", holds="captoin")  # type: ignore[arg-type]


def test_columns_of_an_operator_that_nobody_knows_are_told_by_what_they_hold() -> None:
    columns = columns_of(run_of(clip="video", told="caption", asked="pairs", good="scores"))
    assert (columns.video, columns.scores) == ("clip", ("good",))
    row = {"id": 1, "told": "A walk.", "asked": [{"question": "Who?", "answer": "A dog."}], "good": 0.5}
    assert columns.filled(row) == ["told", "asked"]
    facts = facts_of(row, frozenset(), columns)
    assert (facts.pairs, facts.rating, snippet(row, frozenset(), columns)) == (1, 0.5, "A walk.")


def test_pairs_that_are_made_of_a_text_are_told_in_its_place() -> None:
    columns = columns_of(run_of(said="text", listed="pairs"))
    assert columns.filled({"id": 1, "said": "Q: Who? A: A dog.", "listed": [{"question": "Who?"}]}) == ["listed"]


def test_a_column_holds_what_was_declared_last_whatever_it_is_called() -> None:
    columns = columns_of(run_of(caption="pairs"))
    assert ("caption" in columns.captions, "caption" in columns.pairs) == (False, True)


def test_of_a_manifest_that_does_not_say_the_operators_class_is_asked() -> None:
    operators = [{"name": "WikiQARefiner", "keys": {"input_key": "vqa", "output_key": "article"}}]
    columns = columns_of({"operators": [*operators, {"name": "NobodyKnowsIt", "keys": {}}]})
    assert ("article" in columns.refined, "article_checks" in columns.checks) == (True, True)


def test_scores_of_samples_are_in_the_report() -> None:
    figures = Figures(columns_of(run_of(good="scores")), 0, 0)
    for number in (1, 3, None, "high", True, float("nan")):
        figures.add({"id": str(number), "good": number})
    figures.add({"id": "parts", "good": {"clear": 0.5}})
    assert {name: spread.count for name, spread in figures.scores.items()} == {"good": 2, "clear": 1}
    assert Columns().scores == ()
