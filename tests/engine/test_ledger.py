"""The ledger: what was answered stays answered, whatever happens to the process, the disk or the file."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dataflow.core import OutputError, Response, Usage
from dataflow.engine.ledger import UNPARSED, VALID, SqliteLedger
from dataflow.engine.ledger_row import Entry

KEY = b"k" * 16
ANSWER = Response(
    text="Ein Hund läuft. 🐕\x00", reasoning="Look.", finish_reason="length", usage=Usage(12, 34), model="m",
    latency=0.5, media=({"video": "a.mp4", "times": [0.5, 1.0]},),
)  # fmt: skip


def on_loop(path: Path, work: Callable[[SqliteLedger], None]) -> None:
    """Open a ledger, do something with it on a loop, and close it."""

    async def run() -> None:
        ledger = SqliteLedger(path)
        try:
            work(ledger)
        finally:
            ledger.close()

    asyncio.run(run())


def entry(path: Path, key: bytes = KEY, attempt: int = 0) -> Entry | None:
    found: list[Entry | None] = []
    on_loop(path, lambda ledger: found.append(ledger.get(key, attempt)))
    return found[0]


def test_an_answer_comes_back_whole_and_not_fresh_before_and_after_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"

    def work(ledger: SqliteLedger) -> None:
        ledger.put(KEY, ANSWER, VALID)
        pending = ledger.get(KEY, 0)
        assert pending is not None and pending.response == replace(ANSWER, fresh=False)

    on_loop(path, work)
    kept = entry(path)
    assert kept is not None and kept.response == replace(ANSWER, fresh=False) and kept.verdict == VALID


def test_attempts_are_kept_apart_and_verdicts_can_change(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"

    def work(ledger: SqliteLedger) -> None:
        ledger.put(KEY, ANSWER, VALID)
        ledger.put(KEY, replace(ANSWER, text="again", attempt=1), VALID)
        ledger.judge(KEY, 0, UNPARSED)
        pending = ledger.get(KEY, 0)
        assert pending is not None and pending.verdict == UNPARSED

    on_loop(path, work)
    first, second = entry(path), entry(path, attempt=1)
    assert first is not None and (first.response.text, first.verdict) == (ANSWER.text, UNPARSED)
    assert second is not None and (second.response.text, second.verdict) == ("again", VALID)
    assert entry(path, key=b"x" * 16) is None


def test_answers_are_in_the_file_soon_after_they_came_without_anybody_asking_for_it(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"

    async def run() -> None:
        ledger = SqliteLedger(path)
        other = sqlite3.connect(path)
        for round_ in range(3):
            for number in range(5):
                ledger.put(b"%16d" % (5 * round_ + number), ANSWER, VALID)
            async with asyncio.timeout(60):
                while other.execute("SELECT count(*) FROM answers").fetchone() != (5 * (round_ + 1),):
                    await asyncio.sleep(0.001)
        other.close()
        ledger.close()

    asyncio.run(run())


def test_a_digest_is_known_for_the_same_size_and_time_only(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    on_loop(path, lambda ledger: ledger.note_digest("/a.jpg", 10, 99, "abc"))
    found: list[str | None] = []
    on_loop(
        path,
        lambda ledger: found.extend(ledger.digest(*look) for look in [("/a.jpg", 10, 99), ("/a.jpg", 11, 99),
                                                                     ("/a.jpg", 10, 98), ("/b.jpg", 10, 99)]),
    )  # fmt: skip
    assert found == ["abc", None, None, None]


def test_text_that_is_no_unicode_costs_no_other_answer(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"

    def work(ledger: SqliteLedger) -> None:
        ledger.put(b"a" * 16, replace(ANSWER, text="half a pair: \ud83d"), VALID)
        ledger.put(b"b" * 16, ANSWER, VALID)

    on_loop(path, work)
    broken, whole = entry(path, b"a" * 16), entry(path, b"b" * 16)
    assert broken is not None and broken.response.text == "half a pair: ?"
    assert whole is not None and whole.response.text == ANSWER.text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"this is no database at all, but a text of some length" * 40, "damaged: move it aside (mv "),
        (None, "choose another place with --ledger"),
    ],
)
def test_what_is_no_ledger_is_an_error_that_says_what_to_do(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "ledger.sqlite"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    with pytest.raises(OutputError) as caught:
        SqliteLedger(path)
    assert said in str(caught.value) and str(path) in str(caught.value)
    assert path.is_dir() or path.read_bytes() == content


def test_a_ledger_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    db = sqlite3.connect(path)
    db.executescript("CREATE TABLE other (x); PRAGMA user_version=99;")
    db.close()
    with pytest.raises(OutputError, match=r"newer version.*upgrade"):
        SqliteLedger(path)
    db = sqlite3.connect(path)
    assert [name for (name,) in db.execute("SELECT name FROM sqlite_master")] == ["other"]
    db.close()


def test_damage_inside_the_file_is_an_error_and_no_wrong_answer(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"

    def fill(ledger: SqliteLedger) -> None:
        for number in range(500):
            ledger.put(b"%16d" % number, replace(ANSWER, text=f"answer {number} " + "x" * 200), VALID)
            ledger.note_digest(f"/{number}.jpg", 1, 1, "d")

    on_loop(path, fill)
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xaa" * (len(content) - 4096))

    def read(ledger: SqliteLedger) -> None:
        with pytest.raises(OutputError, match="damaged: move it aside"):
            ledger.get(b"%16d" % 7, 0)

    with pytest.raises(OutputError, match="damaged: move it aside"):
        on_loop(path, read)


WRITER = """
import asyncio, sys
from pathlib import Path
from dataflow.core import Response
from dataflow.engine.ledger import SqliteLedger

async def main(path, name):
    ledger = SqliteLedger(path)
    for number in range(300):
        ledger.put(f"{name}{number:15d}".encode(), Response(f"{name} {number}"), "valid")
        ledger.put(f"s{number:15d}".encode(), Response(f"shared {number}"), "valid")
        if number % 3 == 0:
            await asyncio.sleep(0)
    ledger.close()

asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
"""


def test_processes_that_make_and_fill_one_ledger_together_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "new" / "ledger.sqlite"
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), name], stderr=subprocess.PIPE)
               for name in "abcd"]  # fmt: skip
    for writer in writers:
        _, said = writer.communicate(timeout=120)
        assert writer.returncode == 0, said.decode()
    db = sqlite3.connect(path)
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert db.execute("SELECT count(*) FROM answers").fetchone() == (5 * 300,)
    db.close()
