"""Runs at an endpoint that answers only when it is told to: none is through before the test has looked."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable

from tests.commands import HANGING
from tests.servers import ModelServer


def hold(server: ModelServer) -> None:
    """From now on every request hangs until it is released."""
    server.configure(fail_on={"": "hang"})


def release_until(
    server: ModelServer, running: subprocess.Popen[bytes], reached: Callable[[], bool], most: float = float("inf")
) -> None:
    """Let answers go, those to what hangs at the moment each time, until the run has come so far; no more once `most`
    have gone, though what hangs at that moment may be more by as many as are in flight."""
    released, hanging = 0, time.monotonic() + HANGING
    while not reached():
        assert running.poll() is None, "it ended before"
        assert time.monotonic() < hanging, "it never came so far"
        if released < most:
            released += server.release()
        time.sleep(0.01)


def release_to_the_end(server: ModelServer, running: subprocess.Popen[bytes]) -> int:
    """Let answers go until the run ends; gives its exit code."""
    hanging = time.monotonic() + HANGING
    while running.poll() is None:
        assert time.monotonic() < hanging, "it never ended"
        server.release()
        time.sleep(0.01)
    return running.returncode
