"""OpenAI's fine-tuning: chat messages with the images in them. It takes no video, so a video becomes frames."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pybase64

from dataflow.core import ImagePart, Message, SampleError, VideoPart
from dataflow.core.sample import Sample
from dataflow.export.conversation import Conversation
from dataflow.export.own import OwnColumn
from dataflow.export.targets.base import Facts, JsonTarget
from dataflow.export.targets.columnar import ParquetShards
from dataflow.storage.json_text import dump
from dataflow.storage.paths import is_url

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow

MOST_IMAGES = 10
LARGEST_IMAGE = 10 * 10**6
MOST_FRAMES = 8
FRAME_SIDE = 768
BESIDE = "own_columns"


class OpenAI(JsonTarget):
    """`{"messages": [...]}` with `image_url` parts, images as `data:` URLs.

    Text stands as it is: media are parts of their own, so nothing in it can be taken for a mark. Up to 8 frames of a
    video, evenly spread, stand for it, with their times before them.

    A line with any other key is refused ("contains an extra ..."), so own columns stand in parquet files beside the
    lines, `own_columns/rows-...`, by the id of the conversation, its split and the number of its line.
    """

    name = "openai"
    documented = "OpenAI, guides/vision-fine-tuning: at most 10 images of 10 MB a sample, JPEG, PNG or WebP"
    media = ("embed",)
    reserved = frozenset(("id", "split", "line"))

    def __init__(self, folder: Path, facts: Facts) -> None:
        super().__init__(folder, facts)
        self._lines = dict.fromkeys(facts.splits, 0)
        self._beside = ParquetShards(folder / BESIDE, "rows", _schema(facts)) if facts.own else None

    @classmethod
    def refuse(cls, conversation: Conversation) -> None:
        pictures = len(conversation.images) + len(conversation.videos)
        if pictures > MOST_IMAGES:
            raise SampleError(f"{pictures} images and videos: OpenAI's fine-tuning takes at most {MOST_IMAGES} images")
        if remote := next((video for video in conversation.videos if is_url(video)), None):
            raise SampleError(f"{remote:.200}: frames can be taken from video files only")

    @classmethod
    def shows(cls, conversation: Conversation, columns: Iterable[OwnColumn]) -> frozenset[str]:
        return frozenset({"media"} if conversation.images or conversation.videos else ())

    def record(self, conversation: Conversation) -> Sample:
        room = MOST_IMAGES - len(conversation.images)
        frames = min(MOST_FRAMES, room // len(conversation.videos)) if conversation.videos else 0
        return {"messages": [_message(turn, frames) for turn in conversation.messages]}

    def write(self, split: str, conversation: Conversation) -> None:
        super().write(split, conversation)
        self._lines[split] += 1
        if self._beside is not None:
            own = self.own(conversation)
            place = {"id": conversation.id, "split": split, "line": self._lines[split]}
            self._beside.write(place | own, len(dump(own)))

    def close(self) -> None:
        super().close()
        if self._beside is not None:
            self._beside.close()

    def next_step(self) -> str:
        out = self.facts.out
        held_out = f", validation_file of {out}/val.jsonl" if "val" in self.facts.splits else ""
        return f"openai api files.create -f {out}/train.jsonl -p fine-tune{held_out}"


def _schema(facts: Facts) -> pyarrow.Schema:
    import pyarrow as pa

    places = [("id", pa.string()), ("split", pa.string()), ("line", pa.int64())]
    return pa.schema([*places, *(column.arrow_field() for column in facts.own)])


def _message(turn: Message, frames: int) -> dict[str, Any]:
    if not any(isinstance(part, ImagePart | VideoPart) for part in turn.parts):
        return {"role": turn.role, "content": turn.text}
    content: list[dict[str, Any]] = []
    for part in turn.parts:
        if isinstance(part, ImagePart):
            content.append(_image(str(part.source)))
        elif isinstance(part, VideoPart):
            content += _frames(part.source, frames)
        else:
            content.append({"type": "text", "text": part.text})
    return {"role": turn.role, "content": content}


def _image(source: str) -> dict[str, Any]:
    if is_url(source) and source[:5].lower() != "data:":
        return {"type": "image_url", "image_url": {"url": source}}
    from dataflow.core.loop import run_blocking
    from dataflow.media.image_job import fitted_image
    from dataflow.media.image_limits import KNOWN_FORMATS, ImageLimits

    image = run_blocking(fitted_image(source, ImageLimits(max_bytes=LARGEST_IMAGE, formats=KNOWN_FORMATS)))
    return _data_url(image.mime, image.data)


def _frames(video: str, frames: int) -> list[dict[str, Any]]:
    from dataflow.core.loop import run_blocking
    from dataflow.media.frames import video_frames

    taken = run_blocking(video_frames(video, f"uniform:{frames}", max_side=FRAME_SIDE)).frames
    times = ", ".join(f"{frame.time:.1f} s" for frame in taken)
    told = {"type": "text", "text": f"Frames of a video, at {times}:"}
    return [told, *(_data_url("image/jpeg", frame.data) for frame in taken if isinstance(frame.data, bytes))]


def _data_url(mime: str, data: bytes) -> dict[str, Any]:
    url = f"data:{mime};base64,{pybase64.b64encode(data).decode()}"
    return {"type": "image_url", "image_url": {"url": url}}
