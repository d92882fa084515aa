"""Decoded frames kept while they are likely to be wanted again: a caption's frames for the question that follows it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable

from dataflow.media.video import VideoFrames


class FrameCache:
    """The frames used last, bounded in bytes. Identical requests at the same time share one decode.

    Args:
        max_bytes: of frame data kept; a result larger than that is handed out and not kept.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.held_bytes = 0
        self.decodes = 0
        """How many decodes were really started; tests and the trace read it."""
        self._kept: OrderedDict[Hashable, VideoFrames] = OrderedDict()
        self._under_way: dict[Hashable, asyncio.Task[VideoFrames]] = {}

    async def get(self, key: Hashable, decode: Callable[[], Awaitable[VideoFrames]]) -> VideoFrames:
        """The frames of a key, decoded unless they are kept or being decoded.

        Args:
            key: everything that changes the frames.
            decode: makes them; what it raises reaches all who wait for it, and is not kept.
        """
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        task = self._under_way.get(key)
        if task is None or task.get_loop() is not asyncio.get_running_loop():
            self.decodes += 1
            task = asyncio.ensure_future(self._decode(key, decode))
            self._under_way[key] = task
        # one waiter's end must not be the others'
        return await asyncio.shield(task)

    async def _decode(self, key: Hashable, decode: Callable[[], Awaitable[VideoFrames]]) -> VideoFrames:
        try:
            video = await decode()
        finally:
            self._under_way.pop(key, None)
        self._keep(key, video)
        return video

    def _keep(self, key: Hashable, video: VideoFrames) -> None:
        size = _size(video)
        if size > self.max_bytes:
            return
        self._kept[key] = video
        self.held_bytes += size
        while self.held_bytes > self.max_bytes:
            _, oldest = self._kept.popitem(last=False)
            self.held_bytes -= _size(oldest)


def _size(video: VideoFrames) -> int:
    return sum(getattr(frame.data, "nbytes", None) or len(frame.data) for frame in video.frames) + 1
