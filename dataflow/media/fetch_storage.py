"""Content from object storage, through fsspec and the package of that storage."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from dataflow.core.causes import causes_of, kinds_of
from dataflow.core.errors import DataFlowError, MediaError, PrerequisiteError
from dataflow.media.fetch_limits import display_url
from dataflow.media.fetch_sink import Sink


@dataclass(frozen=True, slots=True)
class _Storage:
    """An object storage.

    Args:
        extra: of ours that brings its package.
        package: what it needs.
        login: how its credentials are given.
    """

    extra: str
    package: str
    login: str


_S3 = _Storage(
    "s3",
    "s3fs",
    "export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE; for a public bucket, FSSPEC_S3_ANON=true",
)
_GS = _Storage("gs", "gcsfs", "run `gcloud auth application-default login`, or export GOOGLE_APPLICATION_CREDENTIALS")
_AZ = _Storage("az", "adlfs", "export AZURE_STORAGE_CONNECTION_STRING")
_HF = _Storage("hf", "huggingface_hub", "export HF_TOKEN, and accept the dataset's terms on its page")

STORAGES = {"s3": _S3, "s3a": _S3, "gs": _GS, "gcs": _GS, "az": _AZ, "abfs": _AZ, "hf": _HF}
"""The storages known, by scheme. Others, `file:` first of all, are refused: a dataset may not name them."""

_CHUNK = 1 << 20

_CLOSED = ("NoCredentials", "PartialCredentials", "CredentialRetrieval", "DefaultCredentials", "ClientAuthentication")
_CLOSED_STATUS = (401, 403)
_MISSING = ("FileNotFoundError", "NoSuchBucket", "NoSuchKey", "NotFound")


async def pour(url: str, sink: Sink) -> None:
    """Fetch the content.

    Raises:
        MediaError: a scheme that is not served, or the storage refuses.
        PrerequisiteError: its package is not installed.
    """
    scheme = url.partition(":")[0].lower()
    storage = STORAGES.get(scheme)
    name = display_url(url)
    if storage is None:
        known = ", ".join(["http", "https", "data", *STORAGES])
        raise MediaError(f"{name}: {scheme}: URLs are not fetched; known are {known}")
    try:
        import fsspec

        file = await asyncio.to_thread(lambda: fsspec.open(url, "rb").open())
    except ImportError:
        raise PrerequisiteError(
            f"{scheme}: URLs need a package: pip install 'dataflow-mm[{storage.extra}]' (or pip install fsspec "
            f"{storage.package})"
        ) from None
    except Exception as error:  # each storage has errors of its own
        raise _told(error, name, storage) from None
    try:
        while chunk := await asyncio.to_thread(file.read, _CHUNK):
            sink.write(chunk)
    except DataFlowError:
        raise
    except Exception as error:
        raise _told(error, name, storage) from None
    finally:
        file.close()


def _told(error: BaseException, name: str, storage: _Storage) -> MediaError:
    """What a storage says, with the cure; its own words only by kind, for addresses in them may be signed."""
    kinds = kinds_of(error)
    status = next((found for cause in causes_of(error) if (found := _status(cause)) is not None), None)
    if (
        isinstance(error, PermissionError)
        or status in _CLOSED_STATUS
        or any(kind.startswith(_CLOSED) for kind in kinds)
    ):
        return MediaError(f"{name}: the storage asks for a login, or refuses yours: {storage.login}")
    if status == 404 or any(kind.startswith(_MISSING) for kind in kinds):
        return MediaError(f"{name}: there is no such object. Check the address")
    return MediaError(f"{name}: cannot be read ({type(error).__name__}). Check the address and the network")


def _status(error: BaseException) -> int | None:
    """The HTTP status in an error of botocore or of an HTTP library."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        status = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    else:
        status = (
            getattr(response, "status_code", None) or getattr(error, "status", None) or getattr(error, "code", None)
        )
    return status if isinstance(status, int) else None
