"""A small real engine, in a process of its own: says back what it is asked, and dies, hangs or fails when told to."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dataflow.core.errors import PrerequisiteError, RequestRefused
from dataflow.serving.local.host import EngineDead


class EchoEngine:
    """Answers with the text of the last turn."""

    async def start(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        if settings.get("starts_file"):
            with Path(settings["starts_file"]).open("a") as file:
                file.write(f"{os.getpid()}\n")
        if settings.get("cannot_start"):
            raise PrerequisiteError("no room for the model: buy memory")
        await asyncio.sleep(settings.get("load_seconds", 0))
        print("a library prints here, where answers must not be disturbed", flush=True)
        self._answered = 0
        return {}

    async def answer(self, job: Mapping[str, Any]) -> dict[str, Any]:
        text = job["turns"][-1]["parts"][-1]["text"]
        if text == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if text == "workers die":
            raise EngineDead("they are gone")
        if text == "refuse":
            raise RequestRefused("not this one")
        if text == "fail":
            raise RuntimeError("a slip in the engine")
        if text.startswith("slow"):
            await asyncio.sleep(0.3)
        if text.startswith("hold "):
            await _until_told(Path(text.removeprefix("hold ").partition(":")[0]))
        self._answered += 1
        print("still printing", file=sys.stdout, flush=True)
        size = len(b"".join(item["file"] for item in job["media"].values()))
        return {"text": f"{text} {size}", "finish": "stop", "read": len(text), "written": 1, "seed": job["seed"]}

    async def metrics(self, job: Mapping[str, Any]) -> dict[str, Any]:
        return {"answered": self._answered}

    def stop(self) -> None:
        pass


async def _until_told(file: Path) -> None:
    """Say in a file beside it that one is under way, and wait for the file."""
    with file.with_suffix(".under_way").open("a") as under_way:
        under_way.write("one\n")
    while not file.exists():
        await asyncio.sleep(0.01)
