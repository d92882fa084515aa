"""Media written into a URL: `data:image/png;base64,...` (RFC 2397)."""

from __future__ import annotations

import binascii
from base64 import b64decode
from urllib.parse import unquote_to_bytes

from dataflow.core.causes import said_by
from dataflow.core.errors import MediaError


def decode_data_url(url: str, max_bytes: int) -> bytes:
    """The content of a `data:` URL.

    Raises:
        MediaError: it has no comma, no valid base64, no content, or more than `max_bytes`.
    """
    kind, comma, body = url.partition(",")
    if not comma:
        raise MediaError(f"the data URL {url[:40]!r} has no comma before its content")
    if len(body) > max_bytes * 4:  # three characters of percent-encoding make one byte at worst
        raise MediaError(f"the data URL {kind[:40]!r} holds more than {max_bytes:,} bytes")
    data = unquote_to_bytes(body)
    if kind.lower().endswith(";base64"):
        try:
            data = b64decode(b"".join(data.split()), validate=True)
        except binascii.Error as error:
            raise MediaError(f"the data URL {kind[:40]!r} holds no valid base64: {said_by(error)}") from None
    if not data:
        raise MediaError(f"the data URL {kind[:40]!r} is empty")
    if len(data) > max_bytes:
        raise MediaError(f"the data URL {kind[:40]!r} holds {len(data):,} bytes, more than {max_bytes:,}")
    return data
