"""`image_vqa`: questions and answers, as text, for every image."""

from __future__ import annotations

from dataflow.core import LLMServingABC, Step, UsageError
from dataflow.operators.core_vision.generate.prompted_vqa import PromptedVQAGenerator
from dataflow.pipelines.recipe import Recipe, Settings
from dataflow.prompts import image_vqa


def _build(serving: LLMServingABC, settings: Settings) -> list[Step]:
    num_qa = settings.take("num_qa", image_vqa.DEFAULT_NUM_QA)
    if not isinstance(num_qa, int) or num_qa < 1:
        raise UsageError(f"num_qa must be a number of pairs from 1, not {num_qa!r}")
    return [
        settings.make(
            PromptedVQAGenerator,
            serving=serving,
            system_prompt=image_vqa.SYSTEM,
            prompt_template=image_vqa.TEMPLATE.replace("{num_qa}", str(num_qa)),
            prompt_name=image_vqa.NAME,
        )
    ]


RECIPE = Recipe(
    name="image_vqa",
    summary="makes questions and answers about each image",
    prompt="prompt_template",
    build=_build,
)
