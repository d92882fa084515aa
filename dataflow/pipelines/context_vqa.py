"""`context_vqa`: for every image an article that does not speak of it, and questions that need both."""

from __future__ import annotations

from dataflow.core import LLMServingABC, Step
from dataflow.operators.core_vision.generate.prompted_vqa import PromptedVQAGenerator
from dataflow.operators.core_vision.refine.wiki_qa_refiner import WikiQARefiner
from dataflow.pipelines.recipe import Recipe, Settings
from dataflow.prompts import context_vqa


def _build(serving: LLMServingABC, settings: Settings) -> list[Step]:
    return [
        settings.make(
            PromptedVQAGenerator,
            serving=serving,
            prompt_template=context_vqa.TEMPLATE,
            prompt_name=context_vqa.NAME,
            num_qa=context_vqa.DEFAULT_NUM_QA,
            # Checked while the model can still be asked: the refiner after it has nobody to ask.
            answer_form="article",
        ),
        settings.make(WikiQARefiner),
    ]


RECIPE = Recipe(
    name="context_vqa",
    summary="writes an article for each image, and questions that need both",
    prompt="prompt_template",
    build=_build,
)
