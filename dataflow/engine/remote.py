"""Media behind URLs: known by the digest of their content, and fetched only where a question is really asked.

What a URL held is noted in the ledger, so that a second run which finds its answers there fetches nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from dataflow.core import ImagePart, MediaError, Request
from dataflow.core.message import Part
from dataflow.engine.ledger import Ledger
from dataflow.media.byte_cache import ByteCache
from dataflow.media.digest import bytes_digest
from dataflow.media.fetch import IMAGE_LIMITS, VIDEO_LIMITS, fetch_bytes, fetch_file
from dataflow.media.fetch_limits import display_url
from dataflow.media.image import is_data_url
from dataflow.storage.paths import is_url

KEPT_BYTES = 64 * 2**20
"""Content kept for the next question about the same picture."""

REMEMBERED = 100_000
"""URLs of this run that are known without asking the ledger."""


class Changed(MediaError):
    """A URL holds something else than was noted of it; the new digest is noted, and the question is another one."""


class Remote:
    """Fetches the media of one run that lie behind URLs.

    Args:
        ledger: where the digest of what a URL held is remembered.
        folder: where videos are put; they stay there for later runs.
        allow_private: whether addresses that are not of the public internet may be reached.
    """

    def __init__(self, ledger: Ledger, folder: Path, allow_private: bool = False) -> None:
        self._ledger = ledger
        self._folder = folder
        self._images = replace(IMAGE_LIMITS, allow_private=allow_private)
        self._videos = replace(VIDEO_LIMITS, allow_private=allow_private)
        self._kept: ByteCache[bytes] = ByteCache(KEPT_BYTES, len)
        self._paths: ByteCache[Path] = ByteCache(KEPT_BYTES, lambda path: len(str(path)))
        self._digests: dict[str, str] = {}

    async def locate(self, part: ImagePart) -> tuple[ImagePart, str]:
        """An image with the digest of its content: with its bytes where they had to be fetched, as it is otherwise.

        Raises:
            MediaError: it cannot be fetched, or may not be.
        """
        url = str(part.source)
        known = self._digests.get(url) or self._ledger.digest(url, 0, 0)
        if known is not None:
            return part, known
        data = await self._content(url)
        return replace(part, source=data), self._note(url, data)

    async def fill(self, request: Request, digests: Mapping[Part, str]) -> Request:
        """A request with bytes in the place of URLs.

        Args:
            request: as `locate` left its parts.
            digests: of its parts, as the key of the question was made of them.

        Raises:
            Changed: the content is not what the key of the question was made of.
            MediaError: as `locate`.
        """
        fetched: dict[Part, Part] = {}
        for part in request.media:
            if isinstance(part, ImagePart) and _is_remote(part.source):
                url = str(part.source)
                data = await self._content(url)
                if self._note(url, data) != digests[part]:
                    raise Changed(f"{display_url(url)} shows another image at every look; download it first")
                fetched[part] = replace(part, source=data)
        return replace(request, messages=request.replace_parts(fetched)) if fetched else request

    async def video(self, url: str) -> str:
        """The path of a file with a video's content; fetched once.

        Raises:
            MediaError: as `locate`.
        """

        async def fetch() -> Path:
            return await fetch_file(url, self._folder, self._videos)

        return str(await self._paths.get(url, fetch))

    async def _content(self, url: str) -> bytes:
        async def fetch() -> bytes:
            return await fetch_bytes(url, self._images)

        return await self._kept.get(url, fetch)

    def _note(self, url: str, data: bytes) -> str:
        digest = bytes_digest(data)
        if self._digests.get(url) != digest:
            self._digests[url] = digest
            if len(self._digests) > REMEMBERED:
                del self._digests[next(iter(self._digests))]
            self._ledger.note_digest(url, 0, 0, digest)
        return digest


def _is_remote(source: str | bytes) -> bool:
    return isinstance(source, str) and is_url(source) and not is_data_url(source)
