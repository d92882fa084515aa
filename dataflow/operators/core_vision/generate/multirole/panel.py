"""The second stage: in rounds, a master calls experts, they propose pairs, and the master merges what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from dataflow.core import AnswerError, Response, Sample, VLMServingABC
from dataflow.operators.core_vision.generate.multirole.base import MultiroleOperator, Shared, whole
from dataflow.operators.core_vision.generate.multirole.discussion import Discussion, Question
from dataflow.operators.core_vision.generate.multirole.draft import numbered
from dataflow.operators.core_vision.generate.multirole.merging import merge
from dataflow.operators.core_vision.generate.multirole.pairs import Pair, asks, read_pairs, usable
from dataflow.operators.core_vision.generate.multirole.schemas import NO_EXPERTS, Call, Expert, Merge, Proposals
from dataflow.operators.structured import Parse, in_schema
from dataflow.parsing.checks import words
from dataflow.prompts import multirole_call, multirole_expert, multirole_merge
from dataflow.prompts.multirole_shared import ROUND

MAX_ITERATIONS = 3
MAX_EXPERTS = 5

STAGES = 3
"""Questions that follow each other in a round: call, experts, merge."""

PER_EXPERT = 5
"""Pairs that one expert is asked for at most."""

PROMPTS = {
    multirole_call.NAME: multirole_call.TEMPLATE + multirole_call.FORM,
    multirole_expert.NAME: multirole_expert.TEMPLATE + multirole_expert.FORM,
    multirole_merge.NAME: multirole_merge.TEMPLATE + multirole_merge.FORM,
}

_NOTHING = frozenset({"", "none", "nothing", "no pairs", "no proposals", "nothing to add", "nothing to propose"})


class MultiroleVideoQAMultiAgentGenerator(MultiroleOperator):
    """Lets a master and experts discuss the pairs that `MultiroleVideoQAInitialGenerator` has drafted.

    It reads them from `output_key` and writes the list there that the discussion ends with.

    Args:
        llm_serving: plays master and experts.
        max_iterations: rounds at most; the master may end the work sooner.
        max_experts: experts of a round at most; those beyond are left out, with a warning.
        shared: `prompt_template`, `system_prompt`, `max_frames` and `provenance`, see `MultiroleOperator`.
    """

    before = "MultiroleVideoQAInitialGenerator"

    def __init__(
        self,
        llm_serving: VLMServingABC,
        max_iterations: int = MAX_ITERATIONS,
        max_experts: int = MAX_EXPERTS,
        **shared: Unpack[Shared],
    ) -> None:
        super().__init__(llm_serving, **shared)
        self.max_iterations = whole(max_iterations, "max_iterations", 0)
        self.max_experts = whole(max_experts, "max_experts", 1)

    def prompts(self) -> Mapping[str, str]:
        return {**super().prompts(), **PROMPTS}

    def stages(self) -> int:
        return STAGES * self.max_iterations

    def questions(self) -> int:
        return self.max_iterations * questions_of_a_round(self.max_experts)

    async def work(self, discussion: Discussion, sample: Sample, column: str) -> list[dict[str, object]]:
        pairs = read_pairs(sample, column, discussion.material.clips, self.before)
        return [pair.record() for pair in await discuss(discussion, pairs, self.max_iterations, self.max_experts)]


def questions_of_a_round(most: int) -> int:
    """About how many questions a round takes: the master's two, and those to as many experts as masters mostly call."""
    return 2 + min(most, 3)


async def discuss(discussion: Discussion, pairs: list[Pair], rounds: int, most: int) -> list[Pair]:
    """The pairs after the rounds.

    Args:
        discussion: asks, and keeps the transcript.
        pairs: the draft.
        rounds: at most.
        most: experts of a round at most.

    Raises:
        StageFailed: a reply was none.
    """
    said: list[dict[str, Any]] = discussion.transcript.setdefault("rounds", [])
    history: list[str] = []
    for number in range(1, rounds + 1):
        record: dict[str, Any] = {"round": number}
        said.append(record)
        experts = await _call(discussion, pairs, number, rounds, history, most, record)
        if not experts:
            discussion.left -= STAGES * (rounds - number) + 2
            break
        proposals = await _propose(discussion, pairs, number, experts, record)
        if proposals:
            pairs = await _merge(discussion, pairs, number, proposals, record)
        else:
            discussion.left -= 1
            record["decisions"] = []
        record["pairs"] = [pair.record() for pair in pairs]
        history.append(_summary(record))
    return pairs


