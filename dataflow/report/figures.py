"""The figures of a dataset, gathered from its rows one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from dataflow.core import BadRow, Sample, SampleError, as_list, is_missing
from dataflow.export.columns import Columns
from dataflow.export.pairs import pairs_in
from dataflow.report.counts import Draw, Repeats, TopCounts
from dataflow.report.near import NearDuplicates
from dataflow.report.spread import Spread
from dataflow.report.words import count_words, first_words

MEDIA_LOOKED_INTO = 200
MOST_COLUMNS = 200
LONGEST_NAME = 100
MOST_SCORES = 24
_SHORT_ANSWER = 3
"""Words up to which an answer counts as one of the frequent ones."""


@dataclass(slots=True)
class Column:
    """What a column holds.

    Args:
        filled: rows that have it.
        kinds: how often which kind of value.
    """

    filled: int = 0
    kinds: TopCounts = field(default_factory=TopCounts)


class Figures:
    """All that is counted over the rows.

    Args:
        columns: which columns hold what.
        seed: of the draws.
        gallery: how many samples to draw for the gallery.
    """

    def __init__(self, columns: Columns, seed: int, gallery: int) -> None:
        self.names = columns
        self.rows = 0
        self.bad_rows = 0
        self.columns: dict[str, Column] = {}
        self.words = {name: Spread() for name in ("caption", "article", "question", "answer")}
        self.pairs = Spread()
        self.images = Spread()
        self.videos = Spread()
        self.labels = TopCounts()
        self.first_words = TopCounts()
        self.answers = TopCounts()
        self.checks: dict[str, TopCounts] = {}
        self.scores: dict[str, Spread] = {}
        self.repeats = {name: Repeats() for name in ("caption", "question", "answer", "image", "video")}
        self.repeated_inside = 0
        self.near = NearDuplicates()
        self.media = {"image": Draw(MEDIA_LOOKED_INTO, seed), "video": Draw(MEDIA_LOOKED_INTO, seed)}
        self.drawn = Draw(gallery, seed)
        self.gallery: dict[str, Sample] = {}

    def add(self, row: Sample | BadRow) -> None:
        """Take a row."""
        if isinstance(row, BadRow):
            self.bad_rows += 1
            return
        self.rows += 1
        for name, value in row.items():
            self._column(name, value)
        self._media(row)
        self.near.add(self._text(row))
        key = str(row["id"])
        if self.drawn.add(key):
            self.gallery[key] = row
            for gone in [key for key in self.gallery if key not in self.drawn]:
                del self.gallery[gone]

    def drawn_rows(self) -> list[Sample]:
        """The rows of the gallery, in the order of the draw."""
        return [self.gallery[key] for key in self.drawn]

    def _column(self, name: str, value: Any) -> None:
        if is_missing(value):
            return
        name = name[:LONGEST_NAME]
        column = self.columns.get(name)
        if column is None:
            if len(self.columns) == MOST_COLUMNS:
                return
            column = self.columns[name] = Column()
        column.filled += 1
        column.kinds.add(_kind(value))
        if name in self.names.checks and isinstance(value, Mapping):
            self._check(value)
        elif name in self.names.scores:
            self._score(name, value)
        elif name in self.names.statuses:
            self.checks.setdefault("complete as asked", TopCounts()).add("no")

    def _check(self, found: Mapping[str, Any]) -> None:
        for name, value in found.items():
            for one in value if isinstance(value, list) else [value]:
                told = "yes" if one is True else "no" if one is False else "cannot tell"
                self.checks.setdefault(str(name).replace("_", " ")[:60], TopCounts()).add(told)

    def _score(self, name: str, value: Any) -> None:
        scores = value if isinstance(value, Mapping) else {name: value}
        for one, number in scores.items():
            known = str(one)[:LONGEST_NAME]
            counts = isinstance(number, int | float) and not isinstance(number, bool) and isfinite(number)
            if counts and (known in self.scores or len(self.scores) < MOST_SCORES):
                self.scores.setdefault(known, Spread()).add(number)

    def _media(self, row: Sample) -> None:
        for kind, column, spread in (
            ("image", self.names.image, self.images),
            ("video", self.names.video, self.videos),
        ):
            paths = [path for path in as_list(row.get(column)) if isinstance(path, str)]
            paths += frames_of_clips(row, self.names) if kind == "image" else []
            if paths:
                spread.add(len(paths))
            for path in paths:
                self.repeats[kind].add(path)
                self.media[kind].add(path)

    def _text(self, row: Sample) -> str:
        """Count the texts of a row, and tell the one by which it is compared with others."""
        texts: list[str] = []
        asked: list[str] = []
        answered: list[str] = []
        pairs = 0
        for column, found, context in told_in(row, self.names):
            if context:
                self.words["article"].add(count_words(context))
                texts.append(context)
            if not found and not context:
                caption = str(row[column])
                self.words["caption"].add(count_words(caption))
                self.repeats["caption"].add(caption)
                texts.append(caption)
            for question, answer, label in found:
                pairs += 1
                asked.append(question)
                answered.append(answer)
                self._pair(question, answer, label)
        if pairs:
            self.pairs.add(pairs)
            self.repeated_inside += len(asked) - len({" ".join(question.casefold().split()) for question in asked})
        return " ".join(texts or [*asked, *answered])

    def _pair(self, question: str, answer: str, label: str) -> None:
        self.words["question"].add(count_words(question))
        words = count_words(answer)
        self.words["answer"].add(words)
        self.repeats["question"].add(question)
        self.repeats["answer"].add(answer)
        self.first_words.add(first_words(question, 2) or "(no words)")
        if label:
            self.labels.add(label)
        if words <= _SHORT_ANSWER:
            self.answers.add(answer.casefold().strip(" .\n\t"))


def told_in(row: Sample, names: Columns) -> list[tuple[str, list[tuple[str, str, str]], str]]:
    """What models made of a row: per column its pairs and its article; a column with neither is plain text."""
    found = []
    for column in names.filled(row):
        try:
            pairs, context = ([], "") if column in names.captions else pairs_in(column, row[column])
        except SampleError:  # of another form; it is told of among the columns
            continue
        found.append((column, pairs, context))
    return found


def frames_of_clips(row: Sample, names: Columns) -> list[str]:
    """The pictures of a multi-role sample."""
    clips = [clip for clip in as_list(row.get(names.clips)) if isinstance(clip, Mapping)]
    return [path for clip in clips for path in as_list(clip.get("Frames_Images")) if isinstance(path, str)]


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "yes or no"
    if isinstance(value, list):
        return f"list of {_kind(value[0])}s" if value else "empty list"
    names = {str: "text", int: "number", float: "number", dict: "object"}
    return names.get(type(value), type(value).__name__)
