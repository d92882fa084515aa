"""The runner: a window of samples in flight, each taken through all operators before it is written."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence

import orjson

from dataflow.core import (
    AnswerError,
    BadRow,
    DataFlowError,
    EndpointState,
    Rejection,
    Sample,
    SampleError,
    Step,
    StopRun,
    TransientError,
)
from dataflow.engine.asker import Asker
from dataflow.engine.brief import brief
from dataflow.engine.columns import require_fields
from dataflow.engine.counts import Counts
from dataflow.engine.in_flight import InFlight
from dataflow.engine.outcome import outcome_of
from dataflow.engine.outputs import RunFiles
from dataflow.engine.progress import Progress
from dataflow.engine.sample_run import Extras, SampleRun
from dataflow.storage.json_text import UnwritableField, dump_row

YIELD_SECONDS = 0.01
FLUSH_SECONDS = 1.0

LET_GO_SECONDS = 1.0
"""How long a sample that waits for no answer goes on in a run that is interrupted: it decodes or fetches, which was not
paid, and may take minutes where a file is made for that."""

CANCEL_SECONDS = 5.0
"""How long operators have to let go of their samples when a run is stopped at once."""

WITHOUT_SERVINGS = 16
"""What is taken to be asked at once where no serving is known yet."""


class Runner:
    """Takes samples through operators, depth first.

    Args:
        steps: the operators in order, keys bound.
        files: where results go.
        asker: answers questions.
        questions: those in flight.
        counts: what is counted while it goes on.
        attempts: by sample id (as JSON), how many attempts earlier complete runs have made and failed.
    """

    def __init__(
        self,
        steps: Sequence[Step],
        files: RunFiles,
        asker: Asker,
        questions: InFlight,
        counts: Counts,
        attempts: dict[bytes, int],
    ) -> None:
        self._steps = steps
        self._files = files
        self._asker = asker
        self._questions = questions
        self._counts = counts
        self._attempts = attempts
        self._rows: Iterator[tuple[int, Sample | BadRow]] = iter(())
        self._all_begun = False
        self._workers: set[asyncio.Task[None]] = set()
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._letting_go: asyncio.Task[None] | None = None
        self._yielded = self._flushed = time.monotonic()

    async def run(self, rows: Iterator[Sample | BadRow]) -> None:
        """Take all rows through all operators. However that ends, all questions in flight have come in afterwards.

        Raises:
            DataFlowError: the run ended early (stopped, budget spent, input unreadable, disk full).
        """
        self._rows = enumerate(rows)
        self._questions.when_known = self._grow
        try:
            self._grow()
            while self._workers:
                some = asyncio.FIRST_COMPLETED
                done, _ = await asyncio.wait(self._workers, timeout=FLUSH_SECONDS, return_when=some)
                self._workers -= done
                try:
                    self._flush_now_and_then()  # where all wait for an endpoint, nobody else does
                except DataFlowError as error:
                    self._questions.stop(error)
                for worker in done:
                    if not worker.cancelled():
                        worker.result()
        except Exception:
            self._questions.stop(StopRun("the run ended on a fault of its own"))
            raise
        finally:
            if self._workers:
                await asyncio.wait(self._workers)
            await self._questions.come_in()
        if self._questions.stopping is not None:
            raise self._questions.stopping

    def stop(self, reason: DataFlowError) -> None:
        """Begin no further sample and ask nothing more; what is at the endpoint is waited for. Samples that wait for
        no answer have a moment to end, and count as not begun where they do not."""
        self._questions.stop(reason)
        self._letting_go = self._letting_go or asyncio.ensure_future(self._let_go())

    @property
    def waits_until(self) -> float | None:
        """When (seconds since the epoch) an endpoint may be asked again that asks everybody to wait."""
        return self._questions.waits_until

    @property
    def endpoints(self) -> tuple[EndpointState, ...]:
        """How each endpoint stands that is asked."""
        return tuple(state for serving in self._questions.servings for state in serving.endpoint_states)

    async def abandon(self, reason: DataFlowError) -> None:
        """End at once: what has arrived is kept, what is at an endpoint is not waited for."""
        self._questions.stop(reason)
        workers = list(self._workers)
        for worker in workers:
            worker.cancel()
        await self._questions.abandon()
        if workers:
            await asyncio.wait(workers, timeout=CANCEL_SECONDS)

    async def _let_go(self) -> None:
        idle: set[int] = set()
        while self._under_way:
            await asyncio.sleep(LET_GO_SECONDS)
            now = {order for order in self._under_way if not self._questions.is_asked_for(order)}
            for order in now & idle:
                self._under_way[order].cancel()
            idle = now

    def _grow(self) -> None:
        """Have as many workers as the servings take, and a quarter more, so that media are ready and samples that wait
        for another try leave no room unused. A serving that is first asked late makes them more."""
        size = (self._questions.capacity or WITHOUT_SERVINGS) * 5 // 4 + 8
        while len(self._workers) < size and not self._all_begun:
            self._workers.add(asyncio.ensure_future(self._work()))

    async def _work(self) -> None:
        while self._questions.stopping is None:
            try:
                numbered_row = next(self._rows, None)
                if numbered_row is None:
                    self._all_begun = True
                    self._questions.prefer_longest(True)
                    return
                await self._hold(*numbered_row)
            except DataFlowError as error:
                self._questions.stop(error)  # the other workers finish what they have in flight
                return
            await self._let_others_run()

    async def _hold(self, index: int, row: Sample | BadRow) -> None:
        worker = asyncio.current_task()
        assert worker is not None
        self._under_way[index] = worker
        try:
            await self._take(index, row)
        finally:
            del self._under_way[index]

    async def _let_others_run(self) -> None:
        # Answers from the ledger never suspend, so without this a resumed run would starve its own timers.
        self._flush_now_and_then()
        if time.monotonic() - self._yielded > YIELD_SECONDS:
            await asyncio.sleep(0)
            self._yielded = time.monotonic()

    def _flush_now_and_then(self) -> None:
        now = time.monotonic()
        if now - self._flushed >= FLUSH_SECONDS:
            self._flushed = now
            self._files.flush()

    async def _take(self, index: int, row: Sample | BadRow) -> None:
        progress = Progress(index)
        results: list[Sample] = []
        if isinstance(row, BadRow):
            own = row.row
            record = {"id": own, "operator": None, "kind": "input", "message": brief(row.message), "raw": row.text}
            progress.failures.append({**record, "attempts": 1, "sample": None})
        else:
            own = row["id"]
            results = self._keep(progress, await self._through(row, 0, progress, Extras()))
            self._files.new_ids |= len(results) > 1 or any(result["id"] != own for result in results)
        self._files.trace(index, [{"id": own, **line} for line in progress.trace])
        if results:
            for name, lines in progress.beside.items():
                self._files.beside(name, index, list(lines.values()))
        self._files.fail(index, progress.failures)
        self._files.reject(index, progress.rejected)
        self._counts.finished += 1
        self._counts.written += len(results)
        self._counts.failed += len(progress.failures)
        for failure in progress.failures:
            self._counts.kinds[failure["kind"]] = self._counts.kinds.get(failure["kind"], 0) + 1
        self._counts.rejected += len(progress.rejected)

    def _keep(self, progress: Progress, results: list[Sample]) -> list[Sample]:
        """Put what became of a sample into the output; rows that cannot be written are set aside, each for itself."""
        try:
            self._files.finish(progress.index, results)
            return results
        except SampleError:
            pass
        writable = []
        for result in results:
            try:
                dump_row(result)
                writable.append(result)
            except UnwritableField as error:
                wrote = [step.name for step in self._steps if error.field in step.columns("output")]
                progress.fail(result, wrote[-1] if wrote else self._steps[-1].name, error)
        self._files.finish(progress.index, writable)
        return writable

    async def _through(self, sample: Sample, at: int, progress: Progress, extras: Extras) -> list[Sample]:
        for number in range(at, len(self._steps)):
            outcome = await self._apply(self._steps[number], sample, progress, extras)
            if outcome is None:
                return []
            if isinstance(outcome, list):
                # Every child comes to its end before the first one's error is told: none goes on behind our back.
                ways = [self._through(child, number + 1, progress, Extras(extras.left)) for child in outcome]
                rows: list[Sample] = []
                for done in await asyncio.gather(*ways, return_exceptions=True):
                    if isinstance(done, BaseException):
                        raise done
                    rows.extend(done)
                return rows
            sample = outcome
        return [sample]

    async def _apply(
        self, step: Step, sample: Sample, progress: Progress, extras: Extras
    ) -> Sample | list[Sample] | None:
        attempts = self._attempts.get(orjson.dumps(sample["id"]), 0) + 1 if self._attempts else 1
        run = SampleRun(self._asker, step.name, progress.index, attempts, extras)
        try:
            require_fields(step, sample)
            outcome = await outcome_of(step, sample, run)
        except Exception as error:
            if isinstance(error, DataFlowError) and not isinstance(error, SampleError | TransientError):
                self._questions.stop(error)
                raise
            if isinstance(error, AnswerError):
                run.refuse_answers()
            progress.fail(sample, step.name, error, attempts, run.notes)
            return None
        finally:
            progress.trace.extend(run.trace)
            progress.note(step, sample["id"], run.notes, self._counts)
        if isinstance(outcome, Rejection):
            progress.reject(sample, step.name, outcome)
            return None
        return outcome


def side_files(steps: Sequence[Step]) -> list[str]:
    """The names of the side files that the operators declare."""
    return list(dict.fromkeys(name for step in steps for name in step.operator.side_files))
