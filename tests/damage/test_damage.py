"""A few kills and damaged files of every kind; `make damage` does it at length."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_killed_runs_and_damaged_files_change_no_answer() -> None:
    command = [sys.executable, str(ROOT / "benchmarks/damage.py"), "--kills", "2", "--rounds", "8", "--seed", "7"]
    command += ["--pictures", "24", "--clips", "6"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1800)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "faults 0" in done.stdout
