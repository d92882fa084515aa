"""The command line and scripts as a user runs them: processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson

from tests import command_server

COMMAND = Path(sys.executable).with_name("dataflow")

HANGING = 1800
"""Seconds after which a process counts as hanging: on a busy machine an engine alone takes minutes to start."""


def environment(**changes: str) -> dict[str, str]:
    """The environment of a user who has exported no key."""
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
    return {**kept, **changes}


def dataflow(*words: str | Path, cwd: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run `dataflow ...` and wait for its end.

    It is a fork of a process that has loaded it already, unless the interpreter is to be started in a way of its own:
    with other streams, or with variables that it or a library reads at its start.
    """
    changes = options.pop("env", {})
    env = environment(**changes)
    command = [str(COMMAND), *map(str, words)]
    if not options and not any(name.startswith(("PYTHON", "LANG", "LC_", "SSL_")) for name in changes):
        return command_server.run(command, cwd, env, HANGING)
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=HANGING, **options)


def start(*words: str | Path, cwd: Path, **options: Any) -> subprocess.Popen[bytes]:
    """Start `dataflow ...` in a process group of its own, and do not wait."""
    return subprocess.Popen(
        [str(COMMAND), *map(str, words)],
        cwd=cwd,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        **options,
    )


def python(code: str, cwd: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a script from a file, and wait for its end."""
    script = cwd / "script_under_test.py"
    script.write_text(code)
    env = environment(**options.pop("env", {}))
    command = [sys.executable, str(script)]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=HANGING, **options)


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """The rows of a jsonl file."""
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def write_jsonl(path: Path, rows: list[dict[str, Any]]) -> Path:
    """A jsonl file with these rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    return path
