"""A forked command is what a started one is: words, directory, environment, streams, exit code, and end by a signal."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests import command_server
from tests.commands import COMMAND, dataflow, environment


@pytest.mark.parametrize("words", [["--version"], ["nonsense"], ["status", "gone"], ["run", "own.py", "a"], ["list"]])
def test_it_says_and_returns_what_a_started_one_does(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "own.py").write_text(
        "import os, sys\nprint(sys.argv, os.getcwd(), os.environ['MINE'], __name__)\nsys.exit('no')\n"
    )
    env = environment(MINE="yes")
    started = subprocess.run([str(COMMAND), *words], cwd=tmp_path, env=env, capture_output=True, text=True)
    forked = dataflow(*words, cwd=tmp_path, env={"MINE": "yes"})
    assert (forked.returncode, forked.stdout, forked.stderr) == (started.returncode, started.stdout, started.stderr)


def test_an_error_that_is_no_users_ends_in_a_traceback_and_1(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("1 / 0\n")
    done = dataflow("run", "own.py", cwd=tmp_path)
    assert done.returncode == 1 and done.stderr.splitlines()[-1] == "ZeroDivisionError: division by zero"


def test_a_signal_ends_it_and_is_told(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("import time\nprint('ready', flush=True)\ntime.sleep(1000)\n")
    read, write = os.pipe()
    process = command_server.Process(
        [str(COMMAND), "run", "own.py"], tmp_path, environment(), write, write, session=True
    )
    os.close(write)
    with open(read) as output:
        assert output.readline() == "ready\n" and process.poll() is None
        assert os.getpgid(process.pid) == process.pid
        process.kill()
        assert process.wait(60) == -signal.SIGKILL
        assert output.read() == ""
