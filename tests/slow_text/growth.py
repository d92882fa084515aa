"""How the time of a reader grows with its text, in the CPU time of this thread alone: what else the machine does costs
nothing, and of several readings the least is taken, which is nearest to the work itself.

Ten times the text takes a linear reader ten times as long, one of n log n some twelve times, a quadratic one a hundred
times. `SUPERLINEAR` lies between: caches that no longer hold the text make up to twice of it.
"""

from __future__ import annotations

import gc
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

Reader = Callable[[str], object]

SUPERLINEAR = 4.0
"""Times as long as linear growth would take."""

BEYOND_DOUBT = 1.0
"""Seconds that no noise explains where they are superlinear."""

WORTH_A_LOOK = 0.002
"""Seconds below which a clock tells nothing."""


class TooLong(BaseException):
    """The guard has rung; not an Exception, so that no reader takes it for an error of its own."""


@dataclass(frozen=True)
class Growth:
    """Two readings of texts of the same make.

    Args:
        short: seconds for the shorter text.
        long: seconds for the longer one; the guard where it rang.
        times: how many times longer that is.
    """

    short: float
    long: float
    times: float

    @property
    def over_linear(self) -> float:
        """How many times as long as linear growth would take."""
        return self.long / max(self.times * self.short, self.times * WORTH_A_LOOK / 10)

    @property
    def superlinear(self) -> bool:
        """Whether it is more than noise and more than linear."""
        return self.long > WORTH_A_LOOK and self.over_linear > SUPERLINEAR


def seconds(read: Reader, text: str, guard: float = 10) -> float:
    """CPU seconds of one reading, whatever comes of it.

    Args:
        read: the reader.
        text: what it reads.
        guard: seconds after which it is broken off, and which are then the result. What stands in C and looks at no
            signal, as a pattern that begins anew at each character, goes on until it is done.
    """
    start = time.thread_time()
    try:
        with _broken_off_after(guard):
            read(text)
    except TooLong:
        return max(guard, time.thread_time() - start)
    except Exception:
        pass
    return time.thread_time() - start


def growth(read: Reader, make: Callable[[int], str], small: int, large: int, looks: int = 3) -> Growth:
    """How a reader's time grows from texts of one size to those of another.

    Args:
        read: the reader.
        make: a text of about as many characters.
        small: size of the shorter text.
        large: size of the longer one.
        looks: readings of which the least count; a second one is made only where the first is suspicious.
    """
    short_text, long_text = make(small), make(large)
    found = Growth(float("inf"), float("inf"), large / small)
    gc.disable()  # which runs when it likes, and by how much there is besides
    try:
        for _ in range(looks):
            short = min(found.short, min(seconds(read, short_text) for _ in range(2)))
            guard = 0.05 + 2 * SUPERLINEAR * found.times * short
            found = Growth(short, min(found.long, seconds(read, long_text, guard)), found.times)
            if not found.superlinear or found.long > BEYOND_DOUBT:
                break
    finally:
        gc.enable()
    return found


@contextmanager
def _broken_off_after(guard: float) -> Iterator[None]:
    """Patterns of `re` look at signals as they go, and so does all that is Python."""

    def ring(number: int, frame: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, guard)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
