"""One chat request on its way through the test endpoint."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.server.counts import Record
from tests.server.protocol import Connection
from tests.server.question import Question

Headers = list[tuple[str, str]]


class Exchange:
    """One chat request on its way to an answer."""

    def __init__(self, connection: Connection, digest: bytes, record: Record, question: Question | None) -> None:
        self.connection = connection
        self.digest = digest
        self.record = record
        self.order = record.order
        self.attempt = record.asked - 1
        self.question = question
        self.entered = False
        self.fault = ""
        self.delay = 0.0
        self.headers: Headers = []
        self.timer: asyncio.TimerHandle | None = None
        self.entry: dict[str, Any] = {}
