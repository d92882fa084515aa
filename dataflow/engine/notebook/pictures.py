"""Small pictures of the media in a table, as `data:` URLs: of an image itself, of a clip its first frame."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from dataflow.core import DataFlowError
from dataflow.core.causes import said_by
from dataflow.storage.media_kinds import column_of
from dataflow.storage.paths import is_url
from dataflow.storage.places import MediaPlaces

SIDE = 160
LARGEST = 48 << 10
"""Bytes of one picture."""

IN_ALL = 600_000
"""Characters of all pictures of a table: a notebook keeps them in its file."""

AT_ONCE = 4

FIRST_FRAME = "fps:0.001:1"
"""Of clips up to 1000 s the first; of a longer video one from its middle."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A small picture.

    Args:
        url: its `data:` URL; empty where there is none.
        why: why there is none.
    """

    url: str = ""
    why: str = ""


async def pictures(paths: Iterable[str], places: MediaPlaces) -> dict[str, Picture]:
    """A picture of each path, as far as there is room for all; URLs are not fetched."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def make(path: str) -> Picture:
        async with gate:
            try:
                return await _picture(path, places)
            except (DataFlowError, OSError) as error:
                return Picture(why=" ".join(said_by(error).split())[:160])

    names = list(dict.fromkeys(paths))
    made = dict(zip(names, await asyncio.gather(*map(make, names)), strict=True))
    left = IN_ALL
    for path, picture in made.items():
        left -= len(picture.url)
        if left < 0:
            made[path] = Picture(why="not shown: enough pictures for one table")
    return made


async def _picture(path: str, places: MediaPlaces) -> Picture:
    if is_url(path):
        return Picture(why="on the network, not fetched")
    found = places.find(path)
    if column_of(found) == "video":
        from dataflow.media.frames import video_frames

        frame = (await video_frames(found, FIRST_FRAME, max_side=SIDE)).frames[0]
        return _shown("image/jpeg", bytes(frame.data))
    from dataflow.media.image_job import fitted_image
    from dataflow.media.image_limits import ImageLimits

    limits = ImageLimits(max_side=SIDE, max_bytes=LARGEST, formats=("jpeg",))
    image = await fitted_image(found, limits)
    return _shown(image.mime, image.data)


def _shown(mime: str, data: bytes) -> Picture:
    return Picture(f"data:{mime};base64,{b64encode(data).decode()}")
