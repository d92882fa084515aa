"""Mutants of files of all formats cost their readers an error of ours at most: a short run of `make fuzz`."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests.fuzz import readers
from tests.fuzz.corpus import corpus
from tests.fuzz.mutants import mutant
from tests.fuzz.readers import readers_of
from tests.fuzz.search import HANGS, by_the_pool, fault_of, search

SEED, MUTANTS = 13, 500

pytestmark = pytest.mark.filterwarnings("ignore:IM image format is deprecated")


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return corpus()


def test_mutants_of_all_formats_are_read_or_refused(files: dict[str, bytes]) -> None:
    found = search(files, SEED, range(MUTANTS))
    assert found.mutants == MUTANTS
    assert found.refused > MUTANTS  # of six reads a mutant
    assert not [fault for fault in found.faults if not fault.crash]


def test_some_mutants_are_read_by_the_processes_of_the_pool(files: dict[str, bytes]) -> None:
    found = by_the_pool(files, SEED, range(0, MUTANTS, 83))
    assert found.mutants >= 3
    assert not found.faults


def test_the_files_are_of_more_than_thirty_formats_and_all_are_read(files: dict[str, bytes], tmp_path: Path) -> None:
    assert len({name.partition(".")[2] for name in files}) >= 30
    for name, data in files.items():
        path = tmp_path / name
        path.write_bytes(data)
        outcomes = {who: fault_of(path, reader) for who, reader in readers_of(name).items()}
        assert None in outcomes.values() and not any(outcomes.values()), (name, outcomes)


def test_the_search_tells_crashes_hangs_and_errors_that_are_not_ours(
    files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(path: Path) -> None:
        raise OSError("bare")

    def hang(path: Path) -> None:
        end = time.process_time() + 600
        while time.process_time() < end:
            pass

    monkeypatch.setattr("tests.fuzz.search.HANG_SECONDS", 0.3)
    one = {"rows.csv": files["rows.csv"]}
    faults = []
    for reader in (wrong, hang, lambda path: os.kill(os.getpid(), signal.SIGKILL)):
        monkeypatch.setattr(readers, "OF_TABLES", {"rows": reader})
        faults += search(one, SEED, range(1)).faults
    assert [fault.how.partition(" at ")[0] for fault in faults] == ["OSError: bare", HANGS, "ended by SIGKILL"]
    assert {(fault.number, fault.reader, fault.crash) for fault in faults} == {(0, "rows", False)}


def test_mutants_are_the_same_by_seed_and_number(files: dict[str, bytes]) -> None:
    drawn = [mutant(files, seed, number) for seed in (1, 2) for number in range(40)]
    assert drawn == [mutant(files, seed, number) for seed in (1, 2) for number in range(40)]
    assert len({data for _, data in drawn}) > 70
