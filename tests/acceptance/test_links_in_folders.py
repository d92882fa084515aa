"""Links laid in a folder that somebody else made: no file of ours is written through one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import orjson

from tests.commands import HANGING, environment
from tests.export.rows import CLIPS
from tests.pictures import make_pictures

ROOT = Path(__file__).parents[2]


def test_no_file_that_run_review_report_export_and_view_make_is_written_through_a_link(tmp_path: Path) -> None:
    (picture,) = make_pictures(tmp_path / "given", 1)
    done = subprocess.run(
        [sys.executable, "-m", "tests.acceptance.links_sweep", str(tmp_path), str(picture), str(min(CLIPS.glob("*")))],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=HANGING,
    )
    assert done.returncode == 0, done.stderr
    told = orjson.loads(done.stdout)
    assert told["hurt"] == []
    others = [line for line in told["said"] if "is a symbolic link" not in line and "No row could be read" not in line]
    assert others == []  # what is refused says so; all else goes on as if no link had been there
    assert {"ledger.sqlite", "ledger.sqlite-wal", "v_step1.review.jsonl", ".v_step1.jsonl.lock"} <= set(told["refused"])
    swept = set(told["names"])
    assert "out" in told["refused"] and ".out.partial" in swept
    assert {"v_step1.jsonl.spool", ".v_step1.jsonl.spool.index", "run.json", "w_step1.failures.jsonl"} <= swept
    assert {"input/rows.jsonl", "report.html", "m_step2.trace.jsonl"} <= swept
    assert any(name.startswith("downloads/") and name.endswith(".part") for name in swept)
