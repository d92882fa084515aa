"""What is saved of a damaged ledger: moved aside as the error says, its whole answers go into the new one."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from dataflow.core import OutputError, Response, Usage
from dataflow.engine.ledger import VALID, SqliteLedger
from dataflow.engine.ledger_salvage import aside
from tests.commands import read_jsonl
from tests.engine.questions import ask, serving_at
from tests.servers import ModelServer

ANSWERS = 200


def key(number: int) -> bytes:
    return number.to_bytes(16, "big")


def response(number: int) -> Response:
    """Every seventh fills several pages."""
    text = f"Dog {number} runs — schnell. " * (1 if number % 7 else 600)
    return Response(text, "", "stop", Usage(number, 7), "m", 0.5, media=({"video": f"{number}.mp4"},))


def write(path: Path) -> None:
    """A ledger of answers."""

    async def run() -> None:
        ledger = SqliteLedger(path)
        for number in range(ANSWERS):
            ledger.put(key(number), response(number), VALID)
        ledger.close()

    asyncio.run(run())


def write_log(path: Path) -> dict[str, bytes]:
    """A ledger whose answers stand in its log alone, as a killed run leaves it: its file and the log."""
    SqliteLedger(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")  # as long as it looks at what was, nothing of the log goes into the file
        reader.execute("SELECT count(*) FROM answers").fetchone()
        write(path)
        return {side: Path(f"{path}{side}").read_bytes() for side in ("", "-wal")}


@contextmanager
def opened(path: Path) -> Iterator[SqliteLedger]:
    ledger = SqliteLedger(path)
    try:
        yield ledger
    finally:
        with suppress(OutputError):
            ledger.close()


def texts(ledger: SqliteLedger) -> list[str | None]:
    found = [ledger.get(key(number), 0) for number in range(ANSWERS)]
    return [None if one is None else one.response.text for one in found]


RIGHT = [response(number).text for number in range(ANSWERS)]


def test_all_answers_of_a_ledger_with_a_broken_head_are_saved(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    write(path)
    data = bytearray(path.read_bytes())
    data[:40] = bytes(40)
    path.write_bytes(data)
    with pytest.raises(OutputError, match=r"mv .*ledger.sqlite .*ledger.sqlite.broken"):
        SqliteLedger(path)
    path.rename(aside(path))
    with opened(path) as ledger:
        assert ledger.saved == ANSWERS
        assert texts(ledger) == RIGHT
    with opened(path) as again:
        assert again.saved == 0


def test_answers_that_stand_in_the_log_alone_are_saved_too(tmp_path: Path) -> None:
    left = write_log(tmp_path / "whole.sqlite")
    path = tmp_path / "ledger.sqlite"
    aside(path).write_bytes(left[""])
    Path(f"{path}-wal").write_bytes(left["-wal"])  # mv took the file and left the log behind
    with opened(path) as ledger:
        assert texts(ledger) == RIGHT


def test_damage_at_random_places_saves_most_and_changes_none(tmp_path: Path) -> None:
    whole, chance, saved = tmp_path / "whole.sqlite", random.Random(5), 0
    write(whole)
    data = whole.read_bytes()
    for number in range(30):
        damaged = bytearray(data)
        for _ in range(chance.choice([1, 8, 64])):
            damaged[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        if number % 3 == 0:
            del damaged[chance.randrange(len(data)) :]
        path = tmp_path / str(number) / "ledger.sqlite"
        path.parent.mkdir()
        aside(path).write_bytes(damaged)
        with opened(path) as ledger:
            found = texts(ledger)
        assert all(one is None or one == right for one, right in zip(found, RIGHT, strict=True))
        saved += sum(one is not None for one in found)
    assert saved > 30 * ANSWERS * 0.5


def test_a_run_says_what_was_saved_and_asks_only_for_the_rest(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.configure(answer="qa")
    serving, path = serving_at(model_server), tmp_path / "ledger.sqlite"
    questions = [f"question {number}" for number in range(20)]
    first = ask(serving, questions, tmp_path, path)
    rows = read_jsonl(tmp_path / "p_step1.jsonl")
    data = bytearray(path.read_bytes())
    data[:16] = bytes(16)
    path.write_bytes(data)
    path.rename(aside(path))
    done = ask(serving, questions, tmp_path, path)
    assert (first.counts.requests, done.counts.requests, done.counts.from_ledger) == (20, 0, 20)
    assert read_jsonl(tmp_path / "p_step1.jsonl") == rows
    (warning,) = done.counts.warnings
    assert "20 answers" in warning and str(aside(path)) in warning
