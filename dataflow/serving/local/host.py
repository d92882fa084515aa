"""The engine's side of the pipe: takes jobs, has them done at the same time, sends each answer when it is there.

It is started by `dataflow.serving.local.process`, reads jobs from its standard input and answers on what was its
standard output; whatever a library prints goes to the log.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, BinaryIO, Protocol

from dataflow.core.causes import said_by
from dataflow.core.errors import DataFlowError
from dataflow.media.wire import LENGTH, pack, unpack

DEAD = 70
"""The exit status that says: the engine's own workers have died."""

GRACE_SECONDS = 10.0


class EngineDead(Exception):
    """The engine can answer nothing more; the process ends, and its parent starts another."""


class Engine(Protocol):
    """What runs a model."""

    async def start(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Load the model; says what it is."""

    async def answer(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one request."""

    async def metrics(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """What the engine has counted."""

    def stop(self) -> None:
        """Give back what is held."""


def main(engine: str) -> None:
    """Serve jobs until the parent closes the pipe, which it also does by dying.

    Args:
        engine: the engine's class, `module:Class`.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle: it drains
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    module, _, name = engine.partition(":")
    made: Engine = getattr(import_module(module), name)()
    host = _Host(made, answers)
    asyncio.run(host.serve())
    if not host.dead:
        made.stop()
        os.killpg(os.getpgrp(), signal.SIGKILL)  # this process and all that it started: nobody else will end them
    os._exit(DEAD)  # a library's thread must not keep the process


class _Host:
    def __init__(self, engine: Engine, answers: BinaryIO) -> None:
        self._engine = engine
        self._answers = answers
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._end = asyncio.Event()
        self.dead = False

    async def serve(self) -> None:
        """Take jobs until there are no more."""
        loop = asyncio.get_running_loop()
        # a thread of its own: reading goes on while the loop is busy, and the end of the parent is noticed
        arguments = (sys.stdin.buffer, self._take, self._end.set, loop)
        threading.Thread(target=_receive, args=arguments, daemon=True).start()
        await self._end.wait()

    def _take(self, message: dict[str, Any]) -> None:
        number, task = message["number"], message["task"]
        if task == "abort":
            if (going := self._under_way.get(number)) is not None:
                going.cancel()
            return
        self._under_way[number] = asyncio.ensure_future(self._do(number, task, message["job"]))

    async def _do(self, number: int, task: str, job: Mapping[str, Any]) -> None:
        tasks = {"start": self._engine.start, "answer": self._engine.answer, "metrics": self._engine.metrics}
        began = time.perf_counter()
        try:
            done = await tasks[task](job)
            self._send({"number": number, "value": {**done, "seconds": time.perf_counter() - began}})
        except EngineDead:
            traceback.print_exc()
            self.dead = True
            self._end.set()
        except DataFlowError as error:
            self._send({"number": number, "error": type(error).__name__, "message": str(error)})
        except Exception as error:  # whatever it is, it is this job's alone
            traceback.print_exc()
            self._send({"number": number, "error": "Exception", "message": f"{type(error).__name__}: {said_by(error)}"})
        finally:
            self._under_way.pop(number, None)

    def _send(self, message: dict[str, Any]) -> None:
        body = memoryview(pack(message))
        try:
            while body:
                body = body[self._answers.write(body) :]
        except OSError:
            self._end.set()


def _receive(
    jobs: BinaryIO, take: Callable[[dict[str, Any]], None], end: Callable[[], None], loop: asyncio.AbstractEventLoop
) -> None:
    while True:
        head = jobs.read(LENGTH.size)
        body = jobs.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else b""
        if not body:
            break
        loop.call_soon_threadsafe(take, unpack(body))
    loop.call_soon_threadsafe(end)
    # whatever holds the loop up, nothing of this family may outlive the parent for long.
    threading.Event().wait(GRACE_SECONDS)
    os.killpg(os.getpgrp(), signal.SIGKILL)
