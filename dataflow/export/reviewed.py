"""Applies what reviewers decided to the rows of an export, and counts what that did and what did nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from dataflow.core import BadRow, Sample
from dataflow.storage.review import read_review, review_path
from dataflow.storage.review_places import ReviewCounts, place


class Reviewed:
    """The decisions about one data file.

    Args:
        data: the data file; its review lies beside it.
        rows: opens its rows, with their ids. They are read once more than without decisions.
        warn: told when lines of the review cannot be read.

    Raises:
        InputError: the review or the data cannot be read.
    """

    def __init__(self, data: Path, rows: Callable[[], Iterator[Sample | BadRow]], warn: Callable[[str], None]) -> None:
        review = read_review(review_path(data))
        if review.unreadable:
            lines = "1 line" if review.unreadable == 1 else f"{review.unreadable} lines"
            warn(f"{lines} of the review file cannot be read")
        self._places = place(review, rows() if review else ())
        self.counts: ReviewCounts = self._places.counts()
        """How many decisions were found a row, and how many are `stale` or about a sample that is `gone`."""
        self.reasons: Counter[str] = Counter()
        """Why samples and pairs were rejected, where reviewers said so."""

    def apply(self, number: int, row: Sample) -> Sample | None:
        """A row as reviewed; None when it was rejected.

        Args:
            number: of the row, from 0, bad rows counted in.
            row: as the file has it.
        """
        decision = self._places.decisions.get(number)
        if decision is None:
            return row
        sample = decision.apply(row)
        self.reasons.update(filter(None, decision.reasons()))
        return sample

    def has_rejected_pairs(self, number: int) -> bool:
        """Whether pairs of a row were rejected."""
        decision = self._places.decisions.get(number)
        return decision is not None and bool(decision.pairs)
