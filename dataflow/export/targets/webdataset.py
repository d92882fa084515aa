"""WebDataset: tar files in which the members of one sample share their name up to the first dot."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path
from typing import Any, BinaryIO

from dataflow.core.causes import said_by
from dataflow.core.errors import MediaError, SampleError
from dataflow.export.conversation import Conversation
from dataflow.export.hub_card import hub_card
from dataflow.export.targets.base import Facts, Target, role_content
from dataflow.media.files import check_regular, open_regular
from dataflow.storage.atomic import AtomicFile, atomic_file
from dataflow.storage.json_text import dump
from dataflow.storage.os_errors import writing
from dataflow.storage.paths import is_url

BYTES_PER_SHARD = 1 << 30
SAMPLES_PER_SHARD = 10_000
_TOLD = """\
One sample is one conversation: a JSON file with its `messages`, in which `<image>` and `<video>` mark media, the names
of its `images` and `videos` among the files of the sample, and columns of the dataset that it was made of. Text was
written by models and may be wrong about what is to be seen."""


class WebDataset(Target):
    """`train-000000.tar` with `00000000.json` and its media, `00000000.jpg`; of several, `00000000.0.jpg`.

    The JSON holds the messages, with marks, the extensions of its `images` and `videos`, by which a reader gets their
    bytes from the same sample, and own columns. `datasets` takes the types from the first five samples, unless a card
    tells them: that of the folder does.
    """

    name = "webdataset"
    documented = "WebDataset 1.0.2, README (members of a sample share the name up to the first dot)"
    media = ("embed",)
    reserved = frozenset(("id", "task", "messages", "images", "videos", "labels"))

    def __init__(self, folder: Path, facts: Facts) -> None:
        super().__init__(folder, facts)
        self._shards = {split: _Shards(folder, split) for split in facts.splits}
        self._counts = dict.fromkeys(facts.splits, 0)
        self._members: dict[str, str] = {}

    @classmethod
    def refuse(cls, conversation: Conversation) -> None:
        super().refuse(conversation)
        if remote := next((path for path in (*conversation.images, *conversation.videos) if is_url(path)), None):
            raise SampleError(f"{remote:.200}: media inside a tar file must be files, not URLs")

    def write(self, split: str, conversation: Conversation) -> None:
        paths = [*conversation.images, *conversation.videos]
        endings = [Path(path).suffix.removeprefix(".").lower() for path in paths]
        names = endings if len(paths) == 1 else [f"{number}.{ending}" for number, ending in enumerate(endings)]
        record = {
            "id": conversation.id,
            "task": conversation.task,
            "messages": role_content(conversation),
            "images": names[: len(conversation.images)],
            "videos": names[len(conversation.images) :],
            **({"labels": conversation.labels} if conversation.labels else {}),
            **self.own(conversation),
        }
        self._shards[split].write(dump(record), list(zip(names, paths, strict=True)))
        self._counts[split] += 1
        kinds = ["image"] * len(conversation.images) + ["video"] * len(conversation.videos)
        self._members.update(zip(names, kinds, strict=True))

    def close(self) -> None:
        for shards in self._shards.values():
            shards.close()
        turn = [{"name": "role", "dtype": "string"}, {"name": "content", "dtype": "string"}]
        record: list[dict[str, Any]] = [
            {"name": "id", "dtype": "string"},
            {"name": "task", "dtype": "string"},
            {"name": "messages", "list": turn},
            *({"name": name, "list": "string"} for name in ("images", "videos", "labels")),
            *(column.feature() for column in self.facts.own),
        ]
        members: list[dict[str, Any]] = [{"name": name, "dtype": kind} for name, kind in sorted(self._members.items())]
        features = [{"name": "json", "struct": record}, *members]
        with atomic_file(self.folder / "README.md") as file:
            file.write(hub_card(self.facts, self._counts, "{ours}-*.tar", _TOLD, features))

    def next_step(self) -> str:
        last = len(self._shards["train"].files) - 1
        shards = f"{self.facts.out}/train-" + (f"{{000000..{last:06d}}}.tar" if last else "000000.tar")
        opened = f'webdataset.WebDataset("{shards}", shardshuffle=False)'
        return f"python -c 'import webdataset; print(next(iter({opened})).keys())'"


class _Shards:
    """The tar files of one split; a new one when the last is full."""

    def __init__(self, folder: Path, split: str) -> None:
        self._folder = folder
        self._split = split
        self._count = 0
        self._in_shard = 0
        self._file: AtomicFile | None = None
        self._tar: Any = None
        self.files: list[Path] = []

    def write(self, record: bytes, media: list[tuple[str, str]]) -> None:
        """Add a sample: its JSON, and its media under their endings.

        Raises:
            MediaError: one cannot be read to its end; nothing was added.
        """
        sizes = [check_regular(path).st_size for _, path in media]
        self._make_room(sum(sizes))
        assert self._file is not None
        name, begin = f"{self._count:08d}", self._tar.offset
        try:
            with writing(self._file.path):
                self._tar.addfile(_member(f"{name}.json", len(record)), io.BytesIO(record))
                for (ending, path), size in zip(media, sizes, strict=True):
                    with open_regular(path) as file:
                        self._tar.addfile(_member(f"{name}.{ending}", size), _Source(path, file))
        except MediaError:
            with writing(self._file.path):
                self._file.file.seek(begin)
                self._file.file.truncate()
            self._tar.offset = begin
            raise
        self._tar.members.clear()  # else it remembers every member, for reading back
        self._count += 1
        self._in_shard += 1

    def close(self) -> None:
        if not self.files:
            self._begin()
        self._end()

    def _make_room(self, size: int) -> None:
        full = self._in_shard >= SAMPLES_PER_SHARD
        if self._file is not None and (full or (self._tar.offset + size > BYTES_PER_SHARD and self._in_shard)):
            self._end()
        if self._file is None:
            self._begin()

    def _begin(self) -> None:
        path = self._folder / f"{self._split}-{len(self.files):06d}.tar"
        self._file = AtomicFile(path)
        self._tar = tarfile.TarFile(fileobj=self._file.file, mode="w", format=tarfile.GNU_FORMAT)
        self._in_shard = 0
        self.files.append(path)

    def _end(self) -> None:
        if self._file is None:
            return
        with writing(self._file.path):
            self._tar.close()
        self._file.commit()
        self._file = self._tar = None


class _Source:
    """A media file as `tarfile` reads it: what goes wrong is the sample's fault, not the disk's that is written to."""

    def __init__(self, path: str, file: BinaryIO) -> None:
        self._path = path
        self._file = io.BufferedReader(file)  # type: ignore[type-var]

    def read(self, size: int) -> bytes:
        try:
            block = self._file.read(size)
        except OSError as error:
            raise MediaError(f"{self._path} cannot be read: {error.strerror or said_by(error)}") from None
        if len(block) < size:
            raise MediaError(f"{self._path} became shorter while it was being exported")
        return block


def _member(name: str, size: int) -> tarfile.TarInfo:
    """A member whose head holds nothing of this machine: the same data give the same file."""
    member = tarfile.TarInfo(name)
    member.size = size
    return member
