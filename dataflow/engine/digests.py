"""Content digests of media, remembered by path, size and time, so that a second run reads no file."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from dataflow.core import ImagePart, VideoPart
from dataflow.engine.ledger import Ledger
from dataflow.media.digest import bytes_digest, file_digest
from dataflow.media.files import check_regular
from dataflow.storage.paths import is_url, resolve_media

_READERS = 8
_readers: ThreadPoolExecutor | None = None


def reader_threads() -> ThreadPoolExecutor:
    """The threads on which small files are read and checked, so that a slow disk never holds up the loop."""
    global _readers
    if _readers is None:
        _readers = ThreadPoolExecutor(_READERS, thread_name_prefix="dataflow-read")
    return _readers


class Digests:
    """Finds the media of one run, and their digests.

    Args:
        ledger: where digests are remembered.
        bases: the folders against which relative paths are tried.
    """

    def __init__(self, ledger: Ledger, bases: tuple[Path, ...]) -> None:
        self._ledger = ledger
        self._bases = bases

    async def locate(self, part: ImagePart | VideoPart) -> tuple[ImagePart | VideoPart, str]:
        """An image or video with its path resolved, and its content digest.

        Raises:
            MediaError: there is no such file, or it cannot be read.
        """
        source = part.source
        if isinstance(source, bytes):
            return part, bytes_digest(source)
        if is_url(source):
            return part, bytes_digest(source.encode())
        # One hop to a thread does all that touches the disk, so that a slow one never holds up the loop.
        found = await asyncio.get_running_loop().run_in_executor(reader_threads(), self._look, source)
        if found.fresh:
            self._ledger.note_digest(found.path, found.size, found.mtime_ns, found.digest)
        return replace(part, source=found.path), found.digest

    def _look(self, source: str) -> _Found:
        path = str(resolve_media(source, self._bases))
        status = check_regular(path)
        known = self._ledger.digest(path, status.st_size, status.st_mtime_ns)
        digest = known or file_digest(Path(path))
        return _Found(path, status.st_size, status.st_mtime_ns, digest, fresh=known is None)


@dataclass(frozen=True, slots=True)
class _Found:
    path: str
    size: int
    mtime_ns: int
    digest: str
    fresh: bool
