"""The list as the page scrolls through it: a window of rows of a query, whose answer is kept while it holds."""

from __future__ import annotations

import asyncio
from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Hashable, Sequence

from dataflow.viewer.dataset import Dataset
from dataflow.viewer.opened import Opened
from dataflow.viewer.query import Query, matching

_KEPT = 8


class Listing:
    """Answers of queries.

    Args:
        dataset: what is listed.
    """

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._kept: OrderedDict[Hashable, asyncio.Task[array[int]]] = OrderedDict()

    async def numbers(self, opened: Opened, table: str, query: Query) -> Sequence[int]:
        """The row numbers of a query's answer, in its order."""
        if table != "rows" or query.is_everything or "rows" not in opened.tables:
            return range(opened.count(table))
        key: list[Hashable] = [opened.generation, query, len(opened.columns)]
        if query.state or query.text or query.pairs or query.sort == "reviewed" or query.sort.endswith("pairs"):
            key.append(opened.revision)
        task = self._kept.get(tuple(key))
        if task is None:
            decided, stale = opened.decisions()
            search = asyncio.to_thread(matching, query, opened.tables["rows"], opened.columns, decided, stale)
            task = self._kept[tuple(key)] = asyncio.ensure_future(search)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return await asyncio.shield(task)

    async def place_of(self, opened: Opened, query: Query, number: int) -> int | None:
        """Where a row stands in a query's answer; None where it is not in it."""
        numbers = await self.numbers(opened, "rows", query)
        if isinstance(numbers, range):
            return number
        if not query.sort:
            at = bisect_left(numbers, number)
            return at if at < len(numbers) and numbers[at] == number else None
        try:
            return numbers.index(number)
        except ValueError:
            return None
