"""Durations and points in time as people read them."""

from __future__ import annotations

import time

DAY = 86400.0


def duration(seconds: float) -> str:
    """`4.2 s`, `7 min`, `1.5 h`."""
    if seconds < 90:
        return f"{seconds:.1f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def clock(when: float) -> str:
    """A time as the clock on the wall shows it: `15:04`; with seconds where it is near, with the day where it is far.

    Args:
        when: seconds since the epoch.
    """
    ahead = when - time.time()
    form = "%H:%M:%S" if abs(ahead) < 120 else "%H:%M" if abs(ahead) < DAY / 2 else "%d %b %Y %H:%M"
    return time.strftime(form, time.localtime(when))
