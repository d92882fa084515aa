"""Commands in processes of their own that are forked from one that has loaded everything: a tenth of a second each.

Root's are stripped of what sets root apart, so that files without permissions are what they are for users.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import signal
import sys
import time
import traceback
from dataclasses import dataclass
from pathlib import Path

HANGING = 300.0
"""Seconds after which a command counts as hanging."""

_LOADED = (
    *("dataflow.cli.app", "dataflow.cli.job", "dataflow.engine.pipeline", "dataflow.export.job", "dataflow.report.job"),
    *("dataflow.pipelines.image_vqa", "dataflow.pipelines.video_qa", "dataflow.serving", "dataflow.viewer.serve"),
    *("aiohttp", "av", "numpy", "PIL.Image", "pydantic", "rich.table", "uvicorn", "uvloop"),
)


@dataclass(frozen=True)
class Ended:
    """How a command ended.

    Args:
        code: its exit code; minus the signal's number where one killed it.
        out: its stdout.
        err: its stderr.
    """

    code: int
    out: str
    err: str


def load() -> None:
    """Load what commands load; must come before the first of them, and before any thread is started."""
    for name in _LOADED:
        importlib.import_module(name)


class Command:
    """A running `dataflow ...`, in a process group of its own.

    Args:
        words: behind `dataflow`.
        cwd: where it runs; its stdout and stderr are hidden files there.
    """

    def __init__(self, words: list[str], cwd: Path) -> None:
        self.cwd = cwd
        self.out, self.err = cwd / f".out{time.monotonic_ns()}", cwd / f".err{time.monotonic_ns()}"
        self.code: int | None = None
        self.pid = os.fork()
        if not self.pid:
            _become(words, cwd, self.out, self.err)

    def kill(self, number: signal.Signals, *, group: bool) -> None:
        """Send a signal to the process, or to it and all that it has started."""
        try:
            (os.killpg if group else os.kill)(self.pid, number)
        except ProcessLookupError:
            pass

    def ended(self, seconds: float) -> bool:
        """Whether it ends within so many seconds."""
        end = time.monotonic() + seconds
        while self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
                self.kill(signal.SIGKILL, group=True)  # decoders whose parent was killed
            elif time.monotonic() > end:
                return False
            else:
                time.sleep(0.005)
        return True

    def wait(self) -> Ended:
        """Its end. One that hangs is killed, with `hangs` in its stderr."""
        hung = not self.ended(HANGING)
        if hung:
            self.kill(signal.SIGKILL, group=True)
            self.ended(HANGING)
        out, err = (path.read_text(errors="replace") if path.exists() else "" for path in (self.out, self.err))
        for path in (self.out, self.err):
            path.unlink(missing_ok=True)
        assert self.code is not None
        return Ended(self.code, out, err + ("\nhangs" if hung else ""))


def run(words: list[str], cwd: Path) -> Ended:
    """Run `dataflow ...` and wait for its end."""
    return Command(words, cwd).wait()


def _become(words: list[str], cwd: Path, out: Path, err: Path) -> None:
    """Be the command: never returns."""
    code = 70
    try:
        os.setsid()
        os.chdir(cwd)
        for number, path in ((1, out), (2, err)):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), number)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        if not os.geteuid():
            _drop_capabilities()
        os.environ |= {"HOME": str(cwd), "XDG_CACHE_HOME": str(cwd / ".cache"), "TERM": "dumb"}
        sys.argv = ["dataflow", *words]
        sys.stdout, sys.stderr = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", closefd=False, buffering=1)
        from dataflow.cli import main

        main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError):
                pass
        os._exit(code)


def _drop_capabilities() -> None:
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # version 3 of the interface, this process
    if ctypes.CDLL(None, use_errno=True).capset(header, (ctypes.c_uint32 * 6)()):
        raise OSError(ctypes.get_errno(), "capset")
