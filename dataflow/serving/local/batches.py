"""Batches formed from what waits: whenever the model is free, it is given those next in order that go together."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

Job = TypeVar("Job")
Answer = TypeVar("Answer")

GATHER_SECONDS = 0.005
REMEMBERED = 1000


class Batches(Generic[Job, Answer]):
    """Feeds a function that answers several jobs at once, one batch at a time, on a thread.

    Args:
        run: answers a batch, in its order; an answer that is an exception is raised to whoever asked.
        kind: jobs go together when they are of one kind.
        size: jobs in a batch at most.
    """

    def __init__(
        self, run: Callable[[Sequence[Job]], Sequence[Answer | Exception]], kind: Callable[[Job], Hashable], size: int
    ) -> None:
        self._run = run
        self._kind = kind
        self._size = size
        self._waiting: list[tuple[int, int, Job, asyncio.Future[Answer]]] = []
        self._tickets = itertools.count()
        self._thread = ThreadPoolExecutor(1)
        self._at_work: asyncio.Task[None] | None = None
        self.sizes: deque[int] = deque(maxlen=REMEMBERED)
        """How many jobs each of the last batches had."""

    async def answer(self, order: int, job: Job) -> Answer:
        """Have a job answered; smaller orders go first."""
        done: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (order, next(self._tickets), job, done))
        if self._at_work is None or self._at_work.done():
            self._at_work = asyncio.ensure_future(self._work())
        return await done

    async def _work(self) -> None:
        # those that were sent at the same moment arrive within it
        await asyncio.sleep(GATHER_SECONDS)
        while batch := self._next():
            self.sizes.append(len(batch))
            jobs = [job for job, _ in batch]
            try:
                answers = await asyncio.get_running_loop().run_in_executor(self._thread, self._run, jobs)
            except Exception as error:
                answers = [error] * len(batch)
            for (_, done), answer in zip(batch, answers, strict=True):
                if done.done():
                    continue
                if isinstance(answer, Exception):
                    done.set_exception(answer)
                else:
                    done.set_result(answer)

    def _next(self) -> list[tuple[Job, asyncio.Future[Answer]]]:
        """The next jobs: the first in order, and those after it that go with it. Nobody waits for a batch to fill."""
        batch: list[tuple[Job, asyncio.Future[Answer]]] = []
        others = []
        kind: Hashable = None
        while self._waiting and len(batch) < self._size:
            entry = heapq.heappop(self._waiting)
            _, _, job, done = entry
            if done.done():
                continue
            if batch and self._kind(job) != kind:
                others.append(entry)
                continue
            kind = self._kind(job)
            batch.append((job, done))
        for entry in others:
            heapq.heappush(self._waiting, entry)
        return batch
