"""Carries out what the master decides on the pairs so far and the experts' proposals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dataflow.operators.core_vision.generate.multirole.pairs import MASTER, Pair, asks, known_clips, usable
from dataflow.operators.core_vision.generate.multirole.schemas import Decision


def merge(
    pairs: Sequence[Pair], proposals: Sequence[Pair], decisions: Sequence[Decision], number: int, clips: int
) -> tuple[list[Pair], list[dict[str, Any]]]:
    """The pairs after the decisions, and what became of each decision.

    A proposal that is added or corrected keeps its author; so does a pair that is corrected. A pair that the master
    writes without naming a proposal is the master's own. What would empty a question, give its answer away or ask
    something twice is not done, and the record's `note` says so.

    Args:
        pairs: as they stand.
        proposals: of the experts.
        decisions: in the order in which they are carried out.
        number: of the round.
        clips: how many clips there are.
    """
    list_ = _List(pairs, proposals, number, clips)
    records = []
    for decision in decisions:
        result, note = list_.carry_out(decision)
        record = {"action": decision.action, "pair": decision.pair, "reason": decision.reason, "result": result}
        if decision.action != "drop":
            said = {"Question": decision.question, "Answer": decision.answer}
            record |= {name: text for name, text in said.items() if text}
        records.append({**record, "note": note} if note else record)
    return list(list_.pairs.values()), records


class _List:
    """The list of pairs while it is being changed."""

    def __init__(self, pairs: Sequence[Pair], proposals: Sequence[Pair], number: int, clips: int) -> None:
        self.pairs = {pair.id: pair for pair in pairs}
        self._asked = {pair.id: asks(pair) for pair in pairs}
        self._proposals = {pair.id: pair for pair in proposals}
        self._last = max([int(pair.id[1:]) for pair in pairs], default=0)
        self._number = number
        self._clips = clips

    def carry_out(self, decision: Decision) -> tuple[str | None, str]:
        """The id of the pair that was made or changed, and why nothing was, where that needs a word."""
        name = decision.pair
        question, answer = decision.question.strip(), decision.answer.strip()
        if decision.action == "drop":
            return self._drop(name)
        if name in self.pairs:
            if decision.action == "add":
                return None, "it is in the list already"
            if not question and not answer:
                return None, "a correction without question and answer"
            return self._put(_reworded(self.pairs[name], question, answer))
        if name in self._proposals:
            proposal = replace(self._proposals.pop(name), id=self._next())
            return self._put(_reworded(proposal, question, answer))
        if decision.action == "add" and question and answer:
            clips = known_clips([], self._clips)
            return self._put(Pair(self._next(), "", question, answer, MASTER, self._number, clips))
        return None, f"there is no pair or open proposal {name!r}"

    def _drop(self, name: str) -> tuple[None, str]:
        self._asked.pop(name, None)
        if self.pairs.pop(name, None) or self._proposals.pop(name, None):
            return None, ""
        return None, f"there is no pair or open proposal {name!r}"

    def _put(self, pair: Pair) -> tuple[str | None, str]:
        others = {asked for name, asked in self._asked.items() if name != pair.id}
        kept, dropped = usable([pair], others)
        if not kept:
            return None, str(dropped[0]["reason"])
        self.pairs[pair.id] = kept[0]
        self._asked[pair.id] = asks(kept[0])
        self._last = max(self._last, int(pair.id[1:]))
        return pair.id, ""

    def _next(self) -> str:
        return f"Q{self._last + 1}"


def _reworded(pair: Pair, question: str, answer: str) -> Pair:
    """A pair in the master's words, where there are any."""
    return replace(pair, question=question or pair.question, answer=answer or pair.answer)
