"""A connection that owes us the rest of a request is closed after a while, however its bytes trickle: what is half open
holds a socket of ours, and there are not many."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

WHOLE_WITHIN = 10.0
"""Seconds from a connection, or from the first byte of a later request on it, to the last byte of the request."""

ANSWER_READ_WITHIN = 1.0
"""Seconds for the answer to a request that goes on and on, before the connection is closed."""

_OWED = (h11.IDLE, h11.SEND_BODY)
"""States of who asks in which its request is not whole: its head has not come, or its body has not."""


class PromptProtocol(H11Protocol):
    """HTTP as uvicorn speaks it, with a time limit for requests. Between them its own limit holds."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._rest()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.conn.their_state is h11.SEND_BODY:  # answered before it was whole: the rest is not even read
            self.flow.pause_reading()
            self._rest()
            self._deadline = self.loop.call_later(ANSWER_READ_WITHIN, self.transport.abort)

    def _watch(self) -> None:
        if self.conn.their_state not in _OWED:
            self._rest()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(WHOLE_WITHIN, self.transport.abort)

    def _rest(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
