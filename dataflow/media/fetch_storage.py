"""Content from object storage, through fsspec and the package of that storage."""

from __future__ import annotations

import asyncio

from dataflow.core.errors import MediaError, PrerequisiteError
from dataflow.media.fetch_limits import display_url
from dataflow.media.fetch_sink import Sink

_PACKAGES = {
    "s3": "s3fs",
    "s3a": "s3fs",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "az": "adlfs",
    "abfs": "adlfs",
    "hf": "huggingface_hub",
}
"""The storages known, and what each needs. Others, `file:` first of all, are refused: a dataset may not name them."""

_CHUNK = 1 << 20


async def pour(url: str, sink: Sink) -> None:
    """Fetch the content.

    Raises:
        MediaError: a scheme that is not served, or the storage refuses.
        PrerequisiteError: its package is not installed.
    """
    scheme = url.partition(":")[0].lower()
    package = _PACKAGES.get(scheme)
    if package is None:
        known = ", ".join(["http", "https", "data", *_PACKAGES])
        raise MediaError(f"{display_url(url)}: {scheme}: URLs are not fetched; known are {known}")
    try:
        import fsspec

        file = await asyncio.to_thread(lambda: fsspec.open(url, "rb").open())
    except ImportError:
        raise PrerequisiteError(f"{scheme}: URLs need a package: pip install fsspec {package}") from None
    except Exception as error:  # each storage has errors of its own
        raise MediaError(f"{display_url(url)} cannot be opened: {error}") from None
    try:
        while chunk := await asyncio.to_thread(file.read, _CHUNK):
            sink.write(chunk)
    except OSError as error:
        raise MediaError(f"{display_url(url)} cannot be read: {error}") from None
    finally:
        file.close()
