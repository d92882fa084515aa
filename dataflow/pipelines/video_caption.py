"""`video_caption`: a caption for every video."""

from __future__ import annotations

from dataflow.core import LLMServingABC, Step
from dataflow.operators.core_vision.generate.video_to_caption import VideoToCaptionGenerator
from dataflow.pipelines.recipe import Recipe, Settings


def _build(serving: LLMServingABC, settings: Settings) -> list[Step]:
    return [settings.make(VideoToCaptionGenerator, vlm_serving=serving)]


RECIPE = Recipe(
    name="video_caption",
    summary="describes each video in a caption",
    prompt="prompt_template",
    build=_build,
)
