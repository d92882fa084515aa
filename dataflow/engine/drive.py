"""Waits for a run on the event loop from whatever thread called: tells how it goes, and hears Ctrl-C."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING

from dataflow.core import BadRow, Interrupted, Sample
from dataflow.core.causes import said_by
from dataflow.core.loop import event_loop, submit
from dataflow.core.stop_signals import exit_code_of
from dataflow.engine.counts import Counts
from dataflow.engine.manifest import Manifest
from dataflow.engine.report import Reporter
from dataflow.engine.runner import Runner

_log = logging.getLogger(__name__)

if TYPE_CHECKING:
    from concurrent.futures import Future


def drive(
    runner: Runner, rows: Iterator[Sample | BadRow], reporter: Reporter, manifest: Manifest, counts: Counts
) -> None:
    """Run to the end. Ctrl-C once lets what is in flight come in, twice keeps what has arrived and ends; so do the
    other signals of `core.stop_signals`.

    Raises:
        Interrupted: Ctrl-C, or another signal.
        DataFlowError: the run ended early.
    """
    # Nothing is asked before somebody is there to hear Ctrl-C, however long a busy machine takes from here to there.
    heard = asyncio.Event()
    future = submit(_run_when(heard, runner, rows))
    interrupted = False
    try:
        while True:
            try:
                if not heard.is_set():
                    event_loop().call_soon_threadsafe(heard.set)
                _wait(future, reporter.interval)
                if future.done():
                    return future.result()
                counts.waits_until, counts.endpoints = runner.waits_until, runner.endpoints
                reporter.update(counts)
                manifest.refresh()
            except KeyboardInterrupt as pressed:
                code = exit_code_of(pressed)
                if interrupted:
                    message = "stopped at once; what was answered is kept, the same command goes on"
                    raise Interrupted(message, code) from None
                interrupted = True
                _log.info("interrupted: waiting for the answers under way")
                reporter.draining()
                by = f" by {said_by(pressed)}" if code != Interrupted.exit_code else ""
                reason = Interrupted(f"interrupted{by}; what was answered is kept, the same command goes on", code)
                event_loop().call_soon_threadsafe(runner.stop, reason)
    except BaseException as error:
        if not future.done():
            submit(runner.abandon(Interrupted(said_by(error)))).result()
        raise
    finally:
        counts.endpoints = runner.endpoints


async def _run_when(heard: asyncio.Event, runner: Runner, rows: Iterator[Sample | BadRow]) -> None:
    await heard.wait()
    await runner.run(rows)


def _wait(future: Future[None], seconds: float) -> None:
    """Wait for the end of a future, or for so long; what it raises is left to whoever asks for its result."""
    try:
        future.exception(timeout=seconds)
    except (TimeoutError, CancelledError, asyncio.CancelledError):
        pass
