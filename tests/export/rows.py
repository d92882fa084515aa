"""Rows as the pipelines write them, with real media."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from dataflow.export.columns import Columns
from dataflow.export.job import export
from dataflow.export.options import ExportOptions, ExportResult
from tests.commands import read_jsonl, write_jsonl
from tests.pictures import make_pictures

CLIPS = Path(__file__).parents[2] / "dataflow" / "workspace" / "data" / "videos"
NAMES = Columns()

Row = dict[str, Any]


def caption_row(id: Any, video: str = "clips/a.mp4", **more: Any) -> Row:
    """What `video_caption` writes."""
    asked = [{"from": "human", "value": "Tell what happens."}]
    return {"id": id, "video": [video], "conversation": asked, "caption": f"Caption of {id}.", **more}


def video_qa_row(id: Any, video: str = "clips/a.mp4", pairs: int = 2) -> Row:
    """What `video_qa` writes: of one pair an object, of several a list."""
    made = [{"question": f"Question {n} of {id}?", "answer": f"Answer {n}.", "type": "count"} for n in range(pairs)]
    return {**caption_row(id, video), "qa": made[0] if pairs == 1 else made}


def image_row(id: Any, *images: str) -> Row:
    """What `image_vqa` writes: pairs as text."""
    asked = [{"from": "human", "value": "Generate complete QA pairs."}]
    text = "- Q: What is it?\n  A: A square.\n\n- Q: Which colour?\n  A: Blue."
    return {"id": id, "image": list(images), "conversation": asked, "vqa": text}


def context_row(id: Any, image: str) -> Row:
    """What `context_vqa` writes."""
    qas = [{"question": "Which colour leads?", "answer": "blue"}]
    context = {"context": "The palette is led by blue.", "qas": qas}
    return {**image_row(id, image), "context_vqa": context}


def multirole_row(id: Any, *frames: str) -> Row:
    """What the multi-role operators write."""
    clips = [{"Audio_Text": "Buy now.", "Frames_Images": list(frames), "Description": "A shop."}]
    made = [{"Label": "content", "Question": "What is sold?", "Answer": "Shoes."}]
    return {"id": id, "Meta": "An advertisement.", "Clips": clips, "QA": made}


def media(folder: Path, pictures: int = 4) -> Path:
    """Pictures `p/p0.jpg` and on, and three clips of different content, `clips/a.mp4` to `c.mp4`."""
    make_pictures(folder / "p", pictures)
    (folder / "clips").mkdir(exist_ok=True)
    for name, clip in zip("abc", sorted(CLIPS.glob("*.mp4")), strict=True):
        shutil.copy(clip, folder / "clips" / f"{name}.mp4")
    return folder


def exported(folder: Path, rows: list[Row], to: str, **options: Any) -> ExportResult:
    """Export rows to `folder / out`."""
    data = write_jsonl(folder / "data.jsonl", rows)
    return export(ExportOptions(data, to, options.pop("out", folder / "out"), **options))


def written(folder: Path, name: str = "train.jsonl") -> list[Row]:
    """The records of an export."""
    return read_jsonl(folder / "out" / name)
