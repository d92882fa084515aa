"""The first stage: a draft author writes pairs over the aspects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Unpack

from dataflow.core import Response, Sample, VLMServingABC
from dataflow.operators.core_vision.generate.multirole.base import NUM_QA, MultiroleOperator, Shared, whole
from dataflow.operators.core_vision.generate.multirole.discussion import Discussion, Question
from dataflow.operators.core_vision.generate.multirole.pairs import DRAFT_AUTHOR, Pair, known_clips, usable
from dataflow.operators.core_vision.generate.multirole.schemas import Proposal, Proposals
from dataflow.operators.structured import in_schema, nothing_usable
from dataflow.prompts import multirole_draft


class MultiroleVideoQAInitialGenerator(MultiroleOperator):
    """Drafts question-answer pairs about a video that is cut into clips.

    It writes a list of pairs with `Label`, `Question`, `Answer`, `Source`, `Clip` and `id`, for
    `MultiroleVideoQAMultiAgentGenerator` or `MultiroleVideoQAFinalGenerator` to go on with.

    Args:
        llm_serving: plays the draft author.
        num_qa: pairs at most.
        shared: `prompt_template`, `system_prompt`, `max_frames` and `provenance`, see `MultiroleOperator`.
    """

    def __init__(
        self,
        llm_serving: VLMServingABC,
        num_qa: int = NUM_QA,
        **shared: Unpack[Shared],
    ) -> None:
        super().__init__(llm_serving, **shared)
        self.num_qa = whole(num_qa, "num_qa", 1)

    def prompts(self) -> Mapping[str, str]:
        return {**super().prompts(), **PROMPTS}

    def stages(self) -> int:
        return STAGES

    async def work(self, discussion: Discussion, sample: Sample, column: str) -> list[dict[str, object]]:
        return [pair.record() for pair in await draft(discussion, self.num_qa)]


STAGES = 1

PROMPTS = {multirole_draft.NAME: multirole_draft.TEMPLATE + multirole_draft.FORM}


async def draft(discussion: Discussion, most: int) -> list[Pair]:
    """The draft author's pairs.

    Raises:
        StageFailed: there is none that can be used.
    """
    clips = discussion.material.clips

    read = in_schema(Proposals)

    def parse(response: Response) -> tuple[list[Pair], list[dict[str, Any]]]:
        proposals = read(response).pairs
        pairs, dropped = usable(numbered(proposals, DRAFT_AUTHOR, 0, "Q", clips))
        if not pairs:
            raise nothing_usable("the draft", [one["reason"] for one in dropped], response.text)
        return pairs[:most], dropped

    question = Question(multirole_draft.NAME, multirole_draft.build(most), Proposals, multirole_draft.FORM, parse)
    pairs, dropped = await discussion.ask(question)
    discussion.transcript["draft"] = [pair.record() for pair in pairs]
    if dropped:
        discussion.transcript["draft_left_out"] = dropped
    return list(pairs)


def numbered(proposals: list[Proposal], role: str, number: int, prefix: str, clips: int) -> list[Pair]:
    """A role's proposals as pairs.

    Args:
        proposals: as the model gave them.
        role: who wrote them.
        number: of the round; 0 for the draft.
        prefix: what their ids begin with.
        clips: how many clips there are.
    """
    return [
        Pair(
            id=f"{prefix}{at}",
            label=one.aspect.strip(),
            question=one.question.strip(),
            answer=one.answer.strip(),
            role=role,
            round=number,
            clips=known_clips(one.clips, clips),
        )
        for at, one in enumerate(proposals, start=1)
    ]
