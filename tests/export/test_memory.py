"""Memory and the report's page do not grow with the dataset."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import HANGING, environment, write_jsonl
from tests.engine.test_memory import TELL_PEAK
from tests.export.rows import media, video_qa_row

FEW, MANY = 2_000, 20_000


def peak_kilobytes(folder: Path, *words: str) -> int:
    """The peak memory of a command."""
    command = [sys.executable, "-c", TELL_PEAK, *words]
    done = subprocess.run(command, env=environment(), cwd=folder, capture_output=True, text=True, timeout=HANGING)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Datasets of two sizes that share media, every text with words of its own."""
    where = media(tmp_path_factory.mktemp("many"), 100)
    for count in (FEW, MANY):
        rows = []
        for number in range(count):
            row = video_qa_row(number, f"clips/{'abc'[number % 3]}.mp4")
            row["caption"] = " ".join(f"w{number * place % 9973}" for place in range(1, 40))
            rows.append({**row, "image": [f"p/p{number % 100}.jpg"]})
        write_jsonl(where / f"{count}.jsonl", rows)
    return where


def test_an_export_of_ten_times_the_rows_takes_at_most_a_fifth_more_memory(folder: Path) -> None:
    def peak(count: int) -> int:
        words = ["--to", "llamafactory", "--out", f"out{count}", "--val", "0.1"]
        return peak_kilobytes(folder, "export", f"{count}.jsonl", *words)

    assert peak(MANY) <= 1.2 * peak(FEW)


def test_a_report_of_ten_times_the_rows_takes_at_most_a_quarter_more_memory(folder: Path) -> None:
    def peak(count: int) -> int:
        return peak_kilobytes(folder, "report", f"{count}.jsonl", "-o", f"{count}.html", "--samples", "2")

    assert peak(MANY) <= 1.25 * peak(FEW)
    sizes = [(folder / f"{count}.html").stat().st_size for count in (FEW, MANY)]
    assert sizes[1] <= 1.5 * sizes[0]
