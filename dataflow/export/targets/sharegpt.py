"""ShareGPT: a JSON array of `conversations` with `from` and `value`, the form that most trainers grew from."""

from __future__ import annotations

from dataflow.core.sample import Sample
from dataflow.export.conversation import Conversation
from dataflow.export.targets.base import READ_BY_CHAT_TRAINERS, JsonTarget, from_value


class ShareGPT(JsonTarget):
    """`{"id", "conversations": [{"from", "value"}], "images", "videos", own columns}`, paths relative to the folder."""

    name = "sharegpt"
    documented = "no owner; as LLaMA-Factory 0.9.5, ms-swift 4.6.0 and axolotl read it"
    array = True
    reserved = frozenset(("id", "conversations", "images", "videos", *READ_BY_CHAT_TRAINERS))

    def record(self, conversation: Conversation) -> Sample:
        return {
            "id": conversation.id,
            "conversations": from_value(conversation),
            **self.media_columns(conversation),
            **self.own(conversation),
        }

    def next_step(self) -> str:
        return f"""python -c 'import json; print(len(json.load(open("{self.facts.out / self.file_name("train")}"))))'"""
