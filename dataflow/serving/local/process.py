"""The process that an engine runs in, as its parent sees it: many jobs under way at once, answered in any order.

It is started with an explicit import path instead of by multiprocessing, so that notebooks, `python -c` and scripts
without a main guard can use it. Jobs and answers are plain values (`dataflow.media.wire`), never pickles.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from dataflow.core import errors
from dataflow.core.errors import DataFlowError, RequestRefused
from dataflow.core.folder import absolute
from dataflow.media.wire import LENGTH, pack, unpack
from dataflow.serving.local.host import DEAD

LARGEST_ANSWER = 256 * 2**20
CLOSE_SECONDS = 3.0

_PACKAGE = Path(__file__).parents[2]

# the package is put in place by its folder, whatever else on the path bears its name
_START = """\
import json, sys
from importlib.util import module_from_spec, spec_from_file_location
folder, sys.path[:], engine = json.loads(sys.argv[1])
spec = spec_from_file_location("dataflow", folder + "/__init__.py", submodule_search_locations=[folder])
sys.modules["dataflow"] = module_from_spec(spec)
spec.loader.exec_module(sys.modules["dataflow"])
from dataflow.serving.local.host import main
main(engine)
"""


class EngineDied(Exception):
    """The process ended, or was ended, with jobs under way; the message says how."""


class EngineProcess:
    """A running engine.

    Args:
        process: as `launch` started it.
    """

    def __init__(self, process: Process) -> None:
        self._process = process
        self._numbers = itertools.count()
        self._under_way: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._reader = asyncio.ensure_future(self._read())
        self.death: str | None = None

    @classmethod
    async def launch(cls, engine: str, environment: Mapping[str, str], log: Path) -> EngineProcess:
        """Start a process that waits for jobs.

        Args:
            engine: the module of the engine's class, `module:Class`.
            environment: variables set for it, unless the user has set them.
            log: where it writes what it has to say.
        """
        where = json.dumps([str(_PACKAGE), [str(absolute(Path(entry))) for entry in sys.path], engine])
        with log.open("ab") as said:
            process = await asyncio.create_subprocess_exec(
                *[sys.executable, "-P", "-c", _START, where],
                stdin=PIPE,
                stdout=PIPE,
                stderr=said,
                env={**environment, **os.environ},
                start_new_session=True,  # Ctrl-C is ours to handle, and its whole family can be ended at once
            )
        return cls(process)

    @property
    def pid(self) -> int:
        """The process, and the group of all that it starts."""
        return self._process.pid

    async def ask(self, task: str, job: Mapping[str, Any]) -> dict[str, Any]:
        """Have a job done.

        Args:
            task: `start`, `answer` or `metrics`.
            job: plain values.

        Raises:
            EngineDied: the process ended first.
            DataFlowError: what the engine raised of that tree.
        """
        if self.death is not None:
            raise EngineDied(self.death)
        assert self._process.stdin is not None
        number = next(self._numbers)
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._under_way[number] = answer
        try:
            with suppress(ConnectionError):  # the reader says how it ended
                self._process.stdin.write(pack({"number": number, "task": task, "job": dict(job)}))
                await self._process.stdin.drain()
            return await answer
        except asyncio.CancelledError:
            with suppress(ConnectionError, RuntimeError):
                self._process.stdin.write(pack({"number": number, "task": "abort", "job": {}}))
            raise
        finally:
            del self._under_way[number]

    async def close(self) -> None:
        """Let the engine end; end it where it does not."""
        assert self._process.stdin is not None
        with suppress(ConnectionError, RuntimeError):
            self._process.stdin.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self._reader), CLOSE_SECONDS)
        self.kill()
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self._reader), CLOSE_SECONDS)

    def kill(self) -> None:
        """End the process and all that it started, at once: a worker left alone would keep the GPU's memory."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    async def _read(self) -> None:
        assert self._process.stdout is not None
        try:
            while True:
                (size,) = LENGTH.unpack(await self._process.stdout.readexactly(LENGTH.size))
                if size > LARGEST_ANSWER:
                    break
                self._take(unpack(await self._process.stdout.readexactly(size)))
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            pass
        self.death = "the engine's process is ending"
        self.kill()
        self.death = _how_it_ended(await self._process.wait())
        for answer in self._under_way.values():
            if not answer.done():
                answer.set_exception(EngineDied(self.death))

    def _take(self, message: dict[str, Any]) -> None:
        answer = self._under_way.get(message["number"])
        if answer is None or answer.done():
            return
        if "error" in message:
            answer.set_exception(_error(message["error"], message["message"]))
        else:
            answer.set_result(message["value"])


def _error(kind: str, message: str) -> DataFlowError:
    known = getattr(errors, kind, None)
    if isinstance(known, type) and issubclass(known, DataFlowError):
        return known(message)
    return RequestRefused(f"the engine failed on this request: {message}")


def _how_it_ended(code: int) -> str:
    if code == DEAD:
        return "the engine's workers died"
    if code >= 0:
        return f"the engine's process ended with status {code}"
    try:
        return f"the engine's process was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"the engine's process was ended by signal {-code}"
