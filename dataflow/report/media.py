"""A look into drawn media: what kinds of clips and pictures there are, and small pictures for the gallery."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dataflow.core import DataFlowError, MediaError, Sample, as_list
from dataflow.core.causes import said_by
from dataflow.export.columns import Columns
from dataflow.report.counts import TopCounts
from dataflow.report.figures import frames_of_clips
from dataflow.report.spread import Spread
from dataflow.storage.paths import is_url

if TYPE_CHECKING:
    from dataflow.media.probe import MediaInfo

Locate = Callable[[str], str]
"""Tells where a path of the dataset lies."""

AT_ONCE = 4
FRAMES = 4
SIDE = 288
LARGEST_THUMBNAIL = 256 << 10
IMAGES_SHOWN = 4
"""Per sample of the gallery."""


@dataclass(slots=True)
class MediaFacts:
    """What was found in the media of one kind that were drawn.

    Args:
        looked: how many were looked into.
        unreadable: messages about those that could not be read.
        remote: URLs, which are not fetched.
        sizes: width × height.
        codecs: how they are compressed.
        rates: frames a second.
        sound: of videos.
        sides: the longer side in pixels.
        seconds: durations.
        notes: what is odd about files.
    """

    looked: int = 0
    unreadable: list[str] = field(default_factory=list)
    remote: int = 0
    sizes: TopCounts = field(default_factory=TopCounts)
    codecs: TopCounts = field(default_factory=TopCounts)
    rates: TopCounts = field(default_factory=TopCounts)
    sound: TopCounts = field(default_factory=TopCounts)
    sides: Spread = field(default_factory=Spread)
    seconds: Spread = field(default_factory=Spread)
    notes: TopCounts = field(default_factory=TopCounts)

    def add(self, info: MediaInfo) -> None:
        """Take what a file is."""
        self.looked += 1
        self.sizes.add(f"{info.width} × {info.height}")
        self.codecs.add(info.codec if info.kind == "video" else f"{info.container}, {info.codec}")
        self.sides.add(max(info.width, info.height))
        for note in info.notes:
            self.notes.add(note)
        if info.kind == "video":
            self.seconds.add(info.duration)
            self.rates.add(f"{info.fps:.4g}")
            self.sound.add("with sound" if info.audio else "without sound")


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A small picture of the gallery.

    Args:
        url: a `data:` URL; empty where there is none.
        label: what stands under it: the time of a frame, or why there is no picture.
        path: of the file, as the dataset has it.
    """

    url: str
    label: str
    path: str


async def look_into(paths: Iterable[str], locate: Locate) -> MediaFacts:
    """Probe files, a few at a time, each in a process that may crash without harm."""
    from dataflow.media.frames import media_info

    facts, gate = MediaFacts(), asyncio.Semaphore(AT_ONCE)

    async def probe(path: str) -> MediaInfo | str | None:
        async with gate:
            try:
                found = locate(path)
                return None if is_url(found) else await media_info(found)
            except MediaError as error:
                return str(error)

    for found in await asyncio.gather(*map(probe, paths)):  # in the order of the draw, so that a report is repeatable
        if isinstance(found, str):
            facts.unreadable.append(found)
        elif found is None:
            facts.remote += 1
        else:
            facts.add(found)
    return facts


async def thumbnails(row: Sample, columns: Columns, locate: Locate) -> list[Thumbnail]:
    """The small pictures of a sample: of each image, and frames of each video."""
    images = [path for path in as_list(row.get(columns.image)) if isinstance(path, str)] + frames_of_clips(row, columns)
    videos = [path for path in as_list(row.get(columns.video)) if isinstance(path, str)]
    made = [await _image(path, locate) for path in images[:IMAGES_SHOWN]]
    for path in videos[:2]:
        made += await _video(path, locate)
    left = len(images) - IMAGES_SHOWN
    return [*made, Thumbnail("", f"and {left} more", "")] if left > 0 else made


async def _image(path: str, locate: Locate) -> Thumbnail:
    from dataflow.media.image_job import fitted_image
    from dataflow.media.image_limits import ImageLimits

    limits = ImageLimits(max_side=SIDE, max_bytes=LARGEST_THUMBNAIL, formats=("jpeg",))
    name = path if not path.startswith("data:") else "an image in the dataset itself"
    try:
        found = locate(path)
        if is_url(found) and not found.startswith("data:"):
            return Thumbnail("", "on the network, not fetched", name)
        image = await fitted_image(found, limits)
    except DataFlowError as error:
        return Thumbnail("", _reason(error), name)
    return Thumbnail(_data_url(image.mime, image.data), "", name)


async def _video(path: str, locate: Locate) -> list[Thumbnail]:
    from dataflow.media.frames import video_frames

    try:
        found = locate(path)
        if is_url(found):
            return [Thumbnail("", "on the network, not fetched", path)]
        video = await video_frames(found, f"uniform:{FRAMES}", max_side=SIDE)
    except DataFlowError as error:
        return [Thumbnail("", _reason(error), path)]
    frames = [frame for frame in video.frames if isinstance(frame.data, bytes)]
    return [Thumbnail(_data_url("image/jpeg", frame.data), f"{frame.time:.1f} s", path) for frame in frames]


def _data_url(mime: str, data: bytes) -> str:
    return f"data:{mime};base64,{b64encode(data).decode()}"


def _reason(error: Exception) -> str:
    return " ".join(said_by(error).split())[:160]
