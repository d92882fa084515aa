"""ms-swift: lines of `messages` with `images` and `videos`, by absolute paths, as its documentation prefers."""

from __future__ import annotations

from dataflow.core.sample import Sample
from dataflow.export.conversation import Conversation
from dataflow.export.targets.base import READ_BY_CHAT_TRAINERS, JsonTarget, role_content
from dataflow.storage.paths import is_url


class MsSwift(JsonTarget):
    """`{"messages": [{"role", "content"}], "images", "videos"}`."""

    name = "ms-swift"
    documented = "ms-swift 4.6.0, docs/source_en/Customization/Custom-dataset.md"
    # Those of swift/dataset/preprocessor/core.py; it drops all others before training.
    reserved = frozenset(("id", "label", "channel", "margin", "solution", *READ_BY_CHAT_TRAINERS))

    def record(self, conversation: Conversation) -> Sample:
        placed = conversation.with_media(self._absolute)
        turns = role_content(conversation)
        return {"id": conversation.id, "messages": turns, **self.media_columns(placed), **self.own(conversation)}

    def next_step(self) -> str:
        held_out = f" --val_dataset {self.facts.out}/val.jsonl" if "val" in self.facts.splits else ""
        return f"swift sft --model MODEL --dataset {self.facts.out}/train.jsonl{held_out}"

    def _absolute(self, path: str) -> str:
        return path if is_url(path) or path.startswith("/") else str(self.facts.out / path)
