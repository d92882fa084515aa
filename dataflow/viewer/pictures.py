"""Small pictures for the list and the timeline, kept in memory up to a bound."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any

from dataflow.core.errors import MediaError
from dataflow.media.pool import WORKERS, run_isolated
from dataflow.viewer.lanes import Lanes, Try

THUMB_SIDE = 192
FRAME_SIDE = 448
FULL_SIDE = 4096
MOST_FRAMES = 256
_THUMB_BYTES = 16 * 2**20
_FRAME_BYTES = 32 * 2**20
_FULL_BYTES = 64 * 2**20


class Pictures:
    """Makes and keeps them. What crashes, hangs or bloats a decoder costs its own picture, and keeps none waiting."""

    def __init__(self) -> None:
        self._thumbs: Lanes[bytes] = Lanes(_THUMB_BYTES, len)
        self._full: Lanes[bytes] = Lanes(_FULL_BYTES, len)
        self._frames: Lanes[list[bytes]] = Lanes(_FRAME_BYTES, lambda frames: sum(map(len, frames)))

    async def warm(self) -> None:
        """Start the decoder processes, so that the first pictures do not wait for that."""
        from dataflow.viewer.jobs import warm_job

        # What goes wrong here goes wrong again with the first picture, and is told there.
        await asyncio.gather(*(run_isolated(warm_job) for _ in range(WORKERS)), return_exceptions=True)

    async def image(self, source: str, side: int) -> bytes:
        """An image as a JPEG.

        Args:
            source: a path, or a `data:` URL.
            side: its longer side at most, in pixels.

        Raises:
            StillDecoding: it takes long; ask again.
            MediaError: it is none, or broken.
        """
        from dataflow.media.image_job import fitted_image
        from dataflow.media.image_limits import ImageLimits

        async def make(how: Try) -> bytes:
            limits = ImageLimits(max_side=side, formats=("jpeg",))
            room = how.room or "images"
            made = await fitted_image(source, limits, timeout=how.timeout, cpu_seconds=how.cpu_seconds, room=room)
            return made.data

        return await (self._full if side == FULL_SIDE else self._thumbs).get((_key(source), side), make)

    async def poster(self, path: Path) -> bytes:
        """A frame from the middle of a video, as small as a thumbnail.

        Raises:
            StillDecoding: it takes long; ask again.
            MediaError: it is no video, or broken.
        """
        from dataflow.viewer.jobs import poster_job

        async def make(how: Try) -> bytes:
            return bytes(await _of_video(how, path, poster_job, str(path), THUMB_SIDE))

        return await self._thumbs.get(_key(str(path)), make)

    async def frames(self, path: Path, times: list[float]) -> list[bytes]:
        """Frames of a video at these times, in seconds; one that does not decode is empty.

        Raises:
            StillDecoding: it takes long; ask again.
            MediaError: it is no video, or broken.
        """
        from dataflow.viewer.jobs import frames_job

        if len(times) > MOST_FRAMES:
            raise MediaError(f"{path}: {len(times)} frames are more than the page shows")

        async def make(how: Try) -> list[bytes]:
            return list(await _of_video(how, path, frames_job, str(path), times, FRAME_SIDE))

        return await self._frames.get((*_key(str(path)), *times), make)


async def _of_video(how: Try, path: Path, job: Callable[..., Any], *args: Any) -> Any:
    room = how.room or "videos"
    return await run_isolated(
        job, *args, timeout=how.timeout, cpu_seconds=how.cpu_seconds, subject=str(path), room=room
    )


def _key(source: str) -> tuple[str, int, int]:
    """What changes when a file does."""
    if source[:5].lower() == "data:":  # megabytes, perhaps
        return (blake2b(source.encode(errors="surrogatepass")).hexdigest(), 0, 0)
    try:
        status = Path(source).stat()
    except OSError as error:
        raise MediaError(f"{source} cannot be read: {error.strerror}") from None
    return (source, status.st_size, status.st_mtime_ns)
