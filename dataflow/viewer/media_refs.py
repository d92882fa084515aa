"""Which media a sample names, and the files they are: the only files that the page ever gets to see.

A request names a sample and a number; the path comes from the dataset.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dataflow.core.causes import said_by
from dataflow.core.errors import MediaError
from dataflow.core.sample import Sample, as_list
from dataflow.media.content import known_by
from dataflow.runs.dataset import DatasetFiles
from dataflow.storage.paths import is_url

DEFAULT_FIELDS = ("image", "images", "video", "videos")
CLIPS = "Clips"
FRAMES = "Frames_Images"
MOST_MEDIA = 512

_MIMES = {
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".mkv": "video/webm",
    ".ogv": "video/ogg",
    ".mp4": "video/mp4",
    ".mov": "video/mp4",
}
"""What browsers show as it is, whatever its name says: an `.html` named as an image is not served."""


@dataclass(frozen=True, slots=True)
class MediaRef:
    """One image or video of a sample.

    Args:
        name: as the dataset has it: a path, a URL, or a `data:` URL.
        where: what to call it: `image`, `clip 2`.
        video: its field holds videos.
    """

    name: str
    where: str
    video: bool


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file that may be served.

    Args:
        path: the real one, links followed.
        mime: its type by its first bytes where a browser may show it as it is; empty where it must be converted.
    """

    path: Path
    mime: str


def media_fields(manifest: Mapping[str, Any]) -> frozenset[str]:
    """The fields that hold media: the usual ones, and those that the operators of the run read them from."""
    fields = {*DEFAULT_FIELDS, CLIPS}
    operators = manifest.get("operators")
    for operator in operators if isinstance(operators, list) else ():
        held = operator.get("holds") if isinstance(operator, dict) else None
        for field, what in held.items() if isinstance(held, dict) else ():
            if what in ("image", "video", "clips"):
                fields.add(str(field))
        keys = operator.get("keys") if isinstance(operator, dict) else None
        for key, field in keys.items() if isinstance(keys, dict) else ():
            if key.startswith("input_") and any(kind in key for kind in ("image", "video", "clips")) and field:
                fields.add(str(field))
    return frozenset(fields)


def media_of(sample: Sample, fields: frozenset[str]) -> list[MediaRef]:
    """The media of a sample, in the order of its fields."""
    found: list[MediaRef] = []
    for name, value in sample.items():
        if name in fields:
            for ref in _refs(name, value):
                found.append(ref)
                if len(found) == MOST_MEDIA:
                    return found
    return found


def _refs(field: str, value: Any) -> Iterator[MediaRef]:
    for number, item in enumerate(as_list(value), 1):
        if isinstance(item, str) and item.strip():
            yield MediaRef(item, field, "video" in field.lower())
        elif isinstance(item, dict):
            for frame in as_list(item.get(FRAMES)):
                if isinstance(frame, str) and frame.strip():
                    yield MediaRef(frame, f"clip {number}", False)


def find_file(ref: MediaRef, place: DatasetFiles) -> MediaFile:
    """The file behind a reference.

    Args:
        ref: of a sample.
        place: the dataset.

    Raises:
        MediaError: there is none, it lies behind a link that leads out, on the network, or is no image or video.
    """
    try:
        found = place.locate(ref.name)
    except ValueError as error:  # a NUL in the path
        raise MediaError(f"{ref.name!r} is no usable path: {said_by(error)}") from None
    if is_url(found):
        raise MediaError("it lies on the network; the page shows files of this machine, and fetches none")
    real = os.path.realpath(found)
    return MediaFile(Path(real), _MIMES.get(known_by(real), ""))
