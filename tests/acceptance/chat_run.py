"""Runs of the command line against an endpoint that plays a chat model, and what that endpoint says became of each
sample: every check of the output is against what the endpoint planted, none against our own parser.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import av
import numpy as np
import orjson

from tests.commands import dataflow, read_jsonl
from tests.server.chat_texts import PLANTED
from tests.servers import ModelServer

KINDS = {"refused": "refused", "blind": "refused", "cut": "cut_off", "empty": "request"}
"""What a sample is set aside as when a question about it is met with this fate, whatever is said."""

INPUT_COLUMNS = ("id", "image", "video", "conversation")


@dataclass(frozen=True)
class Question:
    """A question of which the endpoint saw every wording.

    Args:
        entries: of its log, in order: the question, then corrections and attempts.
    """

    entries: Sequence[dict[str, Any]]

    @property
    def kind(self) -> str:
        """What the sample must be set aside as for it; empty where the model can be brought to answer."""
        last = self.entries[-1]
        return KINDS[last["fate"]] if last["persistent"] else ""

    @property
    def true(self) -> str:
        """The answer, word for word."""
        return str(self.entries[-1]["true"])

    @property
    def pairs(self) -> list[dict[str, str]]:
        """The pairs in it."""
        return [{"question": question, "answer": answer} for question, answer in self.entries[-1]["pairs"]]


def run(server: ModelServer, folder: Path, pipeline: str, source: str, *more: str) -> CompletedProcess[str]:
    """Run a pipeline over the media in a folder; 32 requests in flight at most."""
    words = ["--input", source, "--model", "openai/stub", "--api-url", server.url, "--max-workers", "32", "--json"]
    done = dataflow("run", pipeline, *words, *more, cwd=folder)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def outcome(folder: Path, pipeline: str) -> tuple[list[Any], list[Any], list[Any]]:
    """Rows, failures and rejected samples of a run."""
    files = sorted((folder / "outputs" / pipeline).glob(f"{pipeline}_step*.jsonl"))
    sides = {
        name: [row for file in files if file.name.endswith(f".{name}.jsonl") for row in read_jsonl(file)]
        for name in ("failures", "rejected")
    }
    (data,) = (file for file in files if file.name.count(".") == 1)
    return read_jsonl(data), sides["failures"], sides["rejected"]


def questions(server: ModelServer) -> dict[tuple[str, ...], list[Question]]:
    """All questions by the media that they are about, in the order in which they were first asked."""
    found: dict[tuple[str, ...], dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for entry in server.requests():
        user = next(turn for turn in entry["messages"] if turn["role"] == "user")
        media = tuple(part["sha256"] for part in user["content"] if "sha256" in part)
        asked = "".join(part.get("text", "") for part in user["content"])
        found[media][asked].append(entry)
    return {media: [Question(entries) for entries in asked.values()] for media, asked in found.items()}


def made_texts(row: dict[str, Any]) -> Iterator[str]:
    """Every text in the columns that a model's answers went into, however deep."""
    stack = [value for name, value in row.items() if name not in INPUT_COLUMNS]
    while stack:
        value = stack.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            stack += value.values() if isinstance(value, dict) else value


def planted_in(rows: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """The phrases of the endpoint that are no answers, with the texts of a dataset in which they stand."""
    return [(mark, text) for row in rows for text in made_texts(row) for mark in PLANTED if mark in text]


def expected_kinds(asked: dict[tuple[str, ...], list[Question]]) -> Counter[str]:
    """How many samples must be set aside, by kind: the first question that cannot be answered decides."""
    kinds = (next((question.kind for question in of if question.kind), "") for of in asked.values())
    return Counter(kind for kind in kinds if kind)


def make_clips(folder: Path, count: int) -> None:
    """So many clips of eight small frames, each of content of its own."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(11)
    for number in range(count):
        with av.open(folder / f"c{number:03}.mp4", "w") as container:
            stream = container.add_stream("mpeg4", rate=4)
            stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
            blocks = rng.integers(0, 255, (3, 4, 3), dtype=np.uint8)
            for step in range(8):
                pixels = np.kron(np.roll(blocks, step, axis=1), np.ones((16, 16, 1), np.uint8))
                container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, "rgb24")))
            container.mux(stream.encode(None))


def manifest(folder: Path, pipeline: str) -> dict[str, Any]:
    """The run's `run.json`."""
    found: dict[str, Any] = orjson.loads((folder / "outputs" / pipeline / "run.json").read_bytes())
    return found
