"""Small runs of one operator against the test endpoint, and what came of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dataflow import Operator
from dataflow.serving import APIVLMServing_openai
from dataflow.utils.storage import FileStorage
from tests.commands import read_jsonl, write_jsonl
from tests.servers import ModelServer

Row = dict[str, Any]


def serving(server: ModelServer, **settings: Any) -> APIVLMServing_openai:
    """A serving that asks the test endpoint."""
    return APIVLMServing_openai(server.url, model_name="stub", **settings)


def run(operator: Operator, rows: list[Row], folder: Path, **keys: str) -> tuple[list[Row], list[Row]]:
    """Take rows through an operator, in a new storage over the same cache.

    Returns:
        The rows that came out, and the failures.
    """
    source = folder / "in.jsonl"
    if not source.exists():
        write_jsonl(source, rows)
    storage = FileStorage(str(source), str(folder / "cache"), "s", "jsonl")
    done = operator.run(storage=storage.step(), **keys)
    failures = folder / "cache/s_step1.failures.jsonl"
    return list(done.rows()), read_jsonl(failures) if failures.exists() else []


def trace(folder: Path) -> list[Row]:
    """The trace of the run."""
    return read_jsonl(folder / "cache/s_step1.trace.jsonl")


def forget_step(folder: Path) -> None:
    """Remove what the run wrote but for the ledger, as if it had been killed just before its end."""
    for path in (folder / "cache").glob("s_step1*"):
        path.unlink()


def asked(server: ModelServer) -> int:
    """How many requests the endpoint answered with 200."""
    return sum(request["outcome"] == "200" for request in server.requests())
