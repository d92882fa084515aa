"""What reviewers decided is applied."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dataflow.core import UsageError
from dataflow.storage.review import row_digest
from tests.commands import write_jsonl
from tests.export.rows import Row, caption_row, exported, media, video_qa_row, written


def decide(folder: Path, *actions: dict[str, Any]) -> None:
    """Write the review file of `data.jsonl`."""
    write_jsonl(
        folder / "data.review.jsonl", [{"key": f"k{n}", "at": "", "who": "anna", **a} for n, a in enumerate(actions)]
    )


def captions(folder: Path) -> dict[str, str]:
    return {record["id"]: record["conversations"][1]["value"] for record in written(folder)}


def rows() -> list[Row]:
    return [caption_row(number) for number in range(1, 6)]


def test_rejected_samples_are_left_out_and_edits_are_written(tmp_path: Path):
    one, two, three, four, _ = rows()
    decide(
        media(tmp_path),
        {"id": 1, "do": "reject", "seen": row_digest(one)},
        {"id": "2", "do": "edit", "seen": row_digest(two), "set": {"caption": "As it really is."}},
        {"id": 3, "do": "accept", "seen": row_digest(three)},
        {"id": 4, "do": "reject", "seen": row_digest(four)},
        {"id": 4, "do": "undo", "undoes": "k3"},
    )
    before = (tmp_path / "data.review.jsonl").read_bytes()
    result = exported(tmp_path, rows(), "llamafactory")
    assert captions(tmp_path) == {
        "2-caption": "As it really is.",
        "3-caption": "Caption of 3.",
        "4-caption": "Caption of 4.",
        "5-caption": "Caption of 5.",
    }
    assert (result.rejected, result.edited, result.stale) == (1, 1, 0)
    assert (tmp_path / "data.review.jsonl").read_bytes() == before


def test_a_decision_about_an_earlier_text_does_nothing_and_is_counted(tmp_path: Path):
    decide(media(tmp_path), {"id": 1, "do": "reject", "seen": row_digest({"caption": "An earlier one."})})
    result = exported(tmp_path, rows(), "llamafactory")
    assert len(captions(tmp_path)) == 5
    assert (result.rejected, result.stale) == (0, 1)


def test_a_torn_line_is_passed_over_and_told(tmp_path: Path):
    decide(media(tmp_path), {"id": 1, "do": "reject", "seen": row_digest(rows()[0])})
    with (tmp_path / "data.review.jsonl").open("ab") as file:
        file.write(b'{"key": "k9", "id": 2, "do": "rej')
    result = exported(tmp_path, rows(), "llamafactory")
    assert result.rejected == 1 and len(captions(tmp_path)) == 4
    assert result.warnings == ["1 line of the review file cannot be read"]


def test_decisions_find_rows_without_ids_and_with_repeated_ones(tmp_path: Path):
    nameless = {name: value for name, value in caption_row("x").items() if name != "id"}
    same = [caption_row(7), {**caption_row(7), "caption": "Another."}]
    decide(
        media(tmp_path),
        {"id": 1, "do": "reject", "seen": row_digest(nameless)},
        {"id": "7-2", "do": "reject", "seen": row_digest(same[1])},
    )
    result = exported(tmp_path, [nameless, *same], "llamafactory")
    assert captions(tmp_path) == {"7-caption": "Caption of 7."}
    assert result.rejected == 2 and "not unique" in result.warnings[0]


def test_an_export_of_rejected_samples_alone_says_so(tmp_path: Path):
    import pytest

    from dataflow.core import InputError

    decide(media(tmp_path), {"id": 1, "do": "reject", "seen": row_digest(rows()[0])})
    with pytest.raises(InputError, match="1 samples, 1 rejected in review"):
        exported(tmp_path, rows()[:1], "llamafactory")


def test_strict_refuses_when_a_decision_would_do_nothing_and_writes_nothing(tmp_path: Path):
    one, two, *_ = rows()
    applied = {"id": 1, "do": "reject", "seen": row_digest(one)}
    decide(media(tmp_path), applied, {"id": 2, "do": "reject", "seen": row_digest({**two, "caption": "Earlier."})})
    result = exported(tmp_path, rows(), "llamafactory", out=tmp_path / "lenient")
    assert (result.applied, result.rejected, result.stale, result.gone) == (1, 1, 1, 0)
    with pytest.raises(UsageError, match=r"1 decisions are applied, but 1 are stale .* and 0 are about samples"):
        exported(tmp_path, rows(), "llamafactory", strict=True)
    decide(tmp_path, applied, {"id": "away", "do": "accept", "seen": row_digest({"caption": "Elsewhere."})})
    with pytest.raises(UsageError, match=r"0 are stale .* and 1 are about samples that are gone"):
        exported(tmp_path, rows(), "llamafactory", strict=True)
    assert not (tmp_path / "out").exists()
    decide(tmp_path, applied)
    assert exported(tmp_path, rows(), "llamafactory", strict=True).applied == 1


def test_verdicts_on_single_pairs_are_applied_and_own_columns_stay_with_the_rest(tmp_path: Path):
    from dataflow.storage.review_pairs import pair_names

    row = {**video_qa_row(1, pairs=3), "score": 5}
    name = pair_names(row["qa"])[1]
    lines = {"id": 1, "do": "reject_pair", "column": "qa", "pair": name, "note": "wrong", "seen": row_digest(row)}
    decide(media(tmp_path), lines)
    result = exported(tmp_path, [row], "llamafactory")
    assert (result.pairs_rejected, result.rejected_for) == (1, {"wrong": 1})
    qa = next(record for record in written(tmp_path) if record["id"] == "1-qa")
    said = [turn["value"] for turn in qa["conversations"]]
    assert said[0].endswith("Question 0 of 1?") and said[2] == "Question 2 of 1?" and len(said) == 4
    assert qa["score"] == 5
