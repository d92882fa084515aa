"""Media behind URLs, fetched within limits of size, time and place."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from dataflow.core.errors import MediaError, TransientError
from dataflow.media.data_url import decode_data_url
from dataflow.media.digest import bytes_digest
from dataflow.media.fetch_limits import FetchLimits, display_url
from dataflow.media.fetch_manners import Patience
from dataflow.media.fetch_sink import Sink
from dataflow.storage.own_files import create, make_own_folder

_log = logging.getLogger(__name__)

IMAGE_LIMITS = FetchLimits()
VIDEO_LIMITS = FetchLimits(max_bytes=2 * 2**30, timeout=600.0)
TABLE_LIMITS = FetchLimits(max_bytes=16 * 2**30, timeout=3600.0)

_PAUSES = (0.5, 1.0)
"""Seconds between tries that bring nothing further."""

_MOST_TRIES = 30
"""Of one fetch, when each brings a little more."""


def is_url(source: object) -> bool:
    """Whether a media source is a URL and not a path: it has a scheme (`data:`, or one of two letters or more)."""
    if not isinstance(source, str):
        return False
    scheme, colon, rest = source[:32].partition(":")
    return bool(colon) and (rest.startswith("//") or scheme.lower() == "data") and len(scheme) > 1


async def fetch_bytes(url: str, limits: FetchLimits = IMAGE_LIMITS) -> bytes:
    """The content of a URL: `http(s):`, `data:`, or object storage through fsspec (`s3:`, `gs:`, `az:`, `hf:`).

    Args:
        url: where it is.
        limits: what it may cost.

    Raises:
        MediaError: another scheme, an address that may not be reached, an error, or a limit exceeded.
        PrerequisiteError: the package for that storage is not installed.
    """
    content = bytearray()
    await _fetch(url, limits, content.clear, content.extend)
    return bytes(content)


async def fetch_file(url: str, folder: Path, limits: FetchLimits = VIDEO_LIMITS) -> Path:
    """The content of a URL as a file, for videos; fetched once per folder.

    Args:
        url: as in `fetch_bytes`.
        folder: where the file is put, under a name made from the URL.
        limits: what it may cost.

    Raises:
        MediaError: as `fetch_bytes`.
        PrerequisiteError: as `fetch_bytes`.
    """
    target = fetched_path(url, folder)
    return target if target.is_file() and not target.is_symlink() else await _into(url, target, limits, Sink.check)


async def fetch_table(url: str, target: Path, limits: FetchLimits = TABLE_LIMITS) -> Path:
    """The content of a URL that is a dataset, as a file; what stood there is replaced.

    Args:
        url: as in `fetch_bytes`.
        target: the file.
        limits: what it may cost.

    Raises:
        MediaError: as `fetch_bytes`.
        PrerequisiteError: as `fetch_bytes`.
    """
    return await _into(url, target, limits, Sink.check_table)


async def _into(url: str, target: Path, limits: FetchLimits, check: Callable[[Sink], None]) -> Path:
    make_own_folder(target.parent)
    partial = target.with_name(f"{target.name}.{os.getpid()}.{id(asyncio.current_task())}.part")
    try:
        with open(create(partial), "wb") as file:

            def restart() -> None:
                file.seek(0)
                file.truncate()

            await _fetch(url, limits, restart, file.write, check)
        return partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def fetched_path(url: str, folder: Path) -> Path:
    """Where `fetch_file` puts the content of a URL, whether it is there or not."""
    suffix = PurePosixPath(urlsplit(url).path).suffix[:8] if not url.startswith("data:") else ""
    return folder / (bytes_digest(url.encode())[:16] + suffix)


async def _fetch(
    url: str,
    limits: FetchLimits,
    restart: Callable[[], object],
    write: Callable[[bytes], object],
    check: Callable[[Sink], None] = Sink.check,
) -> None:
    """Pour the content into `write`, from the beginning again after `restart`; `check` sees what came."""
    scheme = url.partition(":")[0].lower()
    if scheme == "data":
        write(decode_data_url(url, limits.max_bytes))
        return
    name = display_url(url)
    sink = Sink(name, limits.max_bytes, restart, write)
    try:
        async with asyncio.timeout(limits.timeout) as clock:
            await _insist(_attempt(url, scheme, limits, sink, Patience(name, clock)), name, sink)
    except TimeoutError:
        raise MediaError(f"{name} did not arrive within {limits.timeout:g} s") from None
    check(sink)


def _attempt(
    url: str, scheme: str, limits: FetchLimits, sink: Sink, patience: Patience
) -> Callable[[], Awaitable[None]]:
    if scheme in ("http", "https"):
        from dataflow.media.fetch_http import HttpSource

        return HttpSource(url, limits, sink, patience).attempt
    from dataflow.media.fetch_storage import pour

    return lambda: pour(url, sink)


async def _insist(attempt: Callable[[], Awaitable[None]], name: str, sink: Sink) -> None:
    """Try until the content has come.

    Raises:
        MediaError: it does not.
    """
    pauses, most = iter(_PAUSES), 0
    for _ in range(_MOST_TRIES):
        try:
            return await attempt()
        except TransientError as error:
            last = error
        if sink.held > most:
            pauses, most = iter(_PAUSES), sink.held
        if (pause := next(pauses, None)) is None:
            break
        _log.info("%s is fetched again in %g s: %s", name, pause, last)
        await asyncio.sleep(pause)
    if not sink.is_whole():  # it is where the server declares more than there is
        raise MediaError(f"{name} cannot be fetched: {last}") from None
