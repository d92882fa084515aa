"""Runs one client of the benchmark against one endpoint: CPUs, sample files, processes, and what each run cost."""

from __future__ import annotations

import contextlib
import os
import select
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from _load import write_images, write_samples

from tests.servers import ModelServer, start_server

MOST_IMAGES = 10_000


@dataclass(frozen=True)
class Client:
    """One way to ask.

    Args:
        name: its column.
        command: a template with python, bin (its folder), load, name, input, url, workers, timeout and output.
        python: the interpreter.
    """

    name: str
    command: str
    python: str

    def argv(self, source: Path, url: str, workers: int, timeout: float, folder: Path) -> list[str]:
        """The command for one run."""
        output = folder if self.name == "ours" else folder / "answers.jsonl"
        fields = {"input": source, "url": url, "workers": workers, "timeout": timeout, "output": output}
        fields |= {
            "python": self.python,
            "bin": Path(self.python).parent,
            "load": Path(__file__).with_name("_load.py"),
            "name": self.name,
        }
        return [part.format(**fields) for part in shlex.split(self.command)]

    def count_good(self, folder: Path) -> int:
        """How many samples its output has: lines of `x.jsonl`, not of `x.failures.jsonl` and its like."""
        files = [file for file in folder.glob("*.jsonl") if len(file.suffixes) == 1]
        return sum(file.read_bytes().count(b"\n") for file in files)


@dataclass(frozen=True)
class Outcome:
    """What one run of a client came to.

    Args:
        stats: what the endpoint counted.
        wall: seconds of the process.
        cpu: seconds of CPU, children included.
        rss: peak resident memory in MB.
        good: samples in the output.
    """

    stats: dict[str, Any]
    wall: float
    cpu: float
    rss: float
    good: int

    @property
    def window(self) -> float:
        """Seconds from the first request to the last answer, as the endpoint saw them."""
        return float(self.stats["last_out"] - self.stats["first_in"])

    def seconds_until(self, share: float) -> float:
        """Seconds from the first request to this share of the answers, interpolated within a second."""
        missing = share * self.stats["delivered"]
        for row in self.stats["timeline"]:
            if row["delivered"] >= missing:
                return float(row["second"] + missing / row["delivered"])
            missing -= row["delivered"]
        return self.window


class Process:
    """A running client, in a process group of its own."""

    def __init__(self, argv: list[str], folder: Path, cpu: int) -> None:
        self.began = time.monotonic()
        self.popen = subprocess.Popen(
            argv,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=lambda: os.sched_setaffinity(0, {cpu}),
        )

    @property
    def ended(self) -> bool:
        """Whether it is over; leaves it to `finish` to collect."""
        return os.waitid(os.P_PID, self.popen.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def kill(self) -> None:
        """End the whole group at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()

    def finish(self) -> tuple[float, float, float]:
        """Wait for its end: seconds since the start, seconds of CPU, peak MB.

        Raises:
            RuntimeError: it failed. Exit code 3 is ours for "done, some samples failed".
        """
        assert self.popen.stderr is not None
        message = b""
        peak = 0
        while not self.ended:
            # As its parent sees it afterwards, a child's peak holds what the parent had at the fork.
            peak = max(peak, self._peak_kilobytes())
            if select.select([self.popen.stderr], [], [], 0.02)[0]:
                message += self.popen.stderr.read()
        message += self.popen.stderr.read()
        _, status, usage = os.wait4(self.popen.pid, 0)
        wall = time.monotonic() - self.began
        self.popen.returncode = code = os.waitstatus_to_exitcode(status)
        if code not in (0, 3):
            raise RuntimeError(f"exit code {code}: {message.decode(errors='replace').strip()[-300:]}")
        return wall, usage.ru_utime + usage.ru_stime, peak / 1024

    def _peak_kilobytes(self) -> int:
        with contextlib.suppress(OSError):
            found = Path(f"/proc/{self.popen.pid}/status").read_text().partition("VmHWM:")[2]
            return int(found.split()[0]) if found else 0
        return 0


class Bench:
    """What all runs share.

    Args:
        folder: for images, samples and outputs.
        scale: by which the numbers of samples are multiplied.
        long: whether memory is measured with 100,000 samples too.
    """

    def __init__(self, folder: Path, scale: float, *, long: bool) -> None:
        cpus = sorted(os.sched_getaffinity(0))
        if len(cpus) < 2:
            sys.exit("The benchmark needs two CPUs: one for the endpoint, one for the clients.")
        self.server_cpu, self.client_cpu = cpus[0], cpus[1]
        self.folder = folder
        self.scale = scale
        self.long = long
        self._runs = 0
        self._images = 0

    def count(self, full: int) -> int:
        """A number of samples, fewer in a quick run."""
        return max(20, round(full * self.scale))

    def samples(self, count: int) -> Path:
        """A file of so many samples; beyond 10,000 the images repeat, the questions do not."""
        images = self.folder / "images"
        images.mkdir(exist_ok=True)
        distinct = min(count, MOST_IMAGES)
        if distinct > self._images:
            write_images(images, distinct)
            self._images = distinct
        path = self.folder / f"samples{count}.jsonl"
        write_samples(path, images, count, distinct)
        return path

    def new_output(self) -> Path:
        """An empty folder."""
        self._runs += 1
        folder = self.folder / f"run{self._runs}"
        folder.mkdir()
        return folder

    @contextlib.contextmanager
    def endpoint(self, **config: Any) -> Iterator[ModelServer]:
        """A fresh endpoint on its CPU."""
        with start_server(cpu=self.server_cpu, light=True, answer="qa", draw_by="order", **config) as server:
            yield server

    @contextlib.contextmanager
    def started(self, argv: list[str]) -> Iterator[Process]:
        """A client on its CPU, which does not outlive the context."""
        process = Process(argv, self.folder, self.client_cpu)
        try:
            yield process
        finally:
            if process.popen.returncode is None:
                process.kill()

    def run(
        self,
        client: Client,
        count: int,
        workers: int = 64,
        *,
        timeout: float = 600.0,
        source: Path | None = None,
        watch: Callable[[ModelServer, Process], None] | None = None,
        **config: Any,
    ) -> Outcome:
        """Run a client to its end.

        Args:
            source: the samples, where they are not just `count` good ones.
            watch: called while it runs.
            config: behaviour of the endpoint.

        Raises:
            RuntimeError: the client failed; says how.
        """
        source = source or self.samples(count)
        folder = self.new_output()
        with self.endpoint(**config) as server:
            argv = client.argv(source, server.url, workers, timeout, folder)
            with self.started(argv) as process:
                if watch is not None:
                    watch(server, process)
                wall, cpu, rss = process.finish()
            return Outcome(server.stats(), wall, cpu, rss, client.count_good(folder))
