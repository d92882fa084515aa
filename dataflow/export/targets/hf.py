"""A Hugging Face dataset: parquet with the media inside, and the dataset card, as the Hub and `datasets` read them.

Written with pyarrow alone. Messages are content parts, as chat templates of transformers and TRL take them, so text
needs no marks and stands as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dataflow.core import ImagePart, Message, SampleError, VideoPart
from dataflow.core.message import Part
from dataflow.export.conversation import Conversation
from dataflow.export.hub_card import SPLIT_NAMES, hub_card
from dataflow.export.targets.base import Facts, Target, read_whole
from dataflow.export.targets.columnar import ParquetShards
from dataflow.storage.atomic import atomic_file
from dataflow.storage.json_text import dump
from dataflow.storage.paths import is_url

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow

LARGEST_MEDIA = 2**31 - 2**20
"""Bytes of one file: an Arrow column of type binary holds 2 GB."""
_TOLD = """\
One row is one conversation. `messages` are content parts, as chat templates of transformers take them: a part of type
`image` or `video` stands for the next of the row's `images` or `videos`. Text was written by models and may be wrong
about what is to be seen."""
_TEXT = {"dtype": "string", "_type": "Value"}


class HuggingFace(Target):
    """`data/train-00000-of-00001.parquet` and `data/validation-...`, with `Image` and `Video` columns."""

    name = "hf"
    documented = "datasets 5.2.0, features Image and Video in parquet; Hugging Face Hub, datasets-cards"
    media = ("embed", "reference")
    reserved = frozenset(("id", "task", "messages", "images", "videos"))

    def __init__(self, folder: Path, facts: Facts) -> None:
        super().__init__(folder, facts)
        schema = _schema(facts)
        data = folder / "data"
        self._shards = {split: ParquetShards(data, SPLIT_NAMES[split], schema) for split in facts.splits}
        self._counts = dict.fromkeys(facts.splits, 0)

    @classmethod
    def refuse(cls, conversation: Conversation) -> None:
        if remote := next((path for path in (*conversation.images, *conversation.videos) if is_url(path)), None):
            raise SampleError(f"{remote:.200}: media inside a file must be files, not URLs")

    def write(self, split: str, conversation: Conversation) -> None:
        size = 0
        row: dict[str, Any] = {
            "id": conversation.id,
            "task": conversation.task,
            "messages": [_message(turn) for turn in conversation.messages],
        }
        for column, paths in (("images", conversation.images), ("videos", conversation.videos)):
            row[column] = []
            for path in paths:
                if self.facts.how == "reference":
                    row[column].append({"bytes": None, "path": path})
                    continue
                data = read_whole(path, LARGEST_MEDIA - size)
                size += len(data)
                row[column].append({"bytes": data, "path": path.rpartition("/")[2]})
        own = self.own(conversation)
        size += sum(len(turn.text) for turn in conversation.messages) + len(dump(own))
        self._shards[split].write(row | own, size)
        self._counts[split] += 1

    def close(self) -> None:
        for shards in self._shards.values():
            shards.close()
        with atomic_file(self.folder / "README.md") as file:
            file.write(hub_card(self.facts, self._counts, "data/{hub}-*", _TOLD))

    def next_step(self) -> str:
        return f"""python -c 'import datasets; print(datasets.load_dataset("{self.facts.out}"))'"""


def _schema(facts: Facts) -> pyarrow.Schema:
    """The columns, with the description by which `datasets` knows an image from bytes."""
    import pyarrow as pa

    part = pa.struct([("type", pa.string()), ("text", pa.string())])
    turn = pa.struct([("role", pa.string()), ("content", pa.list_(part))])
    file = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    columns = [("id", pa.string()), ("task", pa.string()), ("messages", pa.list_(turn))]
    content = {"feature": {"type": _TEXT, "text": _TEXT}, "_type": "List"}
    features: dict[str, Any] = {
        "id": _TEXT,
        "task": _TEXT,
        "messages": {"feature": {"role": _TEXT, "content": content}, "_type": "List"},
    }
    for column, present, kind in (("images", facts.images, "Image"), ("videos", facts.videos, "Video")):
        if present:
            columns.append((column, pa.list_(file)))
            features[column] = {"feature": {"_type": kind}, "_type": "List"}
    # Own columns need no description: `datasets` knows them by their Arrow types.
    columns += [column.arrow_field() for column in facts.own]
    return pa.schema(columns, metadata={"huggingface": dump({"info": {"features": features}})})


def _message(turn: Message) -> dict[str, Any]:
    return {"role": turn.role, "content": [_content(part) for part in turn.parts]}


def _content(part: Part) -> dict[str, str | None]:
    if isinstance(part, ImagePart):
        return {"type": "image", "text": None}
    return {"type": "video", "text": None} if isinstance(part, VideoPart) else {"type": "text", "text": part.text}
