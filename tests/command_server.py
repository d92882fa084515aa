"""Runs commands as processes of their own, without each loading the same hundreds of modules: a fork has them already.

Every command is forked off a process that has imported what a run needs and done nothing else. It gets its words,
directory, environment and streams, runs as `dataflow` does, and ends with its exit code.
"""

from __future__ import annotations

import atexit
import functools
import gc
import json
import os
import select
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any, NoReturn

_LIBRARIES = (
    "aiohttp",
    "av",
    "orjson",
    "pandas",
    "PIL.Image",
    "pyarrow.parquet",
    "rich.progress",
    "rich.table",
    "simplejpeg",
)


class Process:
    """A command that was started; has what `subprocess.Popen` has of the same name.

    Args:
        command: its words; the first one is what it was called as.
        cwd: where it runs.
        env: all of its environment.
        stdout: a descriptor.
        stderr: a descriptor.
        session: whether it leads a session, and so a process group, of its own.
    """

    def __init__(
        self,
        command: Sequence[str],
        cwd: Path,
        env: Mapping[str, str],
        stdout: int,
        stderr: int,
        *,
        session: bool = False,
    ) -> None:
        self.args = command
        self.returncode: int | None = None
        told, report = os.pipe()
        job = {"argv": command, "cwd": str(cwd), "env": dict(env), "session": session}
        with open(os.devnull) as nothing:
            socket.send_fds(_server(), [json.dumps(job).encode()], [nothing.fileno(), stdout, stderr, report])
        os.close(report)
        self._told = open(told)  # noqa: SIM115
        self.pid = int(self._told.readline())

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end and give its exit code.

        Raises:
            subprocess.TimeoutExpired: it goes on after so many seconds.
        """
        if self.returncode is None:
            if not select.select([self._told], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(self.args, timeout or 0)
            self.returncode = int(self._told.readline())
            self._told.close()
        return self.returncode

    def poll(self) -> int | None:
        """Its exit code, or None: it goes on."""
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


def run(command: Sequence[str], cwd: Path, env: Mapping[str, str], timeout: float) -> subprocess.CompletedProcess[str]:
    """Run a command and wait for its end.

    Raises:
        subprocess.TimeoutExpired: after so many seconds it went on, and was killed.
    """
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        process = Process(command, cwd, env, output.fileno(), errors.fileno())
        try:
            code = process.wait(timeout)
        finally:
            process.kill()
        output.seek(0)
        errors.seek(0)
        return subprocess.CompletedProcess(command, code, output.read(), errors.read())


@functools.cache
def _server() -> socket.socket:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    words = [sys.executable, __file__, str(theirs.fileno())]
    env = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # a process that forks has no other threads
    server = subprocess.Popen(words, pass_fds=[theirs.fileno()], env=env, start_new_session=True)
    theirs.close()

    def end() -> None:
        ours.close()
        server.wait()

    atexit.register(end)
    return ours


def _load() -> None:
    """Import what commands import."""
    import dataflow

    modules = [found.name for found in walk_packages(dataflow.__path__, "dataflow.")]
    for name in (*modules, *_LIBRARIES):
        if not name.endswith("__main__"):
            import_module(name)
    from dataflow.parsing.refusals import refusal_in

    refusal_in("I cannot see it.")  # compiles what is compiled when first needed
    gc.collect()
    gc.freeze()


def _serve(channel: socket.socket) -> None:
    """Fork for every request until the channel ends; returns in each fork, which has become what was asked for."""
    with selectors.DefaultSelector() as waiting:
        waiting.register(channel, selectors.EVENT_READ)
        while True:
            for key, _ in waiting.select():
                if key.data is not None:
                    waiting.unregister(key.fileobj)
                    _report(key.fd, *key.data)
                    continue
                job, streams, _, _ = socket.recv_fds(channel, 1 << 20, 4)
                if not job:
                    sys.exit()
                *standard, report = streams
                process = os.fork()
                if process == 0:
                    channel.close()
                    os.close(report)
                    _become(json.loads(job), standard)
                    return
                for number in standard:
                    os.close(number)
                os.write(report, b"%d\n" % process)
                waiting.register(os.pidfd_open(process), selectors.EVENT_READ, (process, report))


def _report(handle: int, process: int, report: int) -> None:
    """Say how a process ended."""
    os.write(report, b"%d\n" % os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))
    os.close(handle)
    os.close(report)


def _become(job: dict[str, Any], streams: Sequence[int]) -> None:
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    if job["session"]:
        os.setsid()
    os.chdir(job["cwd"])
    os.environ.clear()
    os.environ.update(job["env"])
    sys.argv = job["argv"]


def _end_after(command: Callable[[], None]) -> NoReturn:
    """Run a command and end as an interpreter does, only that no module is taken to pieces: that would first copy them
    all, and take longer than most commands."""
    try:
        command()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    gc.collect()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)


if __name__ == "__main__":
    requests = socket.socket(fileno=int(sys.argv[1]))
    sys.path[0] = str(Path(sys.executable).parent)  # as for the command itself
    _load()
    _serve(requests)

    from dataflow.cli import main

    _end_after(main)
