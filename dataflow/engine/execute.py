"""Runs steps over a storage from whatever thread calls: opens the files, drives the runner, reports, closes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from dataflow.core import BadRow, Sample, Step, StopRun
from dataflow.core.causes import said_by
from dataflow.core.stop_signals import heard
from dataflow.engine.asker import Asker
from dataflow.engine.budget import Budget
from dataflow.engine.counts import Counts
from dataflow.engine.digests import Digests
from dataflow.engine.drive import drive
from dataflow.engine.in_flight import InFlight
from dataflow.engine.ledger import SqliteLedger
from dataflow.engine.ledger_file import own_ledger
from dataflow.engine.ledger_salvage import aside
from dataflow.engine.manifest import Manifest
from dataflow.engine.options import RunOptions
from dataflow.engine.outputs import RunFiles, previous_attempts
from dataflow.engine.prepared import prepared
from dataflow.engine.remote import Remote
from dataflow.engine.report import Reporter
from dataflow.engine.runner import Runner, side_files
from dataflow.engine.servings import all_servings
from dataflow.runs.names import DOWNLOADS
from dataflow.runs.seal import digest_of
from dataflow.storage.places import MediaPlaces
from dataflow.storage.tally import Tally


@dataclass(frozen=True)
class Job:
    """What is to be run.

    Args:
        steps: the operators, keys bound.
        sources: what messages and the manifest call the input; several where it was put together.
        rows: opens the input.
        total: how many rows the input has, where that is known.
        output: the data file.
        write: writes rows to the data file, whole or not at all.
        cache: the folder of the ledger, and of videos that were fetched.
        places: where media are looked for.
        survey: what is taken of folders of media and what is passed over; None where there is none.
        warnings: what is odd about the input, added to as it is read.
    """

    steps: Sequence[Step]
    sources: tuple[str, ...]
    rows: Callable[[], Iterator[Sample | BadRow]]
    output: Path
    write: Callable[[Iterable[Sample]], Path]
    cache: Path
    places: MediaPlaces
    total: Callable[[], int | None] = lambda: None
    survey: Callable[[], Tally | None] = lambda: None
    warnings: list[str] = field(default_factory=list)


def execute(job: Job, options: RunOptions, reporter: Reporter) -> Counts:
    """Run a job to its end.

    Raises:
        DataFlowError: it could not start, or ended early. Then the data file is as it was, and what was answered is in
            the ledger.
    """
    with heard():
        return _execute(job, options, reporter)


def _execute(job: Job, options: RunOptions, reporter: Reporter) -> Counts:
    counts = Counts(warnings=job.warnings)
    rows = prepared(job.rows, job.steps, job.sources[0], job.cache, options, counts.warnings)
    counts.taken = job.survey()
    counts.total = job.total()
    counts.total = options.taken_of(counts.total)
    ledger = SqliteLedger(options.ledger or own_ledger(job.cache))
    try:
        budget = Budget(options.caps, counts, partial(ledger.charge, ledger.name_of(job.output)))
        remote = Remote(ledger, job.cache / DOWNLOADS, options.allow_private_urls)
        questions = InFlight(ledger, counts, budget, remote)
        for serving in all_servings(job.steps):
            questions.register(serving)
        since = time.time() if options.fresh else 0.0
        places = job.places.for_run(job.cache, options.follow_links)
        asker = Asker(ledger, counts, questions, Digests(ledger, places, remote), job.cache, since)
        with RunFiles(job.output, job.write, side_files(job.steps), counts.warnings.append) as files:
            runner = Runner(job.steps, files, asker, questions, counts, previous_attempts(job.output))
            manifest = Manifest(job.output, job.sources, job.steps, counts, job.places, lambda: questions.servings)
            counts.earlier = ledger.spent([ledger.name_of(output) for output in manifest.lineage()])
            try:
                reporter.begin(job.output, job.steps, counts)
                try:
                    drive(runner, rows, reporter, manifest, counts)
                finally:
                    counts.warnings.extend(_damage(ledger))
                files.commit()
                manifest.digest = digest_of(job.output)
                ledger.close()
            except BaseException as error:
                counts.stopped = time.monotonic()
                stopped = isinstance(error, KeyboardInterrupt | StopRun)
                manifest.write("stopped" if stopped else "failed", said_by(error))
                raise
            counts.stopped = time.monotonic()
            manifest.write("done with failures" if counts.failed else "done")
    finally:
        reporter.end(counts)
        ledger.close()
    return counts


def _damage(ledger: SqliteLedger) -> list[str]:
    """What is said of answers in the ledger that are not what was written, and of those that were saved."""
    said = []
    if ledger.saved:
        said.append(f"{ledger.saved} answers of {aside(ledger.path)} were saved: see whether the disk is failing")
    if ledger.damaged:
        answers = (
            "1 answer in the ledger was" if ledger.damaged == 1 else f"{ledger.damaged} answers in the ledger were"
        )
        said.append(f"{answers} damaged on the disk ({ledger.path}) and asked again: see whether the disk is failing")
    return said
