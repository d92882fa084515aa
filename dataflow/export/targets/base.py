"""What all target formats share: they are opened on a folder, take conversations by split, and are closed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from dataflow.core.causes import said_by
from dataflow.core.errors import SampleError
from dataflow.core.sample import Sample
from dataflow.export.conversation import Conversation
from dataflow.export.media import How
from dataflow.export.order import own_shown
from dataflow.export.own import OwnColumn
from dataflow.export.placeholders import check_marks, marked_text
from dataflow.storage.atomic import AtomicFile
from dataflow.storage.json_text import dump_row
from dataflow.storage.os_errors import writing


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known before the first conversation is written.

    Args:
        name: of the dataset, letters and digits.
        out: where the export will stand when it is whole.
        splits: those that have conversations.
        images: whether any conversation has images.
        videos: whether any has videos.
        how: what is done with media.
        manifest: of the run that made the dataset; empty where there is none.
        own: the user's own columns.
    """

    name: str
    out: Path
    splits: tuple[str, ...]
    images: bool
    videos: bool
    how: How
    manifest: Mapping[str, Any]
    own: tuple[OwnColumn, ...] = ()


class Target(ABC):
    """A format.

    Args:
        folder: where to write.
        facts: about the whole export.
    """

    name: ClassVar[str]
    documented: ClassVar[str]
    """Whose documentation says what is written, and in which version."""
    media: ClassVar[tuple[How, ...]] = ("copy", "link", "reference")
    """What it can do with media; the first is the default."""
    reserved: ClassVar[frozenset[str]]
    """Names of columns that are its own, or to which its readers give a meaning, in small letters."""

    def __init__(self, folder: Path, facts: Facts) -> None:
        self.folder = folder
        self.facts = facts

    @classmethod
    def refuse(cls, conversation: Conversation) -> None:
        """Refuse what the format has no form for.

        Raises:
            SampleError: says why.
        """
        check_marks(
            [marked_text(turn) for turn in conversation.messages],
            len(conversation.images),
            len(conversation.videos),
        )

    @classmethod
    def shows(cls, conversation: Conversation, columns: Iterable[OwnColumn]) -> frozenset[str]:
        """What a reader learns about the types of columns from a record alone; nothing where the files tell them."""
        return frozenset()

    def own(self, conversation: Conversation) -> Sample:
        """The user's own columns of a conversation, each, as they are to be written."""
        return {column.written: column.value(conversation.own) for column in self.facts.own}

    @abstractmethod
    def write(self, split: str, conversation: Conversation) -> None:
        """Add a conversation.

        Raises:
            SampleError: one of its media cannot be read any more; nothing was added.
            OutputError: the disk refuses.
        """

    @abstractmethod
    def close(self) -> None:
        """Finish all files."""

    @abstractmethod
    def next_step(self) -> str:
        """What to type to use the export."""


_MEANT = ("messages", "images", "videos", "audios", "tools", "objects", "response")
READ_BY_CHAT_TRAINERS = frozenset(
    (
        *("conversation", "conversations", "image", "video", "audio", "system", "system_prompt", "tool"),
        *_MEANT,
        *(f"{side}_{name}" for side in ("rejected", "positive", "negative") for name in _MEANT),
    )
)
"""Columns that ms-swift takes for turns, media, tools or answers of other kinds."""


class JsonTarget(Target):
    """A format of one JSON file a split: lines, or an array with one element a line."""

    array: ClassVar[bool] = False

    def __init__(self, folder: Path, facts: Facts) -> None:
        super().__init__(folder, facts)
        self._files = {split: AtomicFile(folder / self.file_name(split)) for split in facts.splits}
        self._begun: set[str] = set()

    @classmethod
    def file_name(cls, split: str) -> str:
        """The file of a split."""
        return f"{split}.json" if cls.array else f"{split}.jsonl"

    @classmethod
    def shows(cls, conversation: Conversation, columns: Iterable[OwnColumn]) -> frozenset[str]:
        media = {name for name in ("images", "videos") if getattr(conversation, name)}
        return own_shown(conversation, columns) | media

    @abstractmethod
    def record(self, conversation: Conversation) -> Sample:
        """The object of a conversation.

        Raises:
            SampleError: one of its media cannot be read any more.
        """

    def write(self, split: str, conversation: Conversation) -> None:
        line = dump_row(self.record(conversation))
        file = self._files[split]
        before = (b",\n" if split in self._begun else b"[\n") if self.array else b""
        self._begun.add(split)
        with writing(file.path):
            file.file.write(before + line + (b"" if self.array else b"\n"))

    def close(self) -> None:
        for split, file in self._files.items():
            if self.array:
                with writing(file.path):
                    file.file.write(b"\n]\n" if split in self._begun else b"[]\n")
            file.commit()

    def media_columns(self, conversation: Conversation) -> Mapping[str, Any]:
        """`images` and `videos`, each in every row or in none: readers take the columns from the first rows."""
        columns = {}
        if self.facts.images:
            columns["images"] = conversation.images
        if self.facts.videos:
            columns["videos"] = conversation.videos
        return columns


def from_value(conversation: Conversation, image: str = "<image>", video: str = "<video>") -> list[dict[str, str]]:
    """Turns as ShareGPT has them: `from` is human, gpt or system."""
    names = {"user": "human", "assistant": "gpt", "system": "system"}
    return [{"from": names[turn.role], "value": marked_text(turn, image, video)} for turn in conversation.messages]


def role_content(conversation: Conversation) -> list[dict[str, str]]:
    """Turns as chat messages with marks in their text."""
    return [{"role": turn.role, "content": marked_text(turn)} for turn in conversation.messages]


def read_whole(path: str, limit: int) -> bytes:
    """The bytes of a media file that goes into a record.

    Raises:
        SampleError: it cannot be read, or is larger than the limit.
    """
    from dataflow.media.files import check_regular, open_regular

    size = check_regular(path).st_size
    if size > limit:
        raise SampleError(f"{path}: {size:,} bytes, more than the {limit:,} that one record can hold")
    with open_regular(path) as file:
        try:
            return file.read() or b""
        except OSError as error:
            raise SampleError(f"{path} cannot be read: {error.strerror or said_by(error)}") from None
