"""A small pool of processes for work that a hostile file can crash, hang or bloat: it costs that job, nothing else.

Workers are started with an explicit import path instead of by multiprocessing, so that notebooks, `python -c` and
scripts without a main guard can use them and a folder named `dataflow` in the working directory stands in no one's way.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal
from weakref import WeakKeyDictionary

from dataflow.core import errors
from dataflow.core.errors import DataFlowError, MediaError
from dataflow.core.folder import absolute
from dataflow.media.wire import LENGTH, pack, unpack

_log = logging.getLogger(__name__)

_CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
WORKERS = max(1, min(_CORES, 4))
"""Processes at most; each decodes on one thread, so more than there are cores gain nothing."""

IMAGE_WORKERS = max(1, min(_CORES, 8))
"""Of pictures: there are more of them, and each is smaller."""

Room = Literal["videos", "images", "slow", "previews"]
"""Each has places of its own, so that none keeps another waiting."""

_BUFFER = 4 * 2**20
_FRAMING = 2**16
"""Bytes of an answer beside what it holds."""

_KILLED = (-signal.SIGKILL, -signal.SIGTERM)
_OUT_OF_TIME = getattr(signal, "SIGPROF", 0) or 2**16

_PACKAGE = Path(__file__).parents[1]

# the package is put in place by its folder, whatever else on the path bears its name
_START = """\
import json, sys
from importlib.util import module_from_spec, spec_from_file_location
folder, sys.path[:] = json.loads(sys.argv[1])
spec = spec_from_file_location("dataflow", folder + "/__init__.py", submodule_search_locations=[folder])
sys.modules["dataflow"] = module_from_spec(spec)
spec.loader.exec_module(sys.modules["dataflow"])
from dataflow.media.worker import main
main()
"""


class Costly(MediaError):
    """The job cost its process: it crashed it, or outgrew its memory."""


class TooSlow(Costly):
    """The job did not end in its time."""


class _Crashed(Exception):
    """The worker ended in the middle of a job; the message says how.

    Args:
        how: what it did.
        code: the status of the process; negative where a signal ended it.
    """

    def __init__(self, how: str, *, code: int = 0) -> None:
        super().__init__(how)
        self.from_outside = code in _KILLED  # which nothing in a file does
        self.out_of_time = code == -_OUT_OF_TIME


async def run_isolated(
    function: Callable[..., Any],
    *args: Any,
    timeout: float = 120.0,
    cpu_seconds: float = 0.0,
    memory_mb: int = 2048,
    subject: str = "",
    room: Room = "videos",
    answer_bytes: int | None = None,
) -> Any:
    """Run a function in a process of the pool.

    Args:
        function: a function at the top level of an importable module.
        args: plain values: None, bool, int, float, str, bytes, arrays, lists and dicts of these. The result likewise;
            tuples come back as lists.
        timeout: seconds for the job, from when a process takes it up.
        cpu_seconds: of computing that it may take, whatever else the machine does; 0 is no bound. Unix alone counts.
        memory_mb: megabytes of data that the process may hold.
        subject: what the job is about, the file's name; stands first in messages.
        room: whose places the job takes.
        answer_bytes: how much the result may hold; without it, as much as the process.

    Raises:
        TooSlow: the job took too long.
        Costly: it crashed its process, or took too much memory. A job is tried once more, in a new process, where the
            crash may be no fault of its file: something else killed the process, or it had worked on another before.
        MediaError: it failed.
        DataFlowError: what else the function raised of that tree.
    """
    loop = asyncio.get_running_loop()
    pool = _pools.get(loop)
    if pool is None:
        pool = _pools[loop] = _Pool()
    name = f"{function.__module__}:{function.__qualname__}"
    job = pack({"function": name, "args": list(args), "memory_mb": memory_mb, "seconds": timeout, "cpu": cpu_seconds})
    most = memory_mb * 2**20 if answer_bytes is None else answer_bytes + _FRAMING
    about = f"{subject}: " if subject else ""
    async with pool.rooms[room]:
        for last_try in (False, True):
            worker = await pool.take()
            try:
                answer = await asyncio.wait_for(worker.ask(job, most), timeout)
            except TimeoutError:
                _log.info("%sgiven up after %g s of decoding", about, timeout)
                raise TooSlow(f"{about}given up after {timeout:g} s of decoding") from None
            except _Crashed as crash:
                if crash.out_of_time:
                    _log.info("%sgiven up after %g s of computing", about, cpu_seconds)
                    raise TooSlow(f"{about}given up after {cpu_seconds:g} s of decoding") from None
                again = not last_try and (crash.from_outside or worker.jobs > 1)
                _log.info("%sthe decoder process %s%s", about, crash, "; decoded once more" if again else "")
                if not again:
                    raise Costly(f"{about}the decoder process {crash}{', twice' if last_try else ''}") from None
                continue
            finally:
                pool.give_back(worker)
            return _result(answer, about, memory_mb)


def _result(answer: dict[str, Any], about: str, memory_mb: int) -> Any:
    if "error" not in answer:
        return answer["value"]
    kind, message = answer["error"], answer["message"]
    if kind == "MemoryError":
        raise Costly(f"{about}decoding it takes more than {memory_mb} MB of memory")
    known = getattr(errors, kind, None)
    if isinstance(known, type) and issubclass(known, DataFlowError):
        raise known(message)
    raise MediaError(f"{about}{message}")


class _Pool:
    """The processes of one event loop: who is idle, and how many may work."""

    def __init__(self) -> None:
        self.rooms = {"videos": asyncio.Semaphore(WORKERS), "images": asyncio.Semaphore(IMAGE_WORKERS)}
        self.rooms |= {"slow": asyncio.Semaphore(1), "previews": asyncio.Semaphore(1)}
        self._idle: list[_Worker] = []

    async def take(self) -> _Worker:
        """An idle worker, or a new one."""
        while self._idle:
            worker = self._idle.pop()
            if worker.ready:
                return worker
            worker.kill()
        return await _Worker.start()

    def give_back(self, worker: _Worker) -> None:
        """Keep a worker that finished its job; one that did not is killed."""
        if worker.ready:
            self._idle.append(worker)
        else:
            worker.kill()


_pools: WeakKeyDictionary[asyncio.AbstractEventLoop, _Pool] = WeakKeyDictionary()


class _Worker:
    """One process and the pipes to it."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._busy = False
        self.jobs = 0
        """How many it was given."""

    @classmethod
    async def start(cls) -> _Worker:
        """Start a process; it is ready at once, jobs wait in its pipe while it imports."""
        where = json.dumps([str(_PACKAGE), [str(absolute(Path(entry))) for entry in sys.path]])
        command = [sys.executable, "-P", "-c", _START, where]
        # a library's thread pool would take the cores that other decodes need
        one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
        process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={**os.environ, **one_thread}, limit=_BUFFER
        )
        return cls(process)

    @property
    def ready(self) -> bool:
        """Whether it can take a job."""
        return not self._busy and self._process.returncode is None

    async def ask(self, job: bytes, most: int) -> dict[str, Any]:
        """Have a job done; after an error, or when cancelled, the worker is no longer ready.

        Args:
            job: a packed message.
            most: bytes of the answer at most.

        Raises:
            _Crashed: the process ended, or answered nonsense.
        """
        assert self._process.stdin is not None and self._process.stdout is not None
        self._busy = True
        self.jobs += 1
        try:
            self._process.stdin.write(job)
            await self._process.stdin.drain()
            (size,) = LENGTH.unpack(await self._process.stdout.readexactly(LENGTH.size))
            if size > most:
                raise _Crashed("answered nonsense")
            answer: dict[str, Any] = unpack(await self._process.stdout.readexactly(size))
        except (asyncio.IncompleteReadError, ConnectionError):
            code = await self._process.wait()
            raise _Crashed(_how_it_ended(code), code=code) from None
        except ValueError:
            raise _Crashed("answered nonsense") from None
        self._busy = bool(answer.get("exhausted"))
        return answer

    def kill(self) -> None:
        """End the process at once."""
        self._busy = True
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()


def _how_it_ended(code: int) -> str:
    if code >= 0:
        return f"ended with status {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"
