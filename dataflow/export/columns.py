"""Which columns of a dataset hold what: the defaults of the operators, or what the manifest of the run says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

OUTPUTS = ("caption", "qa", "vqa_pairs", "vqa", "context_vqa", "QA")
"""Where the operators put what they make, unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of columns.

    Args:
        image: of the image paths.
        video: of the video paths.
        conversation: of the turns.
        outputs: of what models made.
    """

    image: str = "image"
    video: str = "video"
    conversation: str = "conversation"
    outputs: tuple[str, ...] = OUTPUTS


def columns_of(manifest: Mapping[str, Any]) -> Columns:
    """The columns that the operators of a run used; the defaults where the manifest does not say."""
    found = {"input_image_key": "image", "input_video_key": "video", "input_conversation_key": "conversation"}
    outputs = list(OUTPUTS)
    for operator in manifest.get("operators", ()):
        for key, column in operator.get("keys", {}).items():
            if key in found:
                found[key] = column
            elif key.startswith("output_") and column not in outputs:
                outputs.append(column)
    image, video, conversation = found.values()
    return Columns(image, video, conversation, tuple(outputs))
