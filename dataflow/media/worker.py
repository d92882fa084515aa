"""The other end of the pool: a process that does one job after another for its parent and keeps nothing between them.

It is started by `dataflow.media.pool`, reads jobs from its standard input and answers on what was its standard output.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from importlib import import_module
from queue import SimpleQueue
from typing import Any, BinaryIO

from dataflow.core.causes import said_by
from dataflow.core.errors import DataFlowError
from dataflow.core.stop_signals import SIGNALS
from dataflow.media.wire import LENGTH, pack, unpack

_GRACE = 10.0
"""Seconds after a job's time within which the parent ends the process itself."""


def main() -> None:
    """Serve jobs until the parent closes the pipe, which it also does by dying."""
    for number in SIGNALS:  # theirs is the parent, which drains; it ends this process by closing the pipe, or kills it
        signal.signal(number, signal.SIG_IGN)
    _end_with_parent()
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what a library prints must not get between the answers
    jobs: SimpleQueue[Any] = SimpleQueue()
    # a thread of its own, so that the end of the parent is noticed in the middle of a job
    threading.Thread(target=_receive, args=(sys.stdin.buffer, jobs), daemon=True).start()
    while True:
        answer = _answer(jobs.get())
        if hasattr(signal, "setitimer"):  # before the answer, whose reader may send the next job at once
            signal.setitimer(signal.ITIMER_PROF, 0)
        _send(answers, answer)
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)
        if "exhausted" in answer:
            os._exit(1)


def _end_with_parent() -> None:
    """Have Linux end this process when the thread that started it ends: the decoders of a run that is killed may hold
    the interpreter, and with it the thread that would notice. PR_SET_PDEATHSIG is 1 in `linux/prctl.h`."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def _receive(requests: BinaryIO, jobs: SimpleQueue[Any]) -> None:
    while True:
        head = requests.read(LENGTH.size)
        body = requests.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else b""
        if not body:
            os._exit(0)
        jobs.put(unpack(body))


def _answer(job: dict[str, Any]) -> dict[str, Any]:
    """Do a job and say how it went; the answer to one that outgrew its memory is marked, for heaps do not shrink."""
    try:
        _limit_memory(job["memory_mb"])
        _limit_time(job["seconds"], job["cpu"])
        module, _, name = job["function"].partition(":")
        function: Any = import_module(module)
        for part in name.split("."):
            function = getattr(function, part)
        return {"value": function(*job["args"])}
    except DataFlowError as error:
        return {"error": type(error).__name__, "message": str(error)}
    except MemoryError:
        return {"error": "MemoryError", "message": "", "exhausted": True}
    except Exception as error:  # whatever it is, it is this job's alone
        return {"error": "Exception", "message": f"{type(error).__name__}: {said_by(error)}"}


def _send(answers: BinaryIO, answer: dict[str, Any]) -> None:
    try:
        message = memoryview(pack(answer))
        while message:
            message = message[answers.write(message) :]
    except (BrokenPipeError, OSError):
        os._exit(0)
    finally:
        answer.pop("value", None)
        gc.collect()


def _limit_time(seconds: float, cpu_seconds: float) -> None:
    """Have the system end this process if it works on after its parent gave it up, or died: a decoder may hold the
    interpreter, and with it the thread that would notice. Likewise after so much computing. Each job sets both anew."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE)
        signal.setitimer(signal.ITIMER_PROF, cpu_seconds)  # SIGPROF ends it; the parent knows what that means


def _limit_memory(megabytes: int) -> None:
    """Bound the data that this process may hold; only Unix offers that."""
    try:
        import resource
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_DATA, (wanted if hard < 0 else min(wanted, hard), hard))
