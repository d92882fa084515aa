"""Memory does not grow with the dataset."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.commands import COMMAND, environment, write_jsonl
from tests.pictures import make_pictures


def peak_kilobytes(rows: int, folder: Path) -> int:
    """The peak memory of a run over so many rows that share a hundred pictures, on the embedded serving."""
    source = write_jsonl(folder / f"{rows}.jsonl", [{"image": [f"p/p{row % 100}.jpg"]} for row in range(rows)])
    command = [str(COMMAND), "run", "image_vqa", "--input", str(source), "--output", str(folder / str(rows)), "--quiet"]
    with subprocess.Popen(command, env=environment(), cwd=folder) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    assert sum(1 for _ in (folder / str(rows) / "image_vqa_step1.jsonl").open("rb")) == rows
    return usage.ru_maxrss


def test_ten_times_the_rows_take_at_most_a_fifth_more_memory(tmp_path: Path) -> None:
    make_pictures(tmp_path / "p", 100)
    assert peak_kilobytes(15_000, tmp_path) <= 1.2 * peak_kilobytes(1_500, tmp_path)
