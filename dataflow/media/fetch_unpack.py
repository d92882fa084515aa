"""Content that a server packs although it was asked not to, unpacked no further than its limit."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Iterator

from dataflow.core.causes import said_by
from dataflow.core.errors import MediaError, TransientError

_CHUNK = 1 << 18
_GZIP = b"\x1f\x8b"
_EITHER = 32 + zlib.MAX_WBITS
"""Has zlib tell gzip and zlib apart by their beginnings."""

_PACKED = frozenset({"gzip", "x-gzip", "deflate"})
_UNKNOWN = frozenset({"br", "zstd", "compress", "x-compress", "dcb", "dcz"})
"""The other codings of IANA's registry. What is in neither set (`utf-8`, `aws-chunked`, `none`) says nothing."""


def is_packed(encoding: str) -> bool:
    """Whether a `Content-Encoding` names a packing."""
    return any(coding in _PACKED | _UNKNOWN for coding in _codings(encoding))


async def unpacked(chunks: AsyncIterator[bytes], encoding: str, name: str) -> AsyncIterator[bytes]:
    """The content of a body, in pieces of bounded size.

    Args:
        chunks: the body as it is on the wire.
        encoding: its `Content-Encoding`. A body that is not what this says is taken as it is.
        name: of the URL, for messages.

    Raises:
        MediaError: it is packed in another way, twice, or damaged.
        TransientError: it ends in the middle.
    """
    codings = [coding for coding in _codings(encoding) if coding in _PACKED | _UNKNOWN]
    if len(codings) > 1 or any(coding in _UNKNOWN for coding in codings):
        raise MediaError(f"{name}: the server packs it ({', '.join(codings)[:40]}) although it was asked not to")
    unpacker: _Unpacker | None = None
    first = True
    async for chunk in chunks:
        if first and codings and (chunk.startswith(_GZIP) or (codings == ["deflate"] and chunk[:1] == b"\x78")):
            unpacker = _Unpacker(name)
        first = False
        if unpacker is None:
            yield chunk
            continue
        for piece in unpacker.feed(chunk):
            yield piece
    if unpacker is not None and not unpacker.at_end:
        raise TransientError("the packed content breaks off")


class _Unpacker:
    """Unpacks gzip, also several in a row, and zlib."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._stream = zlib.decompressobj(_EITHER)

    @property
    def at_end(self) -> bool:
        return self._stream.eof

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._stream.eof:
                if not data.startswith(_GZIP):
                    return  # padding
                self._stream = zlib.decompressobj(_EITHER)
            try:
                piece = self._stream.decompress(data, _CHUNK)
            except zlib.error as error:
                raise MediaError(f"{self._name}: the server's packed content is damaged: {said_by(error)}") from None
            if piece:
                yield piece
            data = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail


def _codings(encoding: str) -> list[str]:
    return [coding.strip() for coding in encoding.lower().split(",")]
