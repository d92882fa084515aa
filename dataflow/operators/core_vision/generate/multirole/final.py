"""The last stage: an editor makes the final list, and gives every pair a label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Unpack

import orjson

from dataflow.core import Response, Sample, VLMServingABC
from dataflow.operators.core_vision.generate.multirole.base import NUM_QA, MultiroleOperator, Shared, whole
from dataflow.operators.core_vision.generate.multirole.discussion import Discussion, Question
from dataflow.operators.core_vision.generate.multirole.pairs import EDITOR, Pair, known_clips, read_pairs, usable
from dataflow.operators.core_vision.generate.multirole.schemas import FinalPair, Labels, Synthesis
from dataflow.operators.structured import in_schema, nothing_usable
from dataflow.parsing.checks import words
from dataflow.prompts import multirole_final
from dataflow.prompts.multirole_shared import LABELS

STAGES = 2
"""The list, then the labels."""

PROMPTS = {
    multirole_final.NAME: multirole_final.TEMPLATE + multirole_final.FORM,
    multirole_final.LABELS_NAME: multirole_final.LABELS_TEMPLATE + multirole_final.LABELS_FORM,
}


class MultiroleVideoQAFinalGenerator(MultiroleOperator):
    """Makes the final list of what was drafted and discussed: distinct pairs with `Label`, `Question` and `Answer`.

    With `provenance`, every pair has a `Source` (role and round) and a `Clip` (the numbers of the clips that support
    it) too.

    Args:
        llm_serving: plays the editor.
        num_qa: about how many pairs; more are cut.
        shared: `prompt_template`, `system_prompt`, `max_frames` and `provenance`, see `MultiroleOperator`.
    """

    before = "MultiroleVideoQAInitialGenerator"

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

    def questions(self) -> int:
        return STAGES

    async def work(self, discussion: Discussion, sample: Sample, column: str) -> list[dict[str, object]]:
        pairs = read_pairs(sample, column, discussion.material.clips, self.before)
        return self.finished(await finish(discussion, pairs, self.num_qa))


async def finish(discussion: Discussion, pairs: Sequence[Pair], count: int) -> list[Pair]:
    """The final pairs, labelled.

    Args:
        discussion: asks, and keeps the transcript.
        pairs: as the discussion left them.
        count: about how many are wanted.

    Raises:
        StageFailed: a reply was none.
    """
    final, made_of = await _synthesis(discussion, pairs, count)
    labels = await _labels(discussion, final)
    final = [replace(pair, label=labels.get(at) or pair.label or "content") for at, pair in enumerate(final, start=1)]
    discussion.transcript["final"] = [{**pair.printed(), **pair.provenance(), "of": made_of[pair.id]} for pair in final]
    return final


async def _synthesis(
    discussion: Discussion, pairs: Sequence[Pair], count: int
) -> tuple[list[Pair], dict[str, list[str]]]:
    """The final pairs, and of which pairs each is made."""
    clips = discussion.material.clips

    read = in_schema(Synthesis)

    def parse(response: Response) -> tuple[list[Pair], dict[str, list[str]]]:
        written = read(response).pairs
        traced = [_traced(one, f"F{at}", pairs, discussion, clips) for at, one in enumerate(written, start=1)]
        kept, dropped = usable([pair for pair, _ in traced])
        if not kept:
            raise nothing_usable("the final list", [one["reason"] for one in dropped], response.text)
        return kept[:count], {pair.id: sources for pair, sources in traced}

    text = multirole_final.build([pair.told() for pair in pairs], count)
    final, made_of = await discussion.ask(Question(multirole_final.NAME, text, Synthesis, multirole_final.FORM, parse))
    return final, made_of


def _traced(
    one: FinalPair, name: str, pairs: Sequence[Pair], discussion: Discussion, clips: int
) -> tuple[Pair, list[str]]:
    """A final pair with the role, round and clips of the pair it is made of; the editor's own where there is none."""
    by_id = {pair.id: pair for pair in pairs}
    sources = [by_id[source] for source in dict.fromkeys(one.of) if source in by_id]
    same = words(one.question)
    sources = sources or [pair for pair in pairs if words(pair.question) == same]
    named = one.clips or [clip for source in sources for clip in source.clips]
    rounds = max([pair.round for pair in pairs], default=0)
    pair = Pair(
        id=name,
        label=sources[0].label if sources else "",
        question=one.question.strip(),
        answer=one.answer.strip(),
        role=sources[0].role if sources else EDITOR,
        round=sources[0].round if sources else rounds,
        clips=known_clips(named, clips),
    )
    return pair, [source.id for source in sources]


async def _labels(discussion: Discussion, final: Sequence[Pair]) -> dict[int, str]:
    """The labels by number of the pair, from 1; a label of ours under its name, another as the model wrote it."""
    shown = [
        orjson.dumps({"pair": at, "question": pair.question, "answer": pair.answer}).decode()
        for at, pair in enumerate(final, start=1)
    ]
    question = Question(
        multirole_final.LABELS_NAME,
        multirole_final.build_labels(shown),
        Labels,
        multirole_final.LABELS_FORM,
        in_schema(Labels),
    )
    reply = await discussion.ask(question)
    return {one.pair: _label(one.label) for one in reply.labels}


def _label(text: str) -> str:
    name = text.strip()
    return name.lower() if name.lower() in LABELS else name
