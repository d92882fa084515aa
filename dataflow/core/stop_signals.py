"""The signals that end a run: SIGTERM and SIGHUP are heard as Ctrl-C is, and a command ends soon after the second."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

ENDS_WITHIN = 0.7
"""Seconds that a command has, from the second signal on, to leave its files in order."""

_NOBODYS = (signal.SIG_DFL, signal.default_int_handler)


class Signalled(KeyboardInterrupt):
    """What Ctrl-C raises, for whichever signal came.

    Args:
        number: the signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.exit_code = 128 + number


def exit_code_of(pressed: KeyboardInterrupt) -> int:
    """With what a command ends that a signal has ended: 128 and the signal's number, as shells have it."""
    return pressed.exit_code if isinstance(pressed, Signalled) else 128 + signal.SIGINT


@contextmanager
def heard(own_process: bool = False) -> Iterator[None]:
    """Raise `Signalled` in the main thread when one of `SIGNALS` comes, until the block is left.

    A signal that somebody else handles, or has told the process to ignore as nohup does, stays theirs. In another
    thread than the main one this does nothing.

    Args:
        own_process: whether the process is a command of ours. Then the second signal ends it within `ENDS_WITHIN`
            seconds, whatever its threads do.
    """
    came = 0

    def hear(number: int, frame: FrameType | None) -> None:
        nonlocal came
        came += 1
        if came > 1 and own_process:
            _end_soon(128 + number)
        raise Signalled(number)

    before = {}
    if threading.current_thread() is threading.main_thread():
        before = {number: held for number in SIGNALS if (held := signal.getsignal(number)) in _NOBODYS}
    for number in before:
        signal.signal(number, hear)
    try:
        yield
    finally:
        if not own_process:  # in a command, what is left to do at its end hears them too
            for number, held in before.items():
                signal.signal(number, held)


def _end_soon(exit_code: int) -> None:
    timer = threading.Timer(ENDS_WITHIN, os._exit, (exit_code,))
    timer.daemon = True
    timer.start()
    # Where a thread lets no other run, the kernel does it, and the shell says "Alarm clock".
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, ENDS_WITHIN + 0.1)
