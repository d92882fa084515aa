"""Just enough HTTP/1.1 on the socket itself: aiohttp's server costs 120 us per 67 KB request, this one 70, and what
a fault needs (half a body, a reset, who hung up when) is in our own hands here."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from tests.server.refusals import REASONS

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request; header names in lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


class Handler(Protocol):
    """What a connection hands its requests to."""

    def handle(self, connection: Connection, request: HttpRequest) -> None:
        """Answer now or later, with one call of `respond` or `reset`."""


class Connection(asyncio.Protocol):
    """One kept-alive connection; answers one request at a time, in order."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.on_lost: Callable[[], None] | None = None
        self.poisoned = False
        self._transport: asyncio.Transport | None = None
        self._chunks: list[bytes] = []
        self._missing = 0
        self._head: tuple[str, str, str, dict[str, str]] | None = None
        self._busy = False

    @property
    def open(self) -> bool:
        """Whether an answer can still be sent."""
        return self._transport is not None and not self._transport.is_closing()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self.on_lost is not None:
            self.on_lost()

    def data_received(self, data: bytes) -> None:
        self._chunks.append(data)
        if self._head is not None:
            self._missing -= len(data)
            if self._missing > 0:
                return
        if not self._busy:
            self._next()

    def respond(
        self,
        status: int,
        headers: Iterable[tuple[str, str]],
        body: bytes,
        *,
        declared: int | None = None,
        kind: str = "application/json",
    ) -> None:
        """Send an answer.

        Args:
            declared: the Content-Length to announce, when it is not that of the body; then the connection ends.
            kind: of content.
        """
        head = [f"HTTP/1.1 {status} {REASONS[status]}\r\ncontent-type: {kind}\r\n"]
        head += [f"{name}: {value}\r\n" for name, value in headers]
        head.append(f"content-length: {len(body) if declared is None else declared}\r\n\r\n")
        self.on_lost = None
        self._busy = False
        if self._transport is None:
            return
        self._transport.write("".join(head).encode() + body)
        if declared is not None:
            self._transport.close()
        elif self._chunks:
            asyncio.get_running_loop().call_soon(self._next)

    def reset(self) -> None:
        """End the connection with a TCP reset and no answer."""
        self.on_lost = None
        if self._transport is not None:
            sock = self._transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            self._transport.abort()

    def end(self) -> None:
        """End the connection at once, whatever is under way."""
        if self._transport is not None:
            self._transport.abort()

    def _next(self) -> None:
        """Hand on the next request, if it is all here."""
        if self._busy or not self.open:
            return
        if self._head is None and not self._read_head():
            return
        if self._missing > 0:
            return
        assert self._head is not None
        data = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        end = len(data) + self._missing
        self._chunks = [data[end:]] if self._missing else []
        body = data[:end] if self._missing else data
        request = HttpRequest(*self._head, body)
        self._head, self._missing, self._busy = None, 0, True
        self.handler.handle(self, request)

    def _read_head(self) -> bool:
        data = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        if data.startswith(b"\x16\x03") and self._transport is not None:  # someone speaks TLS
            self._transport.write(b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n")
            self._transport.close()
            return False
        head, separator, rest = data.partition(b"\r\n\r\n")
        if not separator:
            self._chunks = [data] if data else []
            return False
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        method, target, _ = first.split(" ", 2)
        path, _, query = target.partition("?")
        if "transfer-encoding" in headers:
            self.respond(411, [], b'{"error": {"message": "Send a Content-Length, not chunks."}}', declared=60)
            return False
        self._head = (method, path, query, headers)
        length = int(headers.get("content-length", 0))
        self._chunks = [rest] if rest else []
        self._missing = length - len(rest)
        if self._missing > 0 and headers.get("expect", "").lower() == "100-continue" and self._transport is not None:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return True
