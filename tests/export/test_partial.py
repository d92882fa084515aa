"""What a run has finished is exported, whether it goes on, was stopped, or was killed, with what is missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dataflow.core import InputError
from dataflow.export.job import export
from dataflow.export.options import ExportOptions, ExportResult
from dataflow.storage.lock import output_lock
from tests.commands import read_jsonl, write_jsonl
from tests.export.rows import caption_row, media


def partial(folder: Path, rows: int, **manifest: Any) -> Path:
    """The folder of a run that has this many rows in its spool."""
    out = media(folder) / "run"
    made = [caption_row(number, str(folder / "clips/a.mp4")) for number in range(rows)]
    write_jsonl(out / "x_step1.jsonl.spool", made)
    (out / "run.json").write_text(json.dumps({"output": "run/x_step1.jsonl", **manifest}))
    return out


def counts(samples: int, written: int, failed: int = 0, rejected: int = 0, **more: int) -> dict[str, int]:
    finished = written + failed + rejected
    return {
        "samples": samples,
        "finished": finished,
        "written": written,
        "failed": failed,
        "rejected": rejected,
        **more,
    }


def exported(folder: Path, run: Path) -> ExportResult:
    return export(ExportOptions(run, "llamafactory", folder / "export", media="reference", force=True))


@pytest.mark.parametrize(
    ("manifest", "missing", "says"),
    [
        (
            {"state": "stopped", "message": "the cap of 3 requests is reached.", "counts": counts(10, 3)},
            7,
            "3 of 10 samples; the run was stopped: the cap of 3 requests is reached. The same command",
        ),
        (
            {"state": "failed", "message": "no space left", "counts": counts(10, 3, failed=2, rejected=1)},
            4,
            "3 of 10 samples (2 failed, 1 rejected); the run was stopped: no space left. The same",
        ),
        # The manifest of a killed run is older than its rows.
        ({"state": "running", "counts": counts(1000, 1)}, 997, "3 of 1,000 samples; the run was killed. The same"),
        ({"state": "running"}, None, "3 samples; the run was killed; how many are missing is not known"),
        ({"state": "stopped", "counts": counts(3, 3)}, None, "3 samples; the run was stopped; how many are missing"),
        # Two samples have become three rows.
        ({"state": "stopped", "counts": counts(10, 3, finished=2)}, 8, "2 of 10 samples; the run was stopped"),
    ],
)
def test_what_is_there_is_exported_and_what_is_missing_is_told(
    tmp_path: Path, manifest: dict[str, Any], missing: int | None, says: str
) -> None:
    result = exported(tmp_path, partial(tmp_path, 3, **manifest))
    assert result.splits == {"train": 3} and result.missing == missing
    assert result.partial.startswith(says) and result.partial.endswith("goes on from here")
    about = json.loads((tmp_path / "export/export.json").read_text())
    assert about["partial"] == result.partial and about["counts"]["missing"] == missing


def test_a_run_that_goes_on_is_exported_as_far_as_it_is(tmp_path: Path) -> None:
    run = partial(tmp_path, 3, state="running", counts=counts(10, 3))
    with (run / "x_step1.jsonl.spool").open("ab") as spool:
        spool.write(b'{"id": 3, "capti')  # a line under way
    with output_lock(run / "x_step1.jsonl"):
        result = exported(tmp_path, run)
    assert result.splits == {"train": 3}
    assert result.partial.startswith("3 of 10 samples; the run goes on.")


def test_a_stopped_run_over_an_older_complete_file_gives_the_complete_one(tmp_path: Path) -> None:
    run = partial(tmp_path, 1, state="stopped", counts=counts(10, 1))
    write_jsonl(run / "x_step1.jsonl", [caption_row(n, str(tmp_path / "clips/a.mp4")) for n in range(4)])
    result = exported(tmp_path, run)
    assert (result.splits, result.partial, result.missing) == ({"train": 4}, "", 0)


def test_a_run_without_a_row_is_refused_with_what_to_do(tmp_path: Path) -> None:
    run = partial(tmp_path, 1, state="stopped", counts=counts(10, 0))
    (run / "x_step1.jsonl.spool").unlink()
    with pytest.raises(InputError, match=r"no row is there yet\. The same command as before resumes the run"):
        exported(tmp_path, run)


def test_decisions_about_what_is_not_made_yet_are_not_gone(tmp_path: Path) -> None:
    from dataflow.storage.review import row_digest

    run = partial(tmp_path, 2, state="stopped", counts=counts(10, 2))
    first = read_jsonl(run / "x_step1.jsonl.spool")[0]
    lines = [
        {"key": "1", "at": "", "who": "a", "id": 0, "do": "reject", "seen": row_digest(first)},
        {"key": "2", "at": "", "who": "a", "id": 7, "do": "reject", "seen": "0123456789abcdef"},
    ]
    write_jsonl(run / "x_step1.review.jsonl", lines)
    options = ExportOptions(run, "llamafactory", tmp_path / "export", media="reference", strict=True)
    result = export(options)
    assert (result.applied, result.rejected, result.gone, result.splits) == (1, 1, 0, {"train": 1})
