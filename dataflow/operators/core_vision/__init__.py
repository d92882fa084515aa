"""Operators that look at images and videos, loaded when first asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataflow.operators.core_vision.generate.multirole.draft import MultiroleVideoQAInitialGenerator
    from dataflow.operators.core_vision.generate.multirole.final import MultiroleVideoQAFinalGenerator
    from dataflow.operators.core_vision.generate.multirole.generate import MultiroleVideoQAGenerate
    from dataflow.operators.core_vision.generate.multirole.panel import MultiroleVideoQAMultiAgentGenerator
    from dataflow.operators.core_vision.generate.prompted_vqa import PromptedVQAGenerator
    from dataflow.operators.core_vision.generate.video_caption_to_qa import VideoCaptionToQAGenerator
    from dataflow.operators.core_vision.generate.video_to_caption import VideoToCaptionGenerator
    from dataflow.operators.core_vision.generate.video_to_clips import VideoToClips
    from dataflow.operators.core_vision.refine.vqa_refiner import VQARefiner
    from dataflow.operators.core_vision.refine.wiki_qa_refiner import WikiQARefiner

_GENERATE = "dataflow.operators.core_vision.generate"
_REFINE = "dataflow.operators.core_vision.refine"
_MULTIROLE = f"{_GENERATE}.multirole"
_HOMES = {
    "MultiroleVideoQAFinalGenerator": f"{_MULTIROLE}.final",
    "MultiroleVideoQAGenerate": f"{_MULTIROLE}.generate",
    "MultiroleVideoQAInitialGenerator": f"{_MULTIROLE}.draft",
    "MultiroleVideoQAMultiAgentGenerator": f"{_MULTIROLE}.panel",
    "PromptedVQAGenerator": f"{_GENERATE}.prompted_vqa",
    "VQARefiner": f"{_REFINE}.vqa_refiner",
    "VideoCaptionToQAGenerator": f"{_GENERATE}.video_caption_to_qa",
    "VideoToCaptionGenerator": f"{_GENERATE}.video_to_caption",
    "VideoToClips": f"{_GENERATE}.video_to_clips",
    "WikiQARefiner": f"{_REFINE}.wiki_qa_refiner",
}

__all__ = [
    "MultiroleVideoQAFinalGenerator",
    "MultiroleVideoQAGenerate",
    "MultiroleVideoQAInitialGenerator",
    "MultiroleVideoQAMultiAgentGenerator",
    "PromptedVQAGenerator",
    "VQARefiner",
    "VideoCaptionToQAGenerator",
    "VideoToCaptionGenerator",
    "VideoToClips",
    "WikiQARefiner",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