async def _call(
    discussion: Discussion,
    pairs: Sequence[Pair],
    number: int,
    rounds: int,
    history: Sequence[str],
    most: int,
    record: dict[str, Any],
) -> list[Expert]:
    """The experts whom the master calls; none when the work is at its end."""
    text = multirole_call.build([pair.told() for pair in pairs], number, rounds, history, most)
    call = await discussion.ask(
        Question(multirole_call.NAME, text, Call, multirole_call.FORM, _read_call, f"round {number}")
    )
    experts = _distinct(call.experts)
    record["call"] = {
        "decision": call.decision,
        "reason": call.reason,
        "experts": [expert.model_dump() for expert in experts[:most]],
    }
    if len(experts) > most:
        record["call"]["left_out"] = [expert.model_dump() for expert in experts[most:]]
        discussion.warnings.append(
            f"round {number}: the master called {len(experts)} experts; the first {most} were asked"
        )
    return experts[:most]


def _read_call(response: Response) -> Call:
    """The master's call; the bare word `NO_EXPERTS` ends the work too."""
    try:
        call = in_schema(Call)(response)
    except AnswerError:
        if NO_EXPERTS not in response.text or '"role"' in response.text:
            raise
        return Call(decision=NO_EXPERTS, reason=response.text.replace(NO_EXPERTS, "").strip(' "{}[].:\n'))
    if call.decision == NO_EXPERTS:
        return Call(decision=NO_EXPERTS, reason=call.reason)
    if not call.experts:
        raise AnswerError("experts: it says CALL_EXPERTS and names none", raw=response.text)
    return call  # type: ignore[no-any-return]


def _distinct(experts: Sequence[Expert]) -> list[Expert]:
    """The experts without those whose role and subtask another one has already."""
    return list({(tuple(words(one.role)), tuple(words(one.subtask))): one for one in reversed(experts)}.values())[::-1]


async def _propose(
    discussion: Discussion, pairs: Sequence[Pair], number: int, experts: Sequence[Expert], record: dict[str, Any]
) -> list[Pair]:
    """What the experts propose, all asked at once; what is asked already is left out."""
    told = [pair.told() for pair in pairs]
    questions = [
        Question(
            multirole_expert.NAME,
            multirole_expert.build(told, expert.role, expert.description, expert.subtask, PER_EXPERT),
            Proposals,
            multirole_expert.FORM,
            _read_proposals,
            f"round {number}, {expert.role}",
        )
        for expert in experts
    ]
    replies = await discussion.ask_all(questions)
    proposals: list[Pair] = []
    asked = {asks(pair) for pair in pairs}
    record["proposals"] = []
    for at, (expert, reply) in enumerate(zip(experts, replies, strict=True), start=1):
        written = numbered(reply.pairs, expert.role, number, f"E{at}.", discussion.material.clips)
        kept, dropped = usable(written[:PER_EXPERT], asked)
        proposals += kept
        asked.update(asks(pair) for pair in kept)
        entry: dict[str, Any] = {"role": expert.role, "pairs": [pair.record() for pair in kept]}
        record["proposals"].append({**entry, "left_out": dropped} if dropped else entry)
    return proposals


def _read_proposals(response: Response) -> Proposals:
    """An expert's pairs; one who says in words to have none has none."""
    if " ".join(words(response.text)) in _NOTHING:
        return Proposals()
    return in_schema(Proposals)(response)  # type: ignore[no-any-return]


async def _merge(
    discussion: Discussion, pairs: list[Pair], number: int, proposals: list[Pair], record: dict[str, Any]
) -> list[Pair]:
    """The pairs after the master's decisions."""
    told = [f"{pair.role}: {pair.told()}" for pair in proposals]
    text = multirole_merge.build([pair.told() for pair in pairs], number, told)
    parse: Parse = in_schema(Merge)
    reply = await discussion.ask(
        Question(multirole_merge.NAME, text, Merge, multirole_merge.FORM, parse, f"round {number}")
    )
    merged, record["decisions"] = merge(pairs, proposals, reply.decisions, number, discussion.material.clips)
    return merged


def _summary(record: dict[str, Any]) -> str:
    """What a round did, in a line for the master."""
    proposed = {entry["role"]: len(entry["pairs"]) for entry in record["proposals"]}
    told = "; ".join(
        f"{expert['role']} ({expert['subtask'] or 'no subtask'}): {proposed[expert['role']]} proposed"
        for expert in record["call"]["experts"]
    )
    added = sum(one["action"] != "drop" and one["result"] is not None for one in record["decisions"])
    return ROUND.format(number=record["round"], told=f"{told}; {added} added or corrected.")
