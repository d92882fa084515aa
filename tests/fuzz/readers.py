"""Whatever of ours reads a file of others, by the kind of file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from dataflow.core.errors import DataFlowError
from dataflow.core.loop import run_blocking
from dataflow.media.clips import read_clips_job
from dataflow.media.content import known_by
from dataflow.media.frames import media_info, video_frames
from dataflow.media.image import load_image, unless_decoded
from dataflow.media.image_job import fitted_image
from dataflow.media.image_limits import ImageLimits
from dataflow.media.jobs import planned_frames_job, read_frames_job
from dataflow.media.probe import probe
from dataflow.parsing.subtitles import cues_of, read_subtitles
from dataflow.storage.formats import read_rows
from dataflow.storage.media_kinds import IMAGES, VIDEOS, is_transport_stream

Reader = Callable[[Path], Any]

LIMITS = ImageLimits(max_side=32)
"""Smaller than the pictures: all are decoded."""


def _text(path: Path) -> Any:
    return cues_of(path.read_text("utf-8", errors="replace"))


IN_THE_RUN: dict[str, Reader] = {
    "known_by": known_by,
    "is_transport_stream": is_transport_stream,
    "unless_decoded": lambda path: unless_decoded(path, ImageLimits(), 1 << 30),
    "as bytes": lambda path: unless_decoded(path.read_bytes(), ImageLimits(), 1 << 30),
}
"""What a run does in its own process: a crash there is the run's."""

OF_IMAGES: dict[str, Reader] = {"probe": probe, "load_image": lambda path: load_image(path, LIMITS)}
OF_VIDEOS: dict[str, Reader] = {
    "probe": probe,
    "frames": lambda path: read_frames_job(str(path), "uniform:3", {"max_side": 64}),
    "keyframes": lambda path: read_frames_job(str(path), "keyframes:3", {"max_side": 64}),
    "planned": lambda path: planned_frames_job(str(path), "uniform:5"),
    "clips": lambda path: read_clips_job(str(path), "shots:1:3", 64),
}
OF_TEXTS: dict[str, Reader] = {"subtitles": read_subtitles, "cues_of": _text}
OF_TABLES: dict[str, Reader] = {"rows": lambda path: list(read_rows(path))}
BY_THE_POOL: dict[str, Reader] = {
    "media_info": lambda path: run_blocking(media_info(path)),
    "fitted_image": lambda path: run_blocking(fitted_image(path, LIMITS)),
    "video_frames": lambda path: run_blocking(video_frames(path, "uniform:2")),
}
"""As operators and servings call them, with a process behind: each takes long, and what crashes there is an error."""

ALLOWED = (DataFlowError, MemoryError)


def readers_of(name: str) -> dict[str, Reader]:
    """Who reads a file of that name, told by its ending."""
    suffix = Path(name).suffix.lower()
    if suffix in (".srt", ".vtt"):
        return OF_TEXTS
    if suffix not in IMAGES | VIDEOS:
        return OF_TABLES
    own = {**(OF_IMAGES if suffix in IMAGES else {}), **(OF_VIDEOS if suffix in VIDEOS else {})}
    return {**IN_THE_RUN, **own}


def is_decoder(reader: str) -> bool:
    """Whether it runs in a process that may be killed, so that a crash costs the file alone."""
    return reader in OF_IMAGES or reader in OF_VIDEOS
