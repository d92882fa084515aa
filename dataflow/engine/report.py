"""What a run says while it goes on: plain lines on stderr. The command line has a livelier one for terminals."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from dataflow.core import EndpointState, Step
from dataflow.core.endpoint_state import HERE
from dataflow.core.terminal import one_line, say
from dataflow.core.times import clock, duration
from dataflow.engine.counts import Counts
from dataflow.runs.kinds import failed_in_words

LINE_SECONDS = 5.0

WAITS_SHOWN_FROM = 3.0
"""Seconds. Shorter waits are over before anybody wonders."""

ENDPOINTS_SHOWN = 3

DRAINING = "stopping: waiting for the answers under way (Ctrl-C again stops at once)"


class Reporter:
    """Says nothing. `interval` is how often (seconds) `update` is called while a run goes on."""

    interval = 0.25

    def begin(self, output: Path, steps: Sequence[Step], counts: Counts) -> None:
        """A run begins."""

    def update(self, counts: Counts) -> None:
        """A run goes on."""

    def draining(self) -> None:
        """Ctrl-C was pressed once."""

    def end(self, counts: Counts) -> None:
        """A run has ended, well or not."""


class PlainReporter(Reporter):
    """A line every few seconds, and one at the end."""

    def __init__(self) -> None:
        self._said = time.monotonic()
        self._name = ""

    def begin(self, output: Path, steps: Sequence[Step], counts: Counts) -> None:
        self._name = " > ".join(step.name for step in steps)
        self._said = time.monotonic()
        if counts.taken is not None:
            self._say(str(counts.taken))

    def update(self, counts: Counts) -> None:
        if time.monotonic() - self._said >= LINE_SECONDS:
            self._said = time.monotonic()
            self._say(progress_line(counts))

    def draining(self) -> None:
        self._say(DRAINING)

    def end(self, counts: Counts) -> None:
        for warning in counts.warnings:
            self._say(f"warning: {warning}")
        self._say(progress_line(counts))

    def _say(self, text: str) -> None:
        say(one_line(f"[{self._name}] {text}"))


def waiting_in_words(counts: Counts) -> str:
    """That the run stands still because an endpoint says so, and until when; empty where it does not, or briefly."""
    until = counts.waits_until
    if counts.stopped or until is None or until - time.time() < WAITS_SHOWN_FROM:
        return ""
    return f"the endpoint asks to wait until {clock(until)}"


def endpoints_in_words(counts: Counts) -> str:
    """How the endpoints stand: what is under way of what they carry, how fast, refusals, until when they rest."""
    states = [state for state in counts.endpoints if state.url != HERE]
    told = [(state, endpoint_in_words(state, over=counts.stopped is not None)) for state in states]
    if len(told) == 1:
        return told[0][1]
    named = [f"{place(state.url)} {words}" for state, words in told if words]
    more = len(named) - ENDPOINTS_SHOWN
    return ", ".join(named[:ENDPOINTS_SHOWN]) + (f", and {more} more" if more > 0 else "")


def endpoint_in_words(state: EndpointState, *, over: bool = False) -> str:
    """How one endpoint stands; after a run only what it refused."""
    parts = [] if over else [f"{state.in_flight} of {state.room} under way"]
    if state.per_second is not None and not over:
        parts.append(f"{state.per_second:.3g}/s allowed")
    if state.refusals:
        parts.append(f"{state.refusals:,} refusals")
    if state.resting_until is not None and not over:
        parts.append(f"rests until {clock(state.resting_until)}")
    return " ".join(parts)


def place(url: str) -> str:
    """The host of an address, which tells endpoints apart."""
    return urlsplit(url).netloc or url


def progress_line(counts: Counts) -> str:
    """One line on how far a run is."""
    of = f"/{counts.total}" if counts.total is not None else ""
    rate = counts.finished / counts.seconds if counts.seconds > 0 else 0.0
    line = f"{counts.finished}{of} samples, {rate:.1f}/s, {failed_in_words(counts.failed, dict(counts.kinds))}"
    if counts.rejected:
        line += f", {counts.rejected} rejected"
    line += f", {counts.requests} asked, {counts.from_ledger} from the ledger"
    line += f", {counts.input_tokens:,} + {counts.output_tokens:,} tokens"
    if counts.cost:
        line += f", ${counts.cost:,.4f}"
    if endpoints := endpoints_in_words(counts):
        line += f"; {endpoints}"
    if waiting := waiting_in_words(counts):
        line += f"; {waiting}"
    elif counts.stopped:
        line += f", {duration(counts.seconds)}"
    elif counts.total and counts.finished and counts.finished < counts.total:
        line += f", {duration((counts.total - counts.finished) / rate)} left"
    return line
