"""Adds lines to a `*.review.jsonl` and follows those that others add.

Each line is one write in append mode, synced before it counts as said. A lock is held for the moment in which a
reviewer's view is compared with the newest lines and the own one added; the system drops it when a process is killed.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from dataflow.core.errors import OutputError
from dataflow.storage.json_text import dump
from dataflow.storage.os_errors import reading, writing
from dataflow.storage.own_files import open_own
from dataflow.storage.review import CaseKey, Review
from dataflow.storage.review_action import Action, parse_action

BLOCK_BYTES = 1 << 20


class ReviewLog:
    """The log of one data file, and what its lines come to so far.

    Args:
        path: the log; made with the first line.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.review = Review()
        self._read_to = 0
        self._untold: list[CaseKey] = []
        self.guard = threading.RLock()
        """Held by whoever reads or changes `review`."""

    def follow(self) -> list[CaseKey]:
        """Take in the lines that came; returns the cases that changed since this was last called.

        Raises:
            InputError: the log cannot be read.
        """
        with self.guard, reading(self.path):
            try:
                with open(self.path, "rb") as file:
                    self._take(file.fileno())
            except FileNotFoundError:
                if self._read_to:  # somebody removed it: what it said is gone
                    self._begin_anew()
            changed, self._untold = self._untold, []
            return changed

    def add(self, action: Action, check: Callable[[Review], None] = lambda review: None) -> Action:
        """Add a line; it is on the disk when this returns.

        Args:
            action: the line; key and time are given here.
            check: is shown what all lines come to, with everybody else held off, and may raise.

        Raises:
            OutputError: it cannot be written, or is a link.
        """
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        action = replace(action, key=secrets.token_hex(6), at=now)
        line = dump(action.as_dict()) + b"\n"
        with self.guard, writing(self.path), self._locked() as descriptor:
            self._take(descriptor)
            check(self.review)
            end = os.fstat(descriptor).st_size
            torn = end > 0 and os.pread(descriptor, 1, end - 1) != b"\n"
            text = (b"\n" if torn else b"") + line  # what a killed writer left stays a line of its own
            if os.write(descriptor, text) != len(text):
                raise OutputError(f"{self.path}: no space left on the disk. Free some; this decision was not kept")
            os.fsync(descriptor)
            self._take(descriptor)
        return action

    @contextmanager
    def _locked(self) -> Iterator[int]:
        descriptor = open_own(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield descriptor
        finally:
            os.close(descriptor)

    def _begin_anew(self) -> None:
        self._untold += self.review.clear()
        self._read_to = 0

    def _take(self, descriptor: int) -> None:
        """Read complete lines from where the last ones ended."""
        if os.fstat(descriptor).st_size < self._read_to:  # replaced by a shorter one
            self._begin_anew()
        rest = b""
        position = self._read_to
        while block := os.pread(descriptor, BLOCK_BYTES, position):
            position += len(block)
            *lines, rest = (rest + block).split(b"\n")
            for line in lines:
                self._read_to += len(line) + 1
                action = parse_action(line)
                if action is None:
                    self.review.unreadable += bool(line.strip())
                    continue
                self._untold += self.review.add(action)
