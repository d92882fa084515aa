"""Content digests of media, remembered by path, size and time, so that a second run reads no file."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from dataflow.core import ImagePart, VideoPart
from dataflow.engine.ledger import Ledger
from dataflow.media.digest import bytes_digest, file_digest
from dataflow.media.files import check_regular

_READERS = 8
_readers: ThreadPoolExecutor | None = None


def reader_threads() -> ThreadPoolExecutor:
    """The threads on which small files are read and checked, so that a slow disk never holds up the loop."""
    global _readers
    if _readers is None:
        _readers = ThreadPoolExecutor(_READERS, thread_name_prefix="dataflow-read")
    return _readers


class Digests:
    """Digests of the media of one run.

    Args:
        ledger: where digests are remembered.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def of(self, part: ImagePart | VideoPart) -> str:
        """The content digest of an image or a video.

        Raises:
            MediaError: the file cannot be read.
        """
        source = part.source
        if isinstance(source, bytes):
            return bytes_digest(source)
        if "://" in source or source.startswith("data:"):
            return bytes_digest(source.encode())
        loop = asyncio.get_running_loop()
        size, mtime_ns, digest, fresh = await loop.run_in_executor(reader_threads(), self._look, source)
        if fresh:
            self._ledger.note_digest(source, size, mtime_ns, digest)
        return digest

    def _look(self, path: str) -> tuple[int, int, str, bool]:
        status = check_regular(path)
        known = self._ledger.digest(path, status.st_size, status.st_mtime_ns)
        if known is not None:
            return status.st_size, status.st_mtime_ns, known, False
        return status.st_size, status.st_mtime_ns, file_digest(Path(path)), True
