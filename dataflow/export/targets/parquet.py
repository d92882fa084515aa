"""Plain parquet: a conversation a row, with marks in its text and media by path, for pandas, Spark and DuckDB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dataflow.export.conversation import Conversation
from dataflow.export.targets.base import Facts, Target, role_content
from dataflow.export.targets.columnar import ParquetShards
from dataflow.storage.json_text import dump

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow


NAMES = ("id", "sample", "task", "messages", "labels", "images", "videos")


def schema(facts: Facts) -> pyarrow.Schema:
    """The columns."""
    import pyarrow as pa

    turn = pa.struct([("role", pa.string()), ("content", pa.string())])
    return pa.schema(
        [
            ("id", pa.string()),
            ("sample", pa.string()),
            ("task", pa.string()),
            ("messages", pa.list_(turn)),
            ("labels", pa.list_(pa.string())),
            ("images", pa.list_(pa.string())),
            ("videos", pa.list_(pa.string())),
            *(column.arrow_field() for column in facts.own),
        ]
    )


class Parquet(Target):
    """`train/part-00000-of-00001.parquet` with id, sample, task, messages, labels, images, videos and own columns."""

    name = "parquet"
    documented = "Apache Parquet 2.6, as pyarrow 17 and newer write it"
    reserved = frozenset(NAMES)

    def __init__(self, folder: Path, facts: Facts) -> None:
        super().__init__(folder, facts)
        self._shards = {split: ParquetShards(folder / split, "part", schema(facts)) for split in facts.splits}

    def write(self, split: str, conversation: Conversation) -> None:
        messages = role_content(conversation)
        row = {
            "id": conversation.id,
            "sample": conversation.sample,
            "task": conversation.task,
            "messages": messages,
            "labels": list(conversation.labels),
            "images": conversation.images,
            "videos": conversation.videos,
        }
        own = self.own(conversation)
        self._shards[split].write(row | own, sum(len(turn["content"]) for turn in messages) + len(dump(own)))

    def close(self) -> None:
        for shards in self._shards.values():
            shards.close()

    def next_step(self) -> str:
        return f"""python -c 'import pandas; print(pandas.read_parquet("{self.facts.out}/train"))'"""
