"""Measures each picture and video once: facts are remembered by the file's path, size and time."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from hashlib import blake2b
from typing import Any

from dataflow.core import ImagePart, VideoPart
from dataflow.media.files import check_regular
from dataflow.media.image_limits import MAX_IMAGE_PIXELS, ImageLimits
from dataflow.serving.embedded.facts import Facts, from_plain, image_from_plain

_REMEMBERED = 1024
"""Facts of so many files; each takes a few kilobytes."""


class Measurements:
    """The facts of media, measured once each while they are remembered. Belongs to one event loop.

    Args:
        max_image_pixels: of one picture at most so many are decoded.
    """

    def __init__(self, max_image_pixels: int = MAX_IMAGE_PIXELS) -> None:
        self._max_image_pixels = max_image_pixels
        self._known: OrderedDict[tuple[Any, ...], asyncio.Task[Facts]] = OrderedDict()
        self.measured = 0
        """How many measurements were really made."""

    async def of(self, part: ImagePart | VideoPart) -> Facts:
        """The facts of a picture or a video.

        Raises:
            MediaError: it is missing, broken or over a limit.
        """
        key = await _key(part)
        task = self._known.get(key)
        if task is None:
            task = self._known[key] = asyncio.ensure_future(self._measure(part))
            task.add_done_callback(lambda done: self._forget_failure(key, done))
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        # several requests may wait for one measurement: that one of them is cancelled must not stop it
        return await asyncio.shield(task)

    async def _measure(self, part: ImagePart | VideoPart) -> Facts:
        self.measured += 1
        if isinstance(part, VideoPart):
            from dataflow.media.pool import run_isolated
            from dataflow.serving.embedded.measure_video import measure_video

            return from_plain(await run_isolated(measure_video, part.source, subject=part.source))
        from dataflow.media.image_job import in_a_process
        from dataflow.serving.embedded.jobs import measure_image_job

        source = part.source
        if isinstance(source, str) and source.startswith(("http://", "https://")):
            from dataflow.media.fetch import fetch_bytes

            source = await fetch_bytes(source)
        limits = ImageLimits(max_image_pixels=self._max_image_pixels)
        return image_from_plain(await in_a_process(measure_image_job, source, self._max_image_pixels, limits=limits))

    def _forget_failure(self, key: tuple[Any, ...], done: asyncio.Task[Facts]) -> None:
        """A failure is not kept: the file may be mended, and the next request shall see that."""
        if (done.cancelled() or done.exception() is not None) and self._known.get(key) is done:
            del self._known[key]


async def _key(part: ImagePart | VideoPart) -> tuple[Any, ...]:
    source = part.source
    if isinstance(source, bytes) or ":" in source[:8]:
        data = source if isinstance(source, bytes) else source.encode()
        return (type(part), blake2b(data, digest_size=16).digest())
    status = await asyncio.to_thread(check_regular, source)
    return (type(part), source, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
