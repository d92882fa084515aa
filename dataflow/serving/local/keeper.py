"""Keeps an engine running: started when first needed, again when it dies, and not for ever when it keeps dying."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from dataflow.core import Bill, DataFlowError, EndpointFatal, PrerequisiteError, RequestRefused
from dataflow.core.loop import close_at_exit
from dataflow.core.terminal import say
from dataflow.serving.local.process import EngineDied, EngineProcess
from dataflow.serving.pacing.call import Call

_log = logging.getLogger(__name__)

DEATHS_IN_A_ROW = 5
"""Deaths of the engine without an answer between them, after which it is not started again."""

DEATHS_OF_ONE = 3
"""Deaths that one request may meet. From the second on it is asked while no other suspect is, so that one request which
kills the engine does not take those beside it along."""

RESTART_TRIES, RESTART_SECONDS = 3, 5.0


class EngineKeeper:
    """An engine that is there when asked. Lives on the event loop.

    Args:
        engine: the class that runs the model, `module:Class`.
        environment: variables of its process, where the user has not set them.
        settings: what it is started with; `model` is what messages call it.
    """

    def __init__(self, engine: str, environment: Mapping[str, str], settings: Mapping[str, Any]) -> None:
        self._engine = engine
        self._environment = environment
        self._settings = settings
        self._running: asyncio.Task[EngineProcess] | None = None
        self._one_suspect = asyncio.Lock()
        self._log: Path | None = None
        self._deaths = 0
        self._calls: set[Call] = set()

    @classmethod
    def shared(cls, engine: str, environment: Mapping[str, str], settings: Mapping[str, Any]) -> EngineKeeper:
        """The keeper of the engine with these settings: servings that ask for the same model share it, for there is
        seldom memory for two, and a notebook's cell is run again."""
        key = orjson.dumps([engine, dict(settings)], option=orjson.OPT_SORT_KEYS, default=str)
        if key not in _keepers:
            _keepers[key] = cls(engine, environment, settings)
        return _keepers[key]

    @property
    def pid(self) -> int | None:
        """The process that the model runs in, where it is running."""
        process = self._process()
        return process.pid if process is not None and process.death is None else None

    async def ask(self, job: Mapping[str, Any], bill: Bill | None = None) -> dict[str, Any]:
        """Have a request answered; when the engine dies over it, by the next one.

        Args:
            job: the request.
            bill: the run that asks.

        Raises:
            RequestRefused: it was under way at too many deaths, or the engine refuses it.
            PrerequisiteError: the engine cannot be started.
            EndpointFatal: it died too often.
        """
        call = Call(bill=bill)
        self._calls.add(call)
        try:
            return await self._ask(job, call)
        finally:
            self._calls.discard(call)

    async def _ask(self, job: Mapping[str, Any], call: Call) -> dict[str, Any]:
        deaths = 0
        while True:
            process = await self._get(call)
            try:
                async with self._one_suspect if deaths > 1 else contextlib.nullcontext():
                    reply = await process.ask("answer", job)
            except EngineDied as death:
                deaths += 1
                if deaths < DEATHS_OF_ONE:
                    _log.warning("%s over a request, which is asked again %s", death, self._read_more)
                    continue
                self._deaths = 0  # the culprit is found; the engine itself is sound
                raise RequestRefused(f"{death} {deaths} times over this request {self._read_more}") from death
            self._deaths = 0
            return reply

    async def metrics(self) -> dict[str, Any]:
        """What the engine has counted since it was started, by its own names."""
        return await (await self._get(Call())).ask("metrics", {})

    def give_up(self, reason: DataFlowError, bill: Bill | None = None) -> None:
        """Keep nobody of this run (None: of any) waiting for a model that is being loaded, which takes minutes; when
        nobody else waits for it either, it is not loaded."""
        for call in self._calls:
            if bill is None or call.bill is bill:
                call.give_up(reason)
        if self._running is not None and not self._running.done() and all(call.given_up for call in self._calls):
            self._running.cancel()
            self._running = None

    async def close(self) -> None:
        """End the engine. Its log stays where a message names it, or the engine died."""
        self._drop()
        task, self._running = self._running, None
        if task is None:
            return
        task.cancel()
        keep = False
        try:
            process = await task
            keep = process.death is not None
            await process.close()
        except DataFlowError as error:
            keep = str(self._log) in str(error)
        except asyncio.CancelledError:
            pass
        if self._log is not None and not keep:
            self._log.unlink(missing_ok=True)
            self._log = None

    def _drop(self) -> None:
        for key in [key for key, keeper in _keepers.items() if keeper is self]:
            del _keepers[key]

    def _process(self) -> EngineProcess | None:
        task = self._running
        return task.result() if task and task.done() and not task.cancelled() and task.exception() is None else None

    async def _get(self, call: Call) -> EngineProcess:
        if call.given_up is not None:
            raise call.given_up
        process = self._process()
        if process is not None and process.death is not None:
            self._running = None
            self._deaths += 1
            if self._deaths > DEATHS_IN_A_ROW:
                raise EndpointFatal(f"{process.death}, {self._deaths} times without an answer {self._read_more}")
        elif process is None and self._running is not None and self._running.done():
            self._running = None
        if self._running is None:
            self._running = asyncio.ensure_future(self._start())
        starting = self._running
        if starting.done():
            return starting.result()
        call.turn = given_up = asyncio.get_running_loop().create_future()
        try:
            await asyncio.wait((starting, given_up), return_when=asyncio.FIRST_COMPLETED)
            return given_up.result() if given_up.done() else starting.result()
        finally:
            call.turn = None
            given_up.cancel()

    async def _start(self) -> EngineProcess:
        if self._log is None:
            with tempfile.NamedTemporaryFile(prefix="dataflow-engine-", suffix=".log", delete=False) as file:
                self._log = Path(file.name)
            close_at_exit(self.close)
        if sys.stderr is not None and sys.stderr.isatty():
            say(f"loading {self._settings['model']} {self._read_more}")
        _log.info("loading %s %s", self._settings["model"], self._read_more)
        for tries_left in reversed(range(RESTART_TRIES if self._deaths else 1)):
            try:
                return await self._load(self._log)
            except PrerequisiteError as error:
                if not tries_left:
                    raise
                _log.info("loaded again in %g s: %s", RESTART_SECONDS, error)
                # what died a moment ago may still hold the memory
                await asyncio.sleep(RESTART_SECONDS)
        raise AssertionError("the last try returns or raises")

    async def _load(self, log: Path) -> EngineProcess:
        process = await EngineProcess.launch(self._engine, self._environment, log)
        try:
            await process.ask("start", {**self._settings, "log": str(log)})
        except EngineDied as death:
            raise EndpointFatal(f"{death} while it loaded the model {self._read_more}") from death
        except BaseException:
            process.kill()
            raise
        return process

    @property
    def _read_more(self) -> str:
        return f"(log: {self._log})"


_keepers: dict[bytes, EngineKeeper] = {}
"""The engines of this process, by what they were started with."""
