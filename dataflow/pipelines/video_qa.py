"""`video_qa`: a caption, then questions and answers, for every video."""

from __future__ import annotations

from dataflow.core import LLMServingABC, Step
from dataflow.operators.core_vision.generate.video_caption_to_qa import VideoCaptionToQAGenerator
from dataflow.operators.core_vision.generate.video_to_caption import VideoToCaptionGenerator
from dataflow.pipelines.recipe import Recipe, Settings


def _build(serving: LLMServingABC, settings: Settings) -> list[Step]:
    return [
        settings.make(VideoToCaptionGenerator, vlm_serving=serving),
        settings.make(VideoCaptionToQAGenerator, vlm_serving=serving),
    ]


RECIPE = Recipe(
    name="video_qa",
    summary="describes each video, then makes questions and answers about it",
    prompt="VideoCaptionToQAGenerator.prompt_template",
    build=_build,
)
