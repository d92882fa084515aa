"""Kills at random moments: the same command is run until it comes to its end, and the data file is as undisturbed."""

from __future__ import annotations

import signal
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from tests.damage.faces import unplain
from tests.damage.forked import Ended
from tests.damage.ways import restore
from tests.damage.work import WORKERS, Work

DRAINED = 128 + signal.SIGTERM
MOST = 8
"""Kills of one run. On a machine that gets busier it might come to its end never."""


@dataclass
class Killed:
    """What came of it.

    Args:
        kills: by signal.
        runs: that came to their end, with the data file of the undisturbed run.
        again: answers that were asked for again although they had been delivered, by the signal before.
        faults: what must not be.
    """

    kills: Counter[str] = field(default_factory=Counter)
    runs: int = 0
    again: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def kill_until_done(work: Work, chance: Random, result: Killed) -> None:
    """One run, killed at random moments by SIGTERM and SIGKILL in turn, until it is through."""
    restore(work.cwd / "none", work.out)
    work.server.reset()
    before, times = "", 0
    while True:
        number = (signal.SIGTERM, signal.SIGKILL)[result.kills.total() % 2]
        group = number == signal.SIGKILL and chance.random() < 0.5
        already = work.server.stats()["asked_again"]
        ended = work.killed(number, chance.uniform(0, work.seconds), group=group) if times < MOST else work.ran()
        times += 1
        again = work.server.stats()["asked_again"] - already
        if before:
            result.again[before] += again
        if again > (WORKERS if before == "SIGKILL" else 0):
            result.faults.append(f"{work.pipeline}: after {before or 'nothing'} {again} answers were asked for again")
        if ended is None:
            break
        result.kills[number.name] += 1
        if ended.code != -signal.SIGTERM:  # before it listened to signals, when nothing had been asked
            before = number.name
        if said := _unfit(ended, number):
            result.faults.append(f"{work.pipeline}: {number.name}: {said}")
    if work.data_file.read_bytes() == work.right:
        result.runs += 1
    else:
        result.faults.append(f"{work.pipeline}: another data file after kills")


def _unfit(ended: Ended, number: signal.Signals) -> str:
    """What is wrong with the end of a command that was sent a signal; it may have been at its end already."""
    if number == signal.SIGKILL:
        return "" if ended.code in (-number, 0, 3) else f"ended with {ended.code}"
    if ended.code in (-number, 0, 3, DRAINED):
        return "a traceback: " + ended.err[-1000:] if "Traceback" in ended.err else ""
    return unplain(ended) or f"ended with {ended.code}"
