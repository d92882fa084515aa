"""All stages in one operator: draft, discussion, final list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Unpack

from dataflow.core import Sample, VLMServingABC
from dataflow.operators.core_vision.generate.multirole import draft, final, panel
from dataflow.operators.core_vision.generate.multirole.base import NUM_QA, MultiroleOperator, Shared, whole
from dataflow.operators.core_vision.generate.multirole.discussion import Discussion


class MultiroleVideoQAGenerate(MultiroleOperator):
    """Makes question-answer pairs about a video that is cut into clips, by several roles that a model plays.

    Args:
        llm_serving: plays all roles.
        max_iterations: rounds of experts at most.
        max_experts: experts of a round at most.
        num_qa: about how many pairs.
        shared: `prompt_template`, `system_prompt`, `max_frames` and `provenance`, see `MultiroleOperator`.
    """

    def __init__(
        self,
        llm_serving: VLMServingABC,
        max_iterations: int = panel.MAX_ITERATIONS,
        max_experts: int = panel.MAX_EXPERTS,
        num_qa: int = NUM_QA,
        **shared: Unpack[Shared],
    ) -> None:
        super().__init__(llm_serving, **shared)
        self.max_iterations = whole(max_iterations, "max_iterations", 0)
        self.max_experts = whole(max_experts, "max_experts", 1)
        self.num_qa = whole(num_qa, "num_qa", 1)

    def prompts(self) -> Mapping[str, str]:
        return {**super().prompts(), **draft.PROMPTS, **panel.PROMPTS, **final.PROMPTS}

    def stages(self) -> int:
        return draft.STAGES + panel.STAGES * self.max_iterations + final.STAGES

    def questions(self) -> int:
        return draft.STAGES + self.max_iterations * panel.questions_of_a_round(self.max_experts) + final.STAGES

    async def work(self, discussion: Discussion, sample: Sample, column: str) -> list[dict[str, object]]:
        pairs = await draft.draft(discussion, self.num_qa)
        pairs = await panel.discuss(discussion, pairs, self.max_iterations, self.max_experts)
        return self.finished(await final.finish(discussion, pairs, self.num_qa))
