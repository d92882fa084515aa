"""Memory does not grow with the dataset."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.commands import HANGING, environment, write_jsonl
from tests.pictures import make_pictures

# The peak of a child as its parent sees it holds the parent's own memory at the fork; only the child knows its own.
TELL_PEAK = """
import sys
from dataflow.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
status = open("/proc/self/status").read()
print(status.partition("VmHWM:")[2].split()[0])
"""


def peak_kilobytes(rows: int, folder: Path) -> int:
    """The peak memory of a run over so many rows that share a hundred pictures, on the embedded serving."""
    source = write_jsonl(folder / f"{rows}.jsonl", [{"image": [f"p/p{row % 100}.jpg"]} for row in range(rows)])
    words = ["run", "image_vqa", "--input", str(source), "--output", str(folder / str(rows)), "--quiet"]
    command = [sys.executable, "-c", TELL_PEAK, *words]
    done = subprocess.run(command, env=environment(), cwd=folder, capture_output=True, text=True, timeout=HANGING)
    assert done.returncode == 0, done.stderr
    assert sum(1 for _ in (folder / str(rows) / "image_vqa_step1.jsonl").open("rb")) == rows
    return int(done.stdout)


def test_ten_times_the_rows_take_at_most_a_fifth_more_memory(tmp_path: Path) -> None:
    make_pictures(tmp_path / "p", 100)
    assert peak_kilobytes(15_000, tmp_path) <= 1.2 * peak_kilobytes(1_500, tmp_path)
