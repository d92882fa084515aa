"""Jobs for the tests of the decoder processes."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

held: list[bytes] = []


def echo(value):
    """The value, by way of the process."""
    return value


def process_id() -> int:
    """Who does the work."""
    return os.getpid()


def crash() -> None:
    """End the process as a segmentation fault does."""
    os.kill(os.getpid(), signal.SIGSEGV)


def sleep_once(marker: str, seconds: float) -> str:
    """Leave the process id in a file and sleep, the first time; return at once, the second."""
    path = Path(marker)
    if path.exists():
        return "second try"
    path.write_text(str(os.getpid()))
    time.sleep(seconds)
    return "first try"


def sleep(seconds: float) -> None:
    """Do nothing for long."""
    time.sleep(seconds)


def keep_the_interpreter() -> None:
    """Compute for days without letting another thread run."""
    str(7 ** (10**9))


def compute(seconds: float) -> int:
    """Take so much of a core; says who did."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return os.getpid()


def eat(megabytes: int) -> int:
    """Hold so much memory."""
    return sum(len(bytearray(2**20)) for _ in [held.append(bytearray(2**20)) for _ in range(megabytes)])


def chatter() -> str:
    """Print on the stream that answers travel on."""
    os.write(1, b"a library talks\n")
    print("and so does Python", flush=True)
    return "done"


def module_path(name: str) -> str | None:
    """Where the process finds a module."""
    return __import__(name).__file__


def meet(mine: str, other: str) -> bool:
    """Leave a mark and wait for the other's, which only comes when both jobs run at once."""
    Path(mine).touch()
    deadline = time.monotonic() + 200
    while not Path(other).exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    return Path(other).exists()
