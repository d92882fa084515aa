"""The conversations of an export between its two passes: a nameless file on the disk that the export goes to."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import orjson

from dataflow.export.conversation import Conversation, load_conversation
from dataflow.storage.os_errors import writing


class Gathering:
    """Conversations with the key by which their side of the split is known.

    Args:
        folder: on whose disk they lie.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with writing(folder):
            self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by __exit__

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):  # what could not be written on a full disk has been told already
            self._file.close()

    def put(self, key: str, conversation: Conversation) -> None:
        """Keep one.

        Raises:
            OutputError: the disk is full.
        """
        with writing(self._folder):
            self._file.write(orjson.dumps(key) + b"\t" + conversation.dump() + b"\n")

    def __iter__(self) -> Iterator[tuple[int, str, Conversation]]:
        """All of them in order, each with the place by which `at` finds it, and its key."""
        place = 0
        with writing(self._folder):
            self._file.seek(0)
        for line in self._file:
            yield place, *_parsed(line)
            place += len(line)

    def at(self, place: int) -> tuple[str, Conversation]:
        """The key and the conversation at a place; not while all are gone through."""
        with writing(self._folder):
            self._file.seek(place)
        return _parsed(self._file.readline())


def _parsed(line: bytes) -> tuple[str, Conversation]:
    key, _, text = line.partition(b"\t")
    return orjson.loads(key), load_conversation(text)
