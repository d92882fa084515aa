"""How many samples were refused and how many cut off is said alike wherever a run is looked at."""

from __future__ import annotations

from pathlib import Path

import orjson

from tests.commands import dataflow, read_jsonl, write_jsonl
from tests.pictures import make_pictures
from tests.servers import ModelServer
from tests.viewer.pages import viewing

TOLD = "3 refused, 2 cut off"
REFUSAL = "I'm sorry, but I can't help with that."


def test_summary_status_viewer_report_and_card_say_how_many_failed_in_which_way(
    model_server: ModelServer, tmp_path: Path
) -> None:
    pictures = make_pictures(tmp_path / "p", 7)
    asked = ["refuse", "refuse", "refuse", "cut", "cut", "answer", "answer"]
    source = write_jsonl(
        tmp_path / "in.jsonl",
        [
            {"image": str(path), "conversation": [{"from": "human", "value": f"Now {word}, {number}"}]}
            for number, (path, word) in enumerate(zip(pictures, asked, strict=True))
        ],
    )
    model_server.configure(
        answer="script", script={"Now refuse": REFUSAL, ".": "A red ball on a lawn."}, fail_on={"Now cut": "length"}
    )
    words = ["run", "image_vqa", "--input", source, "--model", "openai/stub", "--api-url", model_server.url]
    done = dataflow(*words, cwd=tmp_path)
    assert done.returncode == 3
    assert f"5 failed ({TOLD})" in done.stderr and f"failed: 5 ({TOLD})" in done.stderr
    assert model_server.stats()["requests"] == 2 + 5 * 2
    folder = tmp_path / "outputs/image_vqa"
    rows = read_jsonl(folder / "image_vqa_step1.jsonl")
    assert [row["vqa"] for row in rows] == ["A red ball on a lawn."] * 2

    assert f"7 of 7, 5 failed ({TOLD})" in dataflow("status", folder, cwd=tmp_path).stdout
    counts = orjson.loads(dataflow("status", folder, "--json", cwd=tmp_path).stdout)["counts"]
    assert counts["kinds"] == {"refused": 3, "cut_off": 2}
    with viewing(folder) as viewer:
        assert viewer.json("api/state")["failed_how"] == TOLD
    report = dataflow("report", folder, "--output", tmp_path / "r.html", "--card", tmp_path / "card.md", cwd=tmp_path)
    assert report.returncode == 0, report.stderr
    assert f"failed ({TOLD})" in (tmp_path / "r.html").read_text()
    assert f"5 failed ({TOLD})" in (tmp_path / "card.md").read_text()

    model_server.configure(script={".": "A red ball on a lawn."}, fail_on={})
    assert dataflow(*words, cwd=tmp_path).returncode == 0
    assert len(read_jsonl(folder / "image_vqa_step1.jsonl")) == 7
    assert "7 of 7, 0 failed, 0 rejected" in dataflow("status", folder, cwd=tmp_path).stdout
