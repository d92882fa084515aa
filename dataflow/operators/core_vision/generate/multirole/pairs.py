"""A pair of the discussion: question and answer with who wrote it, when, and on which clips it rests."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from dataflow.core import AnswerError, Sample, as_list, is_missing
from dataflow.parsing.checks import Dropped, clean_pairs, words
from dataflow.parsing.pair import QAPair
from dataflow.parsing.special_tokens import without_special_tokens

DRAFT_AUTHOR, MASTER, EDITOR, GIVEN = "draft author", "master", "editor", "given"
"""Roles beside the experts; `given` wrote what came with the data."""

_ID = re.compile(r"Q[1-9]\d{0,5}")


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and its answer.

    Args:
        id: `Q1` and so on for pairs of the list, `E1.1` for proposals of the first expert.
        label: the aspect that its author named.
        question: the question.
        answer: the answer.
        role: who wrote it.
        round: in which round; 0 for the draft.
        clips: the numbers of the clips it rests on, from 1.
    """

    id: str
    label: str
    question: str
    answer: str
    role: str
    round: int
    clips: tuple[int, ...]

    def record(self) -> dict[str, Any]:
        """The pair as the next operator and the discussion file have it."""
        return {"id": self.id, **self.printed(), **self.provenance()}

    def printed(self) -> dict[str, Any]:
        """The fields that the documentation prints."""
        return {"Label": self.label, "Question": self.question, "Answer": self.answer}

    def provenance(self) -> dict[str, Any]:
        """Who wrote it, and which clips support it."""
        return {"Source": {"role": self.role, "round": self.round}, "Clip": list(self.clips)}

    def told(self) -> str:
        """The pair as a model is shown it."""
        shown = {
            "id": self.id,
            "aspect": self.label,
            "question": self.question,
            "answer": self.answer,
            "clips": list(self.clips),
        }
        return orjson.dumps(shown).decode()


def known_clips(numbers: Iterable[int], clips: int) -> tuple[int, ...]:
    """The clips that a model named, as far as they exist; all of them where it named none."""
    named = sorted({number for number in numbers if 1 <= number <= clips})
    return tuple(named) or tuple(range(1, clips + 1))


def asks(pair: Pair) -> str:
    """What a pair asks, in a form that is the same for questions that differ in case and punctuation alone."""
    return " ".join(words(pair.question))


def usable(pairs: Sequence[Pair], asked: Container[str] = ()) -> tuple[list[Pair], list[dict[str, Any]]]:
    """The pairs that can be used, and those that cannot, as records with the reason.

    Left out are pairs that are empty, give their answer away, speak of what they were made from, or ask what another
    one asks.

    Args:
        pairs: to be judged.
        asked: what is asked already, as `asks` gives it.
    """
    kept: list[Pair] = []
    records = [QAPair(*(without_special_tokens(side).strip() for side in (one.question, one.answer))) for one in pairs]
    origin = dict(zip(map(id, records), pairs, strict=True))
    good, bad = clean_pairs(records)
    for record in good:
        pair = replace(origin[id(record)], question=record.question, answer=record.answer)
        if asks(pair) in asked:
            bad.append(Dropped(record, "asked already"))
        else:
            kept.append(pair)
    return kept, [{"Question": one.pair.question, "Answer": one.pair.answer, "reason": one.reason} for one in bad]


def read_pairs(sample: Sample, column: str, clips: int, before: str) -> list[Pair]:
    """The pairs that a former stage has left in a column: its records, records as printed, or a model's text.

    Raises:
        AnswerError: there are none.
    """
    value = sample.get(column)
    if is_missing(value) or value in ("", []):
        raise AnswerError(f"{column!r} holds no pairs: run {before} first, or name the column with output_key=...")
    if isinstance(value, str):
        from dataflow.parsing.qa_text import parse_qa

        value = [{"Question": p.question, "Answer": p.answer, "Label": p.label or ""} for p in parse_qa(value)]
    items = as_list(value)
    pairs: list[Pair] = []
    taken = {str(item.get("id")) for item in items if isinstance(item, Mapping)}
    free = (name for number in range(1, len(items) + len(taken) + 2) if (name := f"Q{number}") not in taken)
    for number, item in enumerate(items, start=1):
        if not isinstance(item, Mapping) or is_missing(item.get("Question")) or is_missing(item.get("Answer")):
            raise AnswerError(f"entry {number} of {column!r} is no pair with Question and Answer: {str(item)[:200]}")
        pairs.append(_read(item, clips, {pair.id for pair in pairs}, free))
    return pairs


def _read(item: Mapping[str, Any], clips: int, taken: set[str], free: Iterable[str]) -> Pair:
    name = str(item.get("id"))
    source = item.get("Source")
    source = source if isinstance(source, Mapping) else {}
    when = source.get("round")
    named = item.get("Clip")
    return Pair(
        id=name if _ID.fullmatch(name) and name not in taken else next(iter(free)),
        label=str(item.get("Label") or ""),
        question=str(item["Question"]),
        answer=str(item["Answer"]),
        role=str(source.get("role") or GIVEN),
        round=int(when) if isinstance(when, int | float) and not is_missing(when) else 0,
        clips=known_clips([n for n in as_list(named) if isinstance(n, int)], clips),
    )
