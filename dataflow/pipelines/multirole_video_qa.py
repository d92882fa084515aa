"""`multirole_video_qa`: videos into clips, then several roles discuss questions and answers about them."""

from __future__ import annotations

from dataflow.core import LLMServingABC, Step
from dataflow.operators.core_vision.generate.multirole.generate import MultiroleVideoQAGenerate
from dataflow.operators.core_vision.generate.video_to_clips import VideoToClips
from dataflow.pipelines.recipe import Recipe, Settings


def _build(serving: LLMServingABC, settings: Settings) -> list[Step]:
    discuss = settings.make(MultiroleVideoQAGenerate, llm_serving=serving)
    cut = settings.make(VideoToClips)
    # Prepared data may have its columns under other names, which the cutter has to know to leave them alone.
    columns = {
        **cut.keys,
        "output_meta_key": discuss.keys["input_meta_key"],
        "output_clips_key": discuss.keys["input_clips_key"],
    }
    return [cut.operator.bind(**columns), discuss]


RECIPE = Recipe(
    name="multirole_video_qa",
    summary="cuts each video into clips, then several roles discuss questions and answers about it",
    prompt="MultiroleVideoQAGenerate.prompt_template",
    build=_build,
)
