"""Which rows a reader wants to see, and in what order."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dataflow.core.errors import UsageError
from dataflow.core.storage import BadRow
from dataflow.export.pairs import count_pairs
from dataflow.storage.review import Decision
from dataflow.viewer.columns import Columns
from dataflow.viewer.facts import text_of
from dataflow.viewer.lines import Lines, parse_row

STATES = ("", "open", "reviewed", "accepted", "rejected", "edited", "pairs", "stale", "partial")
SORTS = ("", "pairs", "-pairs", "length", "-length", "rating", "-rating", "reviewed")
_MOST_TEXT = 500


@dataclass(frozen=True, slots=True)
class Query:
    """What is wanted.

    Args:
        text: words that must all occur somewhere in a row, in any case.
        label: a label of the row or of one of its pairs.
        type: a question type of one of its pairs.
        rating: `3` for at least 3, `none` for no rating; empty for all.
        pairs: a number of pairs, or `4+` for as many or more; empty for all.
        state: one of `STATES`.
        sort: one of `SORTS`; empty for the order of the file.
    """

    text: str = ""
    label: str = ""
    type: str = ""
    rating: str = ""
    pairs: str = ""
    state: str = ""
    sort: str = ""

    @property
    def is_everything(self) -> bool:
        """All rows in the order of the file."""
        return self == Query()


def parse_query(params: Mapping[str, str]) -> Query:
    """A query from the parameters of an address.

    Raises:
        UsageError: a value that is none of the known ones.
    """
    query = Query(**{name: params.get(name, "")[:_MOST_TEXT].strip() for name in Query.__dataclass_fields__})
    if query.state not in STATES or query.sort not in SORTS:
        raise UsageError(f"no such filter or order: {query.state or query.sort!r}")
    try:
        if query.pairs:
            int(query.pairs.removesuffix("+"))
        if query.rating not in ("", "none"):
            float(query.rating)
    except ValueError:
        raise UsageError("pairs and rating are numbers") from None
    return query


def matching(query: Query, lines: Lines, columns: Columns, decided: dict[int, Decision], stale: set[int]) -> array[int]:
    """The numbers of the rows that a query is about, in its order. Blocking: text is searched in the file.

    Args:
        query: what is wanted.
        lines: the rows.
        columns: their facts; rows beyond these are not looked at.
        decided: the decisions that there are, by row number.
        stale: the rows that were made anew since they were decided about.
    """
    pairs = _counted(query, lines, columns, decided)
    numbers: Iterator[int] = iter(range(len(columns)))
    for test in _tests(query, columns, pairs):
        numbers = filter(test, numbers)
    if query.state:
        numbers = _in_state(query.state, numbers, columns, decided, stale)
    if query.text:
        numbers = _with_text(query.text, numbers, lines, decided)
    found = array("L", numbers)
    return array("L", sorted(found, key=_order(query.sort, columns, pairs, decided))) if query.sort else found


def _counted(query: Query, lines: Lines, columns: Columns, decided: dict[int, Decision]) -> Sequence[int]:
    """The number of pairs of each row, of the reviewed ones as the review has left them."""
    changed = [number for number, decision in decided.items() if decision.set or decision.pairs]
    if not changed or not (query.pairs or query.sort.endswith("pairs")):
        return columns.pairs
    pairs = columns.pairs[:]
    for number in changed:
        row = lines.row(number)
        if number < len(pairs) and not isinstance(row, BadRow):
            pairs[number] = count_pairs(decided[number].kept(row), columns.roles)
    return pairs


def _tests(query: Query, columns: Columns, pairs: Sequence[int]) -> Iterator[Callable[[int], bool]]:
    if query.label:
        label = columns.labels.bit(query.label)
        yield lambda number: bool(columns.label_masks[number] & label)
    if query.type:
        kind = columns.types.bit(query.type)
        yield lambda number: bool(columns.type_masks[number] & kind)
    if query.pairs:
        wanted = int(query.pairs.removesuffix("+"))
        if query.pairs.endswith("+"):
            yield lambda number: pairs[number] >= wanted
        else:
            yield lambda number: pairs[number] == wanted
    if query.rating == "none":
        yield lambda number: math.isnan(columns.ratings[number])
    elif query.rating:
        least = float(query.rating)
        yield lambda number: columns.ratings[number] >= least


def _in_state(
    state: str, numbers: Iterator[int], columns: Columns, decided: dict[int, Decision], stale: set[int]
) -> Iterator[int]:
    for number in numbers:
        if state == "partial":
            if columns.partial[number]:
                yield number
            continue
        decision = decided.get(number)
        if number in stale:
            if state in ("stale", "open"):
                yield number
        elif decision is None:
            if state == "open":
                yield number
        elif (
            state == "reviewed"
            or (state == "edited" and decision.set)
            or (state == "pairs" and decision.pairs)
            or (state == "open" and decision.verdict is None)
            or state == f"{decision.verdict}ed"
        ):
            yield number


def _with_text(text: str, numbers: Iterator[int], lines: Lines, decided: dict[int, Decision]) -> Iterator[int]:
    words = text.casefold().split()
    # A row whose raw line lacks a word need not be parsed. Only an escape could hide one.
    plain = [word for word in words if word.isalnum()]
    for first, last in _stretches(list(numbers)):
        for number, line in lines.blocks(first, last):
            decision = decided.get(number)
            if plain and not (decision and decision.set) and b"\\u" not in line:
                raw = line.decode("utf-8", "replace").casefold()
                if not all(word in raw for word in plain):
                    continue
            row = parse_row(line, number)
            if isinstance(row, BadRow):
                continue
            if decision and decision.set:
                row = decision.edited(row)
            there = text_of(row).casefold()
            if all(word in there for word in words):
                yield number


def _stretches(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Numbers that follow each other, as (first, after the last)."""
    first = after = -1
    for number in numbers:
        if number != after:
            if after > first:
                yield first, after
            first = number
        after = number + 1
    if after > first:
        yield first, after


def _order(
    sort: str, columns: Columns, pairs: Sequence[int], decided: dict[int, Decision]
) -> Callable[[int], tuple[float | str, int]]:
    if sort == "reviewed":  # the newest first, then the others as they stand
        newest = sorted(decided, key=lambda number: decided[number].actions[-1].at, reverse=True)
        place = {number: at for at, number in enumerate(newest)}
        return lambda number: (place.get(number, len(place)), number)
    values: Any = {"pairs": pairs, "length": columns.lengths, "rating": columns.ratings}[sort.lstrip("-")]
    sign = -1 if sort.startswith("-") else 1

    def key(number: int) -> tuple[float, int]:
        value = values[number]
        return (math.inf if value != value else sign * value, number)  # rows without a rating come last

    return key
