"""LLaVA: a JSON array with `image` or `video` beside the conversation; `<image>` marks a video, too."""

from __future__ import annotations

from collections.abc import Iterable

from dataflow.core.errors import SampleError
from dataflow.core.sample import Sample
from dataflow.export.conversation import Conversation
from dataflow.export.own import OwnColumn
from dataflow.export.placeholders import IMAGE
from dataflow.export.targets.base import JsonTarget, from_value


class Llava(JsonTarget):
    """`{"id", "image" | "video", "conversations"}`.

    LLaVA's trainer takes images or one video. A single image is a path, several are a list. The trainer replaces
    `<image>` by the frames of a video.
    """

    name = "llava"
    documented = "LLaVA 1.2.2, docs/Finetune_Custom_Data.md; LLaVA-NeXT, llava/train/train.py (image lists, video)"
    array = True
    reserved = frozenset(("id", "image", "video", "conversations"))

    @classmethod
    def refuse(cls, conversation: Conversation) -> None:
        super().refuse(conversation)
        if len(conversation.videos) > 1 or (conversation.videos and conversation.images):
            raise SampleError(
                f"{len(conversation.images)} images and {len(conversation.videos)} videos: "
                "LLaVA's trainer takes images or one video"
            )

    @classmethod
    def shows(cls, conversation: Conversation, columns: Iterable[OwnColumn]) -> frozenset[str]:
        several = {"several images"} if len(conversation.images) > 1 else set()
        return super().shows(conversation, columns) | several

    def record(self, conversation: Conversation) -> Sample:
        images, videos = conversation.images, conversation.videos
        media: Sample = {}
        if images:
            media["image"] = images[0] if len(images) == 1 else images
        if videos:
            media["video"] = videos[0]
        turns = from_value(conversation, video=IMAGE)
        return {"id": conversation.id, **media, "conversations": turns, **self.own(conversation)}

    def next_step(self) -> str:
        out = self.facts.out
        return f"llava/train/train_mem.py --data_path {out}/train.json --image_folder {out} --video_folder {out} ..."
