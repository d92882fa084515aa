"""The runner: a window of samples in flight, each taken through all operators before it is written."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from dataflow.core import (
    AnswerError,
    BadRow,
    BudgetSpent,
    DataFlowError,
    LLMServingABC,
    Rejection,
    Sample,
    SampleError,
    Step,
    TransientError,
)
from dataflow.engine.asker import Asker
from dataflow.engine.columns import require_fields
from dataflow.engine.counts import Counts
from dataflow.engine.outputs import RunFiles
from dataflow.engine.sample_run import Extras, SampleRun

BREATH_SECONDS = 0.01
FLUSH_SECONDS = 1.0

MOST_WARNINGS = 100
"""Sentences of operators that the manifest repeats; all of them stand in the trace."""


@dataclass(slots=True)
class _Progress:
    """One input row on its way: what has been asked and noted for it, over all operators."""

    index: int
    trace: list[dict[str, Any]] = field(default_factory=list)
    failures: list[dict[str, Any]] = field(default_factory=list)
    rejected: list[dict[str, Any]] = field(default_factory=list)
    beside: dict[str, dict[bytes, dict[str, Any]]] = field(default_factory=dict)
    """By side file and sample id (as JSON) what operators have noted for it."""


class Runner:
    """Takes samples through operators, depth first.

    Args:
        steps: the operators in order, keys bound.
        files: where results go.
        asker: answers questions.
        counts: what is counted while it goes on.
        attempts: by sample id (as JSON), how many attempts earlier complete runs have made and failed.
    """

    def __init__(
        self, steps: Sequence[Step], files: RunFiles, asker: Asker, counts: Counts, attempts: dict[bytes, int]
    ) -> None:
        self._steps = steps
        self._files = files
        self._asker = asker
        self._counts = counts
        self._attempts = attempts
        self._breathed = self._flushed = time.monotonic()
        self._all_begun: bool | None = None

    async def run(self, rows: Iterator[Sample | BadRow]) -> None:
        """Take all rows through all operators.

        Raises:
            DataFlowError: the run ended early (stopped, budget spent, input unreadable, disk full); what was in flight
                has been waited for.
        """
        self._tell_servings(all_begun=False)
        numbered = enumerate(rows)
        workers = [asyncio.ensure_future(self._work(numbered)) for _ in range(window_size(self._steps))]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()
        if self._asker.stopping is not None:
            raise self._asker.stopping

    def stop(self, reason: DataFlowError) -> None:
        """Begin no further sample and ask nothing more; what is at the endpoint is waited for."""
        if self._asker.stopping is None:
            self._asker.stopping = reason
            if isinstance(reason, BudgetSpent) and reason.counted:
                return
            for serving in {id(serving): serving for step in self._steps for serving in servings_of(step)}.values():
                serving.give_up(reason)

    async def _work(self, numbered: Iterator[tuple[int, Sample | BadRow]]) -> None:
        while self._asker.stopping is None:
            try:
                numbered_row = next(numbered, None)
                if numbered_row is None:
                    self._tell_servings(all_begun=True)
                    return
                await self._take(*numbered_row)
            except DataFlowError as error:
                self.stop(error)  # the other workers finish what they have in flight
                return
            await self._breathe()

    def _tell_servings(self, *, all_begun: bool) -> None:
        if all_begun != self._all_begun:
            self._all_begun = all_begun
            for serving in {id(serving): serving for step in self._steps for serving in servings_of(step)}.values():
                serving.last_stretch(all_begun)

    async def _breathe(self) -> None:
        # Answers from the ledger never suspend, so without this a resumed run would starve its own timers.
        now = time.monotonic()
        if now - self._flushed > FLUSH_SECONDS:
            self._flushed = now
            self._files.flush()
        if now - self._breathed > BREATH_SECONDS:
            await asyncio.sleep(0)
            self._breathed = time.monotonic()

    async def _take(self, index: int, row: Sample | BadRow) -> None:
        progress = _Progress(index)
        if isinstance(row, BadRow):
            record = {"id": row.row, "operator": None, "kind": "input", "message": row.message, "raw": row.text}
            progress.failures.append({**record, "attempts": 1, "sample": None})
            results: list[Sample] = []
        else:
            results = await self._through(row, 0, progress, Extras())
        try:
            self._files.finish(index, results)
        except SampleError as error:
            results = []
            progress.failures.append({**_record(_id(row), self._steps[-1].name, error), "attempts": 1, "sample": row})
        self._files.trace(index, [{"id": _id(row), **line} for line in progress.trace])
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

    async def _through(self, sample: Sample, at: int, progress: _Progress, extras: Extras) -> list[Sample]:
        for number in range(at, len(self._steps)):
            step = self._steps[number]
            outcome = await self._apply(step, sample, progress, extras)
            if outcome is None:
                return []
            if isinstance(outcome, list):
                parent = sample["id"]
                children = [{"id": f"{parent}/{i}", **_without_id(child)} for i, child in enumerate(outcome)]
                done = await asyncio.gather(
                    *(self._through(child, number + 1, progress, Extras(extras.left)) for child in children)
                )
                return [row for rows in done for row in rows]
            sample = outcome if "id" in outcome else {"id": sample["id"], **outcome}
        return [sample]

    async def _apply(
        self, step: Step, sample: Sample, progress: _Progress, extras: Extras
    ) -> Sample | list[Sample] | None:
        attempts = self._attempts.get(orjson.dumps(sample["id"]), 0) + 1 if self._attempts else 1
        run = SampleRun(self._asker, step.name, progress.index, attempts, extras)
        try:
            require_fields(step, sample)
            outcome = await step.operator.process(sample, step.keys, run)
        except Exception as error:
            if isinstance(error, DataFlowError) and not isinstance(error, SampleError | TransientError):
                raise
            if isinstance(error, AnswerError):
                run.refuse_answers()
            progress.failures.append(_failure(step, sample, error, attempts, run))
            return None
        finally:
            progress.trace.extend(run.trace)
            if notes := self._noted(step, sample["id"], run.notes, progress):
                progress.trace.append({"operator": step.name, "notes": notes})
        if isinstance(outcome, Rejection):
            progress.rejected.append(
                {"id": sample["id"], "operator": step.name, "reason": outcome.reason, "sample": sample}
            )
            return None
        return outcome

    def _noted(self, step: Step, sample_id: Any, notes: dict[str, Any], progress: _Progress) -> dict[str, Any]:
        """Take warnings and what goes to side files from an operator's notes; returns what the trace is to hold."""
        known = self._counts.warnings
        for warning in notes.get("warnings", []):
            if len(known) < MOST_WARNINGS:
                known.append(f"sample {sample_id}: {warning}")
            elif len(known) == MOST_WARNINGS:
                known.append("further warnings stand in the trace")
        for name in step.operator.side_files:
            if name in notes:
                lines = progress.beside.setdefault(name, {})
                lines.setdefault(orjson.dumps(sample_id), {"id": sample_id}).update(notes[name])
        return {name: fact for name, fact in notes.items() if name not in step.operator.side_files}


