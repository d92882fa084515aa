"""The sample datasets in the package: what `dataflow run NAME` reads when it is given no input."""

from __future__ import annotations

from pathlib import Path

from dataflow.core.errors import UsageError

DATA = Path(__file__).parent / "data"

SAMPLE_INPUTS = {
    "video_caption": "video_caption.json",
    "video_qa": "video_caption.json",
    "image_vqa": "image_vqa.json",
    "context_vqa": "context_vqa.json",
    "multirole_video_qa": "multirole_video_qa.jsonl",
}


def sample_input(pipeline: str) -> Path:
    """The sample dataset of a pipeline; its media paths are relative to the folder it lies in.

    Raises:
        UsageError: no sample dataset comes with that pipeline.
    """
    if pipeline not in SAMPLE_INPUTS:
        raise UsageError(f"no sample data come with the pipeline {pipeline!r}: say what to read with --input FILE")
    return DATA / SAMPLE_INPUTS[pipeline]
