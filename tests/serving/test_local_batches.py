"""Batches formed from what waits."""

from __future__ import annotations

import asyncio
import threading

from dataflow.serving.local.batches import Batches


def test_what_waits_while_the_model_works_becomes_the_next_batch_in_order():
    free = threading.Event()
    seen: list[list[int]] = []

    def run(jobs):
        seen.append(list(jobs))
        if len(seen) == 1:
            free.wait(10)
        return [job * 10 for job in jobs]

    async def story():
        batches = Batches(run, kind=lambda job: job % 2, size=3)
        first = asyncio.ensure_future(batches.answer(0, 8))
        while not seen:
            await asyncio.sleep(0.001)
        others = [asyncio.ensure_future(batches.answer(order, order)) for order in (6, 5, 4, 3, 2, 1)]
        await asyncio.sleep(0.01)
        free.set()
        return await first, await asyncio.gather(*others), list(batches.sizes)

    assert asyncio.run(story()) == (80, [60, 50, 40, 30, 20, 10], [1, 3, 3])
    assert seen == [[8], [1, 3, 5], [2, 4, 6]]


def test_an_answer_that_is_an_error_reaches_only_who_asked():
    async def story():
        batches = Batches(lambda jobs: [ValueError("bad") if job < 0 else job for job in jobs], lambda job: 0, 8)
        return await asyncio.gather(*(batches.answer(0, job) for job in (1, -1, 2)), return_exceptions=True)

    one, error, two = asyncio.run(story())
    assert (one, two) == (1, 2)
    assert isinstance(error, ValueError)


def test_a_cancelled_job_is_not_worked_on():
    seen = []

    async def story():
        batches = Batches(lambda jobs: seen.extend(jobs) or jobs, lambda job: 0, 8)
        gone = asyncio.ensure_future(batches.answer(0, 1))
        await asyncio.sleep(0)
        gone.cancel()
        return await batches.answer(1, 2)

    assert asyncio.run(story()) == 2
    assert seen == [2]
