"""An EPS that bears the name of a photograph, which Pillow has Ghostscript read: no face of ours starts a program."""

from __future__ import annotations

import ast
import os
import sys
from pathlib import Path

import pytest

from tests.cli.questions import FAILURES, OUTPUT
from tests.commands import dataflow, python, read_jsonl, write_jsonl
from tests.pictures import make_pictures
from tests.servers import ModelServer

PACKAGE = Path(__file__).parents[2] / "dataflow"
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 40 30\n%%EndComments\n0 0 40 30 rectfill\nshowpage\n%%EOF\n"
DOS_EPS = b"\xc5\xd0\xd3\xc6" + (30).to_bytes(4, "little") + len(EPS).to_bytes(4, "little") + bytes(18) + EPS
SMALL_PICTURES = """
import asyncio
from pathlib import Path
from dataflow.core import MediaError
from dataflow.engine.notebook.pictures import pictures
from dataflow.storage.places import MediaPlaces
from dataflow.viewer.pictures import FULL_SIDE, THUMB_SIDE, Pictures

async def look():
    for name in ("p/holiday.jpg", "p/beach.png"):
        for side in (THUMB_SIDE, FULL_SIDE):
            try:
                await Pictures().image(name, side)
            except MediaError as error:
                print(error)
    for picture in (await pictures(["holiday.jpg", "beach.png"], MediaPlaces((Path("p"),)))).values():
        print(picture.why)

asyncio.run(look())
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A dataset of two good pictures and two that ask for a program, and that program, which would leave a mark."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("gs", "gswin64c", "djpeg", "xdg-open"):
        (programs / name).write_text(f"#!{sys.executable}\nopen({str(tmp_path / 'mark')!r}, 'w').close()\n")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    good = make_pictures(tmp_path / "p", 2)
    (tmp_path / "p" / "holiday.jpg").write_bytes(EPS)
    (tmp_path / "p" / "beach.png").write_bytes(DOS_EPS)
    rows = [{"image": f"p/{name}"} for name in ("holiday.jpg", good[0].name, "beach.png", good[1].name)]
    write_jsonl(tmp_path / "in.jsonl", rows)
    return tmp_path


def test_pictures_that_ask_for_a_program_are_their_samples_failures(folder: Path, model_server: ModelServer) -> None:
    for model in (("embedded",), ("openai/stub", "--api-url", model_server.url)):
        done = dataflow("run", "image_vqa", "--input", "in.jsonl", "-q", "--model", *model, cwd=folder)
        assert done.returncode == 3, done.stderr
        failures = read_jsonl(folder / FAILURES)
        assert [failure["id"] for failure in failures] == [1, 3]
        assert all("is not an image" in failure["message"] for failure in failures)
        assert len(read_jsonl(folder / OUTPUT)) == 2

    probed = dataflow("probe", *sorted((folder / "p").iterdir()), cwd=folder)
    assert (probed.returncode, probed.stdout.count("kind      image"), probed.stderr.count("error:")) == (1, 2, 2)

    rows = [
        {**row, "conversation": [{"from": "human", "value": "<image>?"}]} for row in read_jsonl(folder / "in.jsonl")
    ]
    write_jsonl(folder / "rows.jsonl", [{**row, "vqa": "A picture."} for row in rows])
    exported = dataflow("export", "rows.jsonl", "--to", "openai", "--out", "out", cwd=folder)
    assert "Traceback" not in exported.stderr and "holiday.jpg" in exported.stderr + exported.stdout
    reported = dataflow("report", "rows.jsonl", "-o", "report.html", cwd=folder)
    assert reported.returncode == 0, reported.stderr
    assert "is not an image" in (folder / "report.html").read_text()

    shown = python(SMALL_PICTURES, folder)
    assert shown.stdout.count("is not an image") == 6, shown.stdout + shown.stderr
    assert not (folder / "mark").exists()


def test_every_picture_is_opened_in_formats_of_a_list() -> None:
    opened = 0
    for file in PACKAGE.rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text())):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in ("Image.open", "PIL.Image.open"):
                opened += 1
                assert any(word.arg == "formats" for word in call.keywords), f"{file}:{call.lineno}"
    assert opened >= 6  # of them there are so many: the search finds what it looks for
