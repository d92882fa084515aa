"""Previews on disk: made once, one at a time, and the oldest removed where they grow beyond a bound."""

from __future__ import annotations

import asyncio
import os
from hashlib import blake2b
from pathlib import Path
from typing import Any

from dataflow.core.errors import MediaError
from dataflow.media.pool import run_isolated
from dataflow.storage.own_files import create

MAX_BYTES = 2 * 2**30
_VERSION = 1
_SECONDS = 300.0
_MEMORY_MB = 2048


def default_folder() -> Path:
    """Where previews are kept between sessions."""
    root = os.environ.get("XDG_CACHE_HOME") or ""
    return (Path(root) if Path(root).is_absolute() else Path.home() / ".cache") / "dataflow" / "previews"


class PreviewCache:
    """Makes previews and keeps them.

    Args:
        folder: where they are kept.
        max_bytes: of all files there.
    """

    def __init__(self, folder: Path, max_bytes: int = MAX_BYTES) -> None:
        self.folder = folder
        self.max_bytes = max_bytes
        self.made = 0
        """How many were really made; tests read it."""
        self._room = asyncio.Semaphore(1)

    async def how_to_play(self, path: Path) -> dict[str, Any]:
        """What a browser can do with a video; see `preview.how_to_play_job`.

        Raises:
            MediaError: it is no video.
        """
        from dataflow.viewer.preview import how_to_play_job

        found: dict[str, Any] = await run_isolated(
            how_to_play_job, str(path), timeout=20.0, cpu_seconds=4.0, subject=path.name
        )
        return found

    def path_of(self, video: Path) -> Path:
        """Where the preview of a video is, or will be."""
        status = video.stat()
        key = f"{_VERSION}\0{video}\0{status.st_size}\0{status.st_mtime_ns}"
        return self.folder / f"{blake2b(key.encode(errors='surrogateescape'), digest_size=16).hexdigest()}.mp4"

    async def get(self, video: Path) -> Path:
        """The preview of a video, made where it is not there yet.

        Raises:
            MediaError: it cannot be made; says why.
        """
        from dataflow.viewer.preview import preview_job

        target = self.path_of(video)
        async with self._room:
            if not target.exists():
                temporary = target.with_suffix(f".{os.getpid()}.tmp")
                try:
                    self.folder.mkdir(parents=True, exist_ok=True)
                    os.close(create(temporary))
                    await run_isolated(
                        preview_job,
                        str(video),
                        str(temporary),
                        timeout=_SECONDS,
                        room="previews",
                        memory_mb=_MEMORY_MB,
                        subject=video.name,
                    )
                    temporary.replace(target)
                except OSError as error:
                    raise MediaError(f"{self.folder}: the preview cannot be written: {error.strerror}") from None
                finally:
                    temporary.unlink(missing_ok=True)
                self.made += 1
                self._make_room(target)
        os.utime(target)  # the least recently looked at goes first
        return target

    def _make_room(self, newest: Path) -> None:
        files = sorted(((file.stat(), file) for file in self.folder.glob("*.mp4")), key=lambda one: one[0].st_mtime)
        held = sum(status.st_size for status, _ in files)
        for status, file in files:
            if held <= self.max_bytes:
                return
            if file != newest:
                file.unlink(missing_ok=True)
                held -= status.st_size
