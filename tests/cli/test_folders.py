"""`dataflow run -i FOLDER`: what is taken of it, what is passed over, and that both are told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import orjson
import pytest
from PIL import Image

from tests.commands import dataflow, read_jsonl
from tests.pictures import make_pictures
from tests.storage.test_media_kinds import film

OUTPUT = "outputs/image_vqa/image_vqa_step1.jsonl"


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder `in` with a picture, a HEIC, a film, a GIF and a PDF."""
    import pillow_heif

    make_pictures(tmp_path / "in", 1)
    pixels = np.zeros((48, 64, 3), np.uint8)
    pixels[:, :, 0] = 220
    pillow_heif.from_bytes("RGB", (64, 48), pixels.tobytes()).save(tmp_path / "in/phone.HEIC")
    film(tmp_path / "in/film.m2ts", "mpegts")
    frames = [Image.new("RGB", (64, 48), (shade, 0, 0)) for shade in (0, 120, 240)]
    frames[0].save(tmp_path / "in/moving.gif", save_all=True, append_images=frames[1:], duration=100)
    (tmp_path / "in/paper.pdf").write_bytes(b"%PDF-1.7")
    return tmp_path


TOLD = "took 3 images and 1 video; passed over 1: 1 pdf"


def test_what_was_taken_and_passed_over_is_told_at_the_start_in_the_manifest_and_in_json(here: Path) -> None:
    done = dataflow("run", "image_vqa", "-i", "in", cwd=here)
    assert done.returncode == 0, done.stderr
    assert TOLD in done.stderr and done.stderr.index(TOLD) < done.stderr.index("samples,")
    rows = read_jsonl(here / OUTPUT)
    assert [row["id"] for row in rows] == ["film.m2ts", "moving.gif", "p0.jpg", "phone.HEIC"]
    assert all(row["vqa_pairs"] for row in rows)
    taken = {"images": 3, "videos": 1, "passed_over": {"pdf": 1}}
    assert orjson.loads((here / "outputs/image_vqa/run.json").read_bytes())["taken"] == taken
    again = dataflow("run", "image_vqa", "-i", "in", "--json", cwd=here)
    assert orjson.loads(again.stdout)["taken"] == taken


def test_a_dry_run_tells_it_too(here: Path) -> None:
    done = dataflow("run", "image_vqa", "-i", "in", "--dry-run", cwd=here)
    assert TOLD in done.stdout, done.stderr
    done = dataflow("run", "image_vqa", "-i", "in", "--dry-run", "--json", cwd=here)
    assert orjson.loads(done.stdout)["taken"]["passed_over"] == {"pdf": 1}


def test_a_pipeline_of_videos_takes_films_and_moving_pictures_alone(here: Path) -> None:
    done = dataflow("run", "video_caption", "-i", "in", "-o", "out", cwd=here)
    assert done.returncode == 0, done.stderr
    assert "took 2 videos; passed over 3: 2 images (this pipeline reads videos), 1 pdf" in done.stderr
    assert [row["id"] for row in read_jsonl(here / "out/video_caption_step1.jsonl")] == ["film.m2ts", "moving.gif"]


def test_heic_is_probed_as_a_picture(here: Path) -> None:
    done = dataflow("probe", "in/phone.HEIC", cwd=here)
    assert done.returncode == 0 and "64" in done.stdout and "heif" in done.stdout, done.stdout + done.stderr


def test_without_the_package_for_heic_the_cure_is_told(here: Path) -> None:
    (here / "hidden/pillow_heif").mkdir(parents=True)
    (here / "hidden/pillow_heif/__init__.py").write_text("raise ImportError('not here')\n")
    (here / "rows.jsonl").write_text('{"image": "in/phone.HEIC"}\n{"image": "in/p0.jpg"}\n')
    done = dataflow("run", "image_vqa", "-i", "rows.jsonl", cwd=here, env={"PYTHONPATH": str(here / "hidden")})
    assert done.returncode == 3
    assert "pip install 'dataflow-mm[heic]'" in done.stderr


def test_fields_of_side_files_reach_the_prompt_and_the_output(here: Path) -> None:
    (here / "in/metadata.csv").write_text("file_name,subject\np0.jpg,noise\n")
    (here / "in/phone.txt").write_text("all red")
    done = dataflow("run", "image_vqa", "-i", "in/p*.*", "-q", cwd=here)
    assert done.returncode == 0, done.stderr
    rows = {row["id"]: row for row in read_jsonl(here / OUTPUT)}
    assert rows["p0.jpg"]["subject"] == "noise" and rows["phone.HEIC"]["text"] == "all red"
