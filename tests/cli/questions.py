"""Runs of `image_vqa` over many questions about one picture, for tests of what goes wrong on the way."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.commands import dataflow, read_jsonl, write_jsonl
from tests.pictures import make_pictures
from tests.servers import ModelServer

OUTPUT = "outputs/image_vqa/image_vqa_step1.jsonl"
FAILURES = "outputs/image_vqa/image_vqa_step1.failures.jsonl"
TRACE = "outputs/image_vqa/image_vqa_step1.trace.jsonl"


def questions(folder: Path, count: int) -> None:
    """A dataset of so many different questions about one picture."""
    make_pictures(folder, 1)
    rows = [
        {"image": "p0.jpg", "conversation": [{"from": "human", "value": f"Question {number} of many?"}]}
        for number in range(count)
    ]
    write_jsonl(folder / "in.jsonl", rows)


def words(*servers: ModelServer, more: tuple[str | Path, ...] = ()) -> list[str | Path]:
    addresses = [word for server in servers for word in ("--api-url", server.url)]
    return ["run", "image_vqa", "--input", "in.jsonl", "--model", "openai/stub", *addresses, "-q", *more]


def ask(server: ModelServer, folder: Path, *more: str | Path, expect: int = 0) -> str:
    """Run, check the exit code, and give what was said."""
    done = dataflow(*words(server, more=more), cwd=folder)
    assert done.returncode == expect, f"exit code {done.returncode}: {done.stderr}"
    assert "Traceback" not in done.stderr
    return done.stderr


def answers(folder: Path) -> list[str]:
    """The answers in the output, after a look that each row has one of its own."""
    rows = read_jsonl(folder / OUTPUT)
    texts = [row["vqa"] for row in rows]
    assert all("echo of stub: 1 images" in text for text in texts)
    assert len(set(texts)) == len(texts)
    return texts


def faulty(server: ModelServer) -> Counter[str]:
    return Counter(server.stats()["statuses"])
