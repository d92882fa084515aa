"""One run at a time on one output; the lock of a process that died holds nobody up."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading

import pytest

from dataflow.core.errors import OutputError
from dataflow.storage.lock import is_locked, output_lock

HOLD = """
import sys
import threading
from pathlib import Path
from dataflow.storage.lock import output_lock
with output_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the lock until its input is closed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "x.jsonl")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_process_is_told_which_one_is_at_work(tmp_path, holder):
    with pytest.raises(OutputError, match=rf"another run \(pid {holder.pid}\) is writing it"):
        output_lock(tmp_path / "x.jsonl").__enter__()


def test_another_output_is_free(tmp_path, holder):
    with output_lock(tmp_path / "y.jsonl"):
        pass


def test_the_lock_is_free_when_the_other_has_ended(tmp_path, holder):
    holder.communicate("")
    with output_lock(tmp_path / "x.jsonl"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_the_lock_of_a_killed_process_does_not_block(tmp_path, holder):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with output_lock(tmp_path / "x.jsonl"):
        pass


def test_the_lock_is_dropped_on_an_error_and_held_against_the_same_process(tmp_path):
    with pytest.raises(RuntimeError), output_lock(tmp_path / "x.jsonl"):
        with pytest.raises(OutputError, match="another run"):
            output_lock(tmp_path / "x.jsonl").__enter__()
        raise RuntimeError
    with output_lock(tmp_path / "x.jsonl"):
        pass


def test_of_many_processes_that_race_for_the_lock_never_two_hold_it(tmp_path):
    code = """
import sys
import threading
from pathlib import Path
from dataflow.core.errors import OutputError
from dataflow.storage.lock import is_locked, output_lock
path = Path(sys.argv[1])
for _ in range(300):
    try:
        with output_lock(path):
            inside = path.with_name("inside")
            inside.mkdir()
            inside.rmdir()
    except OutputError as error:
        assert "another run" in str(error), error
"""
    processes = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "x")]) for _ in range(4)]
    assert [process.wait(60) for process in processes] == [0, 0, 0, 0]


def test_whether_a_run_is_at_work_can_be_asked(tmp_path, holder):
    assert is_locked(tmp_path / "x.jsonl")
    assert not is_locked(tmp_path / "y.jsonl")
    holder.kill()
    holder.wait()
    assert (tmp_path / ".x.jsonl.lock").exists() and not is_locked(tmp_path / "x.jsonl")


def test_asking_does_not_turn_a_run_away(tmp_path):
    asked = threading.Event()

    def ask() -> None:
        while not asked.wait(0.001):  # who asks without a pause holds it most of the time, and nobody does
            is_locked(tmp_path / "x.jsonl")

    (tmp_path / ".x.jsonl.lock").touch()
    asking = threading.Thread(target=ask)
    asking.start()
    try:
        for _ in range(50):
            with output_lock(tmp_path / "x.jsonl"):
                (tmp_path / ".x.jsonl.lock").touch()
    finally:
        asked.set()
        asking.join()
