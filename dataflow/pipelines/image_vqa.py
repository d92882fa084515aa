"""`image_vqa`: questions and answers for every image, as text and as a list of pairs."""

from __future__ import annotations

from dataflow.core import LLMServingABC, Step
from dataflow.operators.core_vision.generate.prompted_vqa import PromptedVQAGenerator
from dataflow.pipelines.recipe import Recipe, Settings
from dataflow.prompts import image_vqa


def _build(serving: LLMServingABC, settings: Settings) -> list[Step]:
    return [
        settings.make(
            PromptedVQAGenerator,
            serving=serving,
            system_prompt=image_vqa.SYSTEM,
            prompt_template=image_vqa.TEMPLATE,
            prompt_name=image_vqa.NAME,
            num_qa=image_vqa.DEFAULT_NUM_QA,
            # What others ask, in the conversation of a sample or with --prompt, may want anything but pairs.
            answer_form="text" if settings.has("PromptedVQAGenerator", "prompt_template") else "pairs",
            form_of_template_only=True,
        )
    ]


RECIPE = Recipe(
    name="image_vqa",
    summary="makes questions and answers about each image",
    prompt="prompt_template",
    build=_build,
)