def side_files(steps: Sequence[Step]) -> list[str]:
    """The names of the side files that the operators declare."""
    return list(dict.fromkeys(name for step in steps for name in step.operator.side_files))


def window_size(steps: Sequence[Step]) -> int:
    """How many samples are worked on at once.

    A quarter more than the servings take, so that media are ready and those that wait for another try do not leave
    room unused.
    """
    servings = {id(s): s.max_workers for step in steps for s in servings_of(step)}
    return (sum(servings.values()) or 16) * 5 // 4 + 8


def servings_of(step: Step) -> list[LLMServingABC]:
    """The servings that an operator holds."""
    return [value for value in vars(step.operator).values() if isinstance(value, LLMServingABC)]


def _failure(step: Step, sample: Sample, error: Exception, attempts: int, run: SampleRun) -> dict[str, Any]:
    record = _record(sample["id"], step.name, error)
    if run.notes:
        record["notes"] = run.notes
    return {**record, "attempts": attempts, "sample": sample}


def _record(sample_id: Any, operator: str, error: Exception) -> dict[str, Any]:
    """What the failures file says of an error."""
    if isinstance(error, SampleError | TransientError):
        kind, message = getattr(error, "kind", "request"), str(error)
    else:
        where = traceback.extract_tb(error.__traceback__)[-1]
        kind = "operator"
        message = f"{operator} raised {type(error).__name__}: {error} ({Path(where.filename).name}:{where.lineno})"
    raw = getattr(error, "raw", None)
    record = {"id": sample_id, "operator": operator, "kind": kind, "message": message}
    return record if raw is None else {**record, "raw": raw}


def _id(row: Sample | BadRow) -> Any:
    return row.row if isinstance(row, BadRow) else row["id"]


def _without_id(row: Sample) -> Sample:
    return {name: value for name, value in row.items() if name != "id"}
