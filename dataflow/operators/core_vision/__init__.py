"""Operators that look at images and videos, loaded when first asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataflow.operators.core_vision.generate.prompted_vqa import PromptedVQAGenerator
    from dataflow.operators.core_vision.generate.video_caption_to_qa import VideoCaptionToQAGenerator
    from dataflow.operators.core_vision.generate.video_to_caption import VideoToCaptionGenerator

_GENERATE = "dataflow.operators.core_vision.generate"
_HOMES = {
    "PromptedVQAGenerator": f"{_GENERATE}.prompted_vqa",
    "VideoCaptionToQAGenerator": f"{_GENERATE}.video_caption_to_qa",
    "VideoToCaptionGenerator": f"{_GENERATE}.video_to_caption",
}

__all__ = ["PromptedVQAGenerator", "VideoCaptionToQAGenerator", "VideoToCaptionGenerator"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
