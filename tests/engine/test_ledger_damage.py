"""Damage on the disk: an answer of the ledger is what was written, or none, or the run says what to do."""

from __future__ import annotations

import asyncio
import contextlib
import random
import shutil
from pathlib import Path

import pytest

from dataflow.core import OutputError, Response, Usage
from dataflow.engine.ledger import VALID, SqliteLedger
from tests.commands import read_jsonl
from tests.engine.questions import ask, serving_at
from tests.servers import ModelServer

ANSWERS = 60
PLACES = 300


def write(path: Path) -> None:
    async def run() -> None:
        ledger = SqliteLedger(path)
        for number in range(ANSWERS):
            media = ({"video": f"{number}.mp4", "times": [0.5]},)
            text = f"A dog number {number} runs — schnell. " * (number % 7 + 1)
            ledger.put(key(number), Response(text, "", "stop", Usage(number, 7), "m", 0.5, media=media), VALID)
        ledger.close()

    asyncio.run(run())


def key(number: int) -> bytes:
    return number.to_bytes(16, "big")


def known(path: Path) -> list[object]:
    """What the ledger says of each question: an entry, None, or the error of the whole."""
    ledger = SqliteLedger(path)
    try:
        return [ledger.get(key(number), 0) for number in range(ANSWERS)]
    finally:
        with contextlib.suppress(OutputError):
            ledger.close()


def test_a_letter_flipped_in_an_answer_asks_it_again_and_says_so(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.configure(answer="script", script={"two": "a brown dog", ".": "fine"})
    serving, path = serving_at(model_server), tmp_path / "ledger.sqlite"
    assert ask(serving, ["one", "two", "three"], tmp_path, path).counts.requests == 3
    data = path.read_bytes()
    assert data.count(b"a brown dog") == 1
    path.write_bytes(data.replace(b"a brown dog", b"a brown fog"))
    done = ask(serving, ["one", "two", "three"], tmp_path, path)
    assert (done.counts.requests, done.counts.from_ledger) == (1, 2)
    assert [row["answer"] for row in read_jsonl(tmp_path / "p_step1.jsonl")] == ["fine", "a brown dog", "fine"]
    (warning,) = done.counts.warnings
    assert "1 answer in the ledger was damaged" in warning and str(path) in warning
    assert ask(serving, ["one", "two", "three"], tmp_path, path).counts.requests == 0  # healed


def test_damage_at_random_places_never_gives_another_answer(tmp_path: Path) -> None:
    whole, path = tmp_path / "whole.sqlite", tmp_path / "ledger.sqlite"
    write(whole)
    right = known(whole)
    assert None not in right
    data, chance = whole.read_bytes(), random.Random(11)
    ends = {"right": 0, "asked again": 0, "said": 0}
    for _ in range(PLACES):
        damaged = bytearray(data)
        for _ in range(chance.choice([1, 1, 8])):
            damaged[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        for side in ("-wal", "-shm"):
            Path(f"{path}{side}").unlink(missing_ok=True)
        path.write_bytes(damaged)
        try:
            found = known(path)
        except OutputError as error:
            assert "cannot use the ledger" in str(error) or "newer version" in str(error)
            ends["said"] += 1
            continue
        assert all(one is None or one == good for one, good in zip(found, right, strict=True))
        ends["asked again" if None in found else "right"] += 1
    assert min(ends.values()) > 0, ends


@pytest.mark.parametrize("kept", [0, 100, 4096, 20_000])
def test_a_ledger_cut_short_is_said_or_read_anew(tmp_path: Path, kept: int) -> None:
    whole, path = tmp_path / "whole.sqlite", tmp_path / "ledger.sqlite"
    write(whole)
    right = known(whole)
    shutil.copy(whole, path)
    with path.open("r+b") as file:
        file.truncate(kept)
    try:
        found = known(path)
    except OutputError as error:
        assert str(path) in str(error)
    else:
        assert all(one is None or one == good for one, good in zip(found, right, strict=True))
