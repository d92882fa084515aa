"""Small pictures for the list and the timeline, kept in memory up to a bound."""

from __future__ import annotations

import asyncio
from pathlib import Path

from dataflow.core.errors import MediaError
from dataflow.media.byte_cache import ByteCache
from dataflow.media.pool import WORKERS, run_isolated

THUMB_SIDE = 192
FRAME_SIDE = 448
FULL_SIDE = 4096
MOST_FRAMES = 256
_THUMB_BYTES = 16 * 2**20
_FRAME_BYTES = 32 * 2**20
_SECONDS = 60.0


class Pictures:
    """Makes and keeps them. What crashes, hangs or bloats a decoder costs its own picture."""

    def __init__(self) -> None:
        self._thumbs: ByteCache[bytes] = ByteCache(_THUMB_BYTES, len)
        self._frames: ByteCache[list[bytes]] = ByteCache(_FRAME_BYTES, lambda frames: sum(map(len, frames)))

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
            MediaError: it is none, or broken.
        """
        from dataflow.media.image_job import fitted_image
        from dataflow.media.image_limits import ImageLimits

        async def make() -> bytes:
            return (await fitted_image(source, ImageLimits(max_side=side, formats=("jpeg",)))).data

        return await make() if side == FULL_SIDE else await self._thumbs.get((_key(source), side), make)

    async def poster(self, path: Path) -> bytes:
        """A frame from the middle of a video, as small as a thumbnail.

        Raises:
            MediaError: it is no video, or broken.
        """
        from dataflow.viewer.jobs import poster_job

        async def make() -> bytes:
            return bytes(await run_isolated(poster_job, str(path), THUMB_SIDE, timeout=_SECONDS, subject=str(path)))

        return await self._thumbs.get(_key(str(path)), make)

    async def frames(self, path: Path, times: list[float]) -> list[bytes]:
        """Frames of a video at these times, in seconds; one that does not decode is empty.

        Raises:
            MediaError: it is no video, or broken.
        """
        from dataflow.viewer.jobs import frames_job

        if len(times) > MOST_FRAMES:
            raise MediaError(f"{path}: {len(times)} frames are more than the page shows")

        async def make() -> list[bytes]:
            return list(
                await run_isolated(frames_job, str(path), times, FRAME_SIDE, timeout=_SECONDS, subject=str(path))
            )

        return await self._frames.get((*_key(str(path)), *times), make)


def _key(source: str) -> tuple[str, int, int]:
    """What changes when a file does."""
    if source[:5].lower() == "data:":
        return (source, 0, 0)
    try:
        status = Path(source).stat()
    except OSError as error:
        raise MediaError(f"{source} cannot be read: {error.strerror}") from None
    return (source, status.st_size, status.st_mtime_ns)
