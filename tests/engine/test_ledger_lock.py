"""A ledger that another process writes to: the loop goes on, nothing is lost, and a lock that never ends is an error
that says what to do."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dataflow.core import OutputError, Response, Usage
from dataflow.engine import ledger_file
from dataflow.engine.ledger import VALID, SqliteLedger
from tests.engine.questions import ask, serving_at
from tests.servers import ModelServer

HOLD = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
db.execute("ROLLBACK")
"""


@contextmanager
def held(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the write lock until it reads a line."""
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdin is not None
        assert process.stdout.readline() == "held\n"
        yield process
        if process.poll() is None:
            process.communicate("\n", timeout=60)


def count(path: Path) -> int:
    db = sqlite3.connect(path)
    (answers,) = db.execute("SELECT count(*) FROM answers").fetchone()
    db.close()
    return int(answers)


def test_the_loop_never_waits_for_the_lock_and_what_came_meanwhile_is_written_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"

    async def run() -> None:
        ledger = SqliteLedger(path)
        with held(path) as process:
            for number in range(300):
                ledger.put(b"%16d" % number, Response(f"answer {number}", usage=Usage(1, 2)), VALID)
                await asyncio.sleep(0)
                kept = ledger.get(b"%16d" % (number // 2), 0)
                assert kept is not None and kept.response.text == f"answer {number // 2}"
            ledger.judge(b"%16d" % 7, 0, "refused")
            assert count(path) == 0  # all of that went on while the lock was held
            await asyncio.to_thread(process.communicate, "\n", 60)
        async with asyncio.timeout(60):
            while count(path) < 300:
                await asyncio.sleep(0.01)
        judged = ledger.get(b"%16d" % 7, 0)
        assert judged is not None and judged.verdict == "refused"
        await asyncio.to_thread(ledger.close)

    asyncio.run(run())


def test_a_whole_run_goes_on_under_a_lock_and_ends_when_it_is_given_back(
    model_server: ModelServer, tmp_path: Path
) -> None:
    path = tmp_path / "shared.sqlite"
    SqliteLedger(path).close()
    texts = [f"Question {number}?" for number in range(40)]
    with held(path) as process:
        done: list[int] = []
        serving = serving_at(model_server, max_workers=4)
        thread = threading.Thread(target=lambda: done.append(len(ask(serving, texts, tmp_path / "out", path))))
        thread.start()
        while model_server.stats()["delivered"] < 40:
            assert thread.is_alive()
        assert count(path) == 0
        process.communicate("\n", timeout=60)
        thread.join(timeout=60)
    assert done == [40] and count(path) == 40


def test_a_lock_that_never_ends_is_an_error_that_names_the_file_and_the_cure(
    model_server: ModelServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "shared.sqlite"
    SqliteLedger(path).close()
    monkeypatch.setattr(ledger_file, "LOCK_SECONDS", 0.5)
    with held(path), pytest.raises(OutputError) as caught:
        ask(serving_at(model_server), [f"Question {number}?" for number in range(10)], tmp_path / "out", path)
    assert str(path) in str(caught.value) and "--ledger" in str(caught.value) and "lock" in str(caught.value)


def test_what_waited_for_a_lock_that_ended_too_late_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ledger.sqlite"
    monkeypatch.setattr(ledger_file, "LOCK_SECONDS", 0.2)

    async def run() -> None:
        ledger = SqliteLedger(path)
        with held(path) as process:
            ledger.put(b"k" * 16, Response("an answer"), VALID)
            async with asyncio.timeout(60):
                while ledger.failure is None:
                    await asyncio.sleep(0.01)
            await asyncio.to_thread(process.communicate, "\n", 60)
        await asyncio.to_thread(ledger.close)

    asyncio.run(run())
    assert count(path) == 1
