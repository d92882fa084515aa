"""Damage to a data file and its manifest is noticed by whoever reads them, and the next run puts it right."""

from __future__ import annotations

import shutil
from pathlib import Path

import orjson
import pytest

from dataflow.runs.seal import digest_of, sealed, what_is_odd
from tests.commands import dataflow, write_jsonl
from tests.media.media_clips import Clip
from tests.pictures import make_pictures
from tests.servers import ModelServer

ROWS = "image_vqa_step1.jsonl"


def words(server: ModelServer) -> list[str]:
    given = ["run", "image_vqa", "--input", "media", "--output", "out", "-q"]
    return [*given, "--model", "openai/stub", "--api-url", server.url]


@pytest.fixture
def out(model_server: ModelServer, tmp_path: Path) -> Path:
    model_server.configure(answer="qa")
    make_pictures(tmp_path / "media", 4)
    done = dataflow(*words(model_server), cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    return tmp_path / "out"


def turn_a_letter(path: Path, word: bytes) -> None:
    data = path.read_bytes()
    assert word in data
    path.write_bytes(data.replace(word, bytes([word[0] ^ 1]) + word[1:], 1))


def test_an_undamaged_run_has_nothing_odd(out: Path) -> None:
    assert what_is_odd(out / ROWS) == []


def test_a_letter_turned_over_in_an_answer_is_told_by_export_and_report_and_mended_by_the_next_run(
    out: Path, model_server: ModelServer, tmp_path: Path
) -> None:
    right, asked = (out / ROWS).read_bytes(), model_server.stats()["requests"]
    turn_a_letter(out / ROWS, b"answer")
    said = f"out/{ROWS} is not as the run wrote it"
    assert said in dataflow("report", "out", "--output", "page.html", cwd=tmp_path).stderr
    assert said in dataflow("export", "out", "--to", "sharegpt", "--out", "exported", cwd=tmp_path).stderr
    assert dataflow(*words(model_server), cwd=tmp_path).returncode == 0
    assert (out / ROWS).read_bytes() == right and what_is_odd(out / ROWS) == []
    assert model_server.stats()["requests"] == asked


def test_a_letter_turned_over_in_the_manifest_is_told(out: Path) -> None:
    turn_a_letter(out / "run.json", b"started")
    assert "run.json is not as the run wrote it" in dataflow("status", "out", cwd=out.parent).stderr
    assert any("run.json is not as the run wrote it" in said for said in what_is_odd(out / ROWS))


def test_a_manifest_that_cannot_be_read_is_told(out: Path) -> None:
    (out / "run.json").write_bytes(b"{")
    assert ["cannot be read" in said for said in what_is_odd(out / ROWS)] == [True]


def test_a_step_keeps_its_digest_when_another_run_writes_its_manifest_in_the_same_folder(
    out: Path, model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(answer="caption")
    Clip("clip.mp4", "libx264", frames=12, size=(64, 64), options={"g": "12"}).make(tmp_path / "media")
    caption = ["video_caption" if word == "image_vqa" else word for word in words(model_server)]
    assert dataflow(*caption, cwd=tmp_path).returncode == 0
    document = orjson.loads((out / "run.json").read_bytes())
    assert "checksum" in document and "checksum" not in document["steps"]["image_vqa_step1"]
    assert what_is_odd(out / ROWS) == [] == what_is_odd(out / "video_caption_step1.jsonl")
    turn_a_letter(out / ROWS, b"answer")
    assert len(what_is_odd(out / ROWS)) == 1


def test_a_folder_that_was_moved_is_as_the_run_wrote_it(out: Path, tmp_path: Path) -> None:
    shutil.move(out, tmp_path / "elsewhere")
    assert what_is_odd(tmp_path / "elsewhere" / ROWS) == []


def test_files_of_no_run_and_manifests_of_earlier_versions_have_nothing_odd(tmp_path: Path) -> None:
    data = write_jsonl(tmp_path / "x.jsonl", [{"id": 1}])
    assert what_is_odd(data) == []
    (tmp_path / "run.json").write_bytes(orjson.dumps({"output": "x.jsonl"}))
    assert what_is_odd(data) == []
    assert digest_of(tmp_path) == "" == digest_of(tmp_path / "absent.jsonl")


def test_the_seal_fits_what_is_read_back(tmp_path: Path) -> None:
    document = {"output": "x.jsonl", "cost": 0.1 + 0.2, "nan": float("nan"), "deep": {"é": [None, 1e300]}}
    (tmp_path / "run.json").write_bytes(orjson.dumps(sealed(document)))
    assert what_is_odd(tmp_path / "x.jsonl") == []
