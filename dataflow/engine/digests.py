"""Content digests of media, remembered by path, size, times and inode, so that a second run reads no file, and a file
that was replaced by one of the same size and time is noticed."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import overload

from dataflow.core import ImagePart, VideoPart
from dataflow.engine.ledger import Ledger
from dataflow.engine.remote import Remote
from dataflow.media.digest import bytes_digest, file_digest
from dataflow.media.disk import SMALL_BYTES, read_small
from dataflow.media.files import check_regular
from dataflow.media.image import is_data_url
from dataflow.storage.paths import is_url
from dataflow.storage.places import MediaPlaces

REMEMBERED = 10_000
"""Files of this run that are known without asking the ledger: rows that share pictures share few."""


class Digests:
    """Finds the media of one run, and their digests.

    Args:
        ledger: where digests are remembered.
        places: where they are looked for.
        remote: fetches what lies behind URLs.
    """

    def __init__(self, ledger: Ledger, places: MediaPlaces, remote: Remote) -> None:
        self._ledger = ledger
        self._remote = remote
        self._places = places
        self._seen: dict[str, _Found] = {}

    async def locate(self, part: ImagePart | VideoPart) -> tuple[ImagePart | VideoPart, str]:
        """An image or video with its path resolved, and its content digest.

        A video behind a URL comes as a file. An image behind one comes as bytes, or as it is where an earlier run has
        noted its digest.

        Raises:
            MediaError: there is no such file, or it cannot be read or fetched.
        """
        source = part.source
        if isinstance(source, bytes):
            return part, bytes_digest(source)
        if is_url(source):
            if isinstance(part, VideoPart):
                source = await self._remote.video(source)
            elif is_data_url(source):
                return part, bytes_digest(source.encode())
            else:
                return await self._remote.locate(part)
        found = await read_small(lambda: self._look(source, SMALL_BYTES), lambda: self._look(source))
        if found.path not in self._seen and len(self._seen) < REMEMBERED:
            self._seen[found.path] = replace(found, fresh=False)
        if found.fresh:
            self._ledger.note_digest(found.path, found.size, found.stamp, found.digest)
        return replace(part, source=found.path), found.digest

    @overload
    def _look(self, source: str) -> _Found: ...

    @overload
    def _look(self, source: str, largest: int) -> _Found | None: ...

    def _look(self, source: str, largest: int | None = None) -> _Found | None:
        """Find a file and its digest; None where a file larger than `largest` would have to be read."""
        path = self._places.find(source)
        status = check_regular(path)
        seen = self._seen.get(path)
        stamp = _stamp(status)
        if seen is not None and (seen.size, seen.stamp) == (status.st_size, stamp):
            return seen
        known = self._ledger.digest(path, status.st_size, stamp)
        if known is None and largest is not None and status.st_size > largest:
            return None
        digest = known or file_digest(Path(path))
        return _Found(path, status.st_size, stamp, digest, fresh=known is None)


def _stamp(status: os.stat_result) -> int:
    """The times and the inode of a file as one number that SQLite holds: `cp -p`, `rsync -t` and unpacking set a file's
    time, but not when its inode was changed, nor which it is."""
    facts = f"{status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}".encode()
    return int.from_bytes(blake2b(facts, digest_size=8).digest(), "big", signed=True)


@dataclass(frozen=True, slots=True)
class _Found:
    path: str
    size: int
    stamp: int
    digest: str
    fresh: bool
