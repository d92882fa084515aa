"""LLaMA-Factory: ShareGPT lines and the `dataset_info.json` that names them."""

from __future__ import annotations

from typing import Any

import orjson

from dataflow.core.sample import Sample
from dataflow.export.conversation import Conversation
from dataflow.export.targets.base import JsonTarget, from_value
from dataflow.storage.atomic import atomic_file

INFO = "dataset_info.json"
TAGS = {
    "role_tag": "from",
    "content_tag": "value",
    "user_tag": "human",
    "assistant_tag": "gpt",
    "system_tag": "system",
}


class LlamaFactory(JsonTarget):
    """One file a split and a description of each. Its `media_dir` is the folder of `dataset_info.json` unless told."""

    name = "llamafactory"
    documented = "LLaMA-Factory 0.9.5, data/README.md"
    reserved = frozenset(("id", "conversations", "images", "videos"))  # it reads the columns that are described alone

    def record(self, conversation: Conversation) -> Sample:
        return {
            "id": conversation.id,
            "conversations": from_value(conversation),
            **self.media_columns(conversation),
            **self.own(conversation),
        }

    def close(self) -> None:
        super().close()
        with atomic_file(self.folder / INFO) as file:
            described = {self._dataset(split): self._description(split) for split in self.facts.splits}
            file.write(orjson.dumps(described, option=orjson.OPT_INDENT_2))

    def next_step(self) -> str:
        train, *rest = (self._dataset(split) for split in self.facts.splits)
        held_out = f" eval_dataset={rest[0]}" if rest else ""
        return f"llamafactory-cli train CONFIG.yaml dataset_dir={self.facts.out} dataset={train}{held_out}"

    def _dataset(self, split: str) -> str:
        return f"{self.facts.name}_{split}"

    def _description(self, split: str) -> dict[str, Any]:
        columns = {"messages": "conversations"}
        if self.facts.images:
            columns["images"] = "images"
        if self.facts.videos:
            columns["videos"] = "videos"
        return {"file_name": self.file_name(split), "formatting": "sharegpt", "columns": columns, "tags": TAGS}
